export type { AuditEntry, AuditOption, AuditWriter } from './audit/audit-option.ts';
export { createServer, type Server } from './create-server.ts';
export { MemoryIdempotencyStore, type MemoryIdempotencyStoreOptions } from './idempotency/memory-store.ts';
export type { Claim, IdempotencyRequest, IdempotencyStore } from './idempotency/store.ts';
export type { HttpOptions, HttpService } from './serve-http.ts';
export type { StdioOptions, StdioService } from './serve-stdio.ts';
export type {
  AuthOption,
  GuardedFetch,
  ProjectDatabase,
  ServerLimits,
  ServerOptions,
  ServerToken,
} from './server-options.ts';
