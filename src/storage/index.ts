export type { Database, Queryable, QueryResult, SqlValue, Unlisten } from './database.ts';
export { StorageError, type StorageProblem } from './errors.ts';
export { exportKeys, loadKeys, PEPPER_VARIABLE, type StorageKeys } from './keys.ts';
export { databaseOptions } from './database-options.ts';
export {
  backupFolder,
  type BackupManifest,
  type BackupOptions,
  checkDatabase,
  type DatabaseReport,
  graduate,
  type GraduateOptions,
  type GraduateReport,
  restoreFolder,
  type RestoreOptions,
} from './operations/index.ts';
export { openStorage, type Storage, type StorageOptions, TOKENS_CHANNEL } from './open.ts';
export type { AdminAction, AdminActor, AdminEvent, PageOptions } from './repositories/admin-events.ts';
export type { ProjectListOptions } from './repositories/admin-reads.ts';
export type { Administration } from './repositories/administration.ts';
export type {
  CreatedOperatorToken,
  NewOperatorToken,
  OperatorTokenRecord,
} from './repositories/operator-tokens.ts';
export { clearingIntents } from './repositories/call-intents.ts';
export type { NewProject, ProjectRecord, ProjectRepository } from './repositories/projects.ts';
export type { CreatedToken, NewToken, TokenRecord, TokenRepository } from './repositories/tokens.ts';
export type { ToolCallFilter, ToolCallRecord, ToolCallRepository } from './repositories/tool-calls.ts';
