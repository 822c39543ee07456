export { Announcements, type AnnouncementsOptions, type IntentStore } from './announcements.ts';
export { AuditFlusher, type FlusherOptions } from './flusher.ts';
export { AuditJournal, type JournalOptions } from './journal.ts';
export type { AuditCall, AuditIntent, AuditOutcomeKind, AuditRecord, AuditStatus } from './record.ts';
export { type JournalFiles, nodeJournalFiles } from './segment.ts';
export type { AuditStore, InsertResult } from './store.ts';
