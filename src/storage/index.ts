export type { Database, Queryable, QueryResult, SqlValue, Unlisten } from './database.ts';
export { StorageError, type StorageProblem } from './errors.ts';
export { loadKeys, PEPPER_VARIABLE, type StorageKeys } from './keys.ts';
export { openStorage, type Storage, type StorageOptions, TOKENS_CHANNEL } from './open.ts';
export type { NewProject, ProjectRecord, ProjectRepository } from './repositories/projects.ts';
export type { CreatedToken, NewToken, TokenRecord, TokenRepository } from './repositories/tokens.ts';
export type { ToolCallFilter, ToolCallRecord, ToolCallRepository } from './repositories/tool-calls.ts';
