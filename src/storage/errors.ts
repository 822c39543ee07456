/** Why a storage operation could not even be tried, or must not go on. The message is for operators. */
export type StorageProblem =
  /** Too many callers wait for a connection. */
  | 'busy'
  | 'closed'
  /** The folder or database to write into has something in it. */
  | 'not_empty'
  /** The file is no backup of this program, or was changed. */
  | 'backup_damaged'
  | 'file_exists'
  /** What was copied does not read back as it was. */
  | 'copy_differs'
  /** Settings that do not go together. */
  | 'bad_option'
  /** The handle of a transaction was used after the transaction. */
  | 'transaction_over'
  | 'not_a_project_id'
  /** Another process uses the data folder. */
  | 'folder_in_use'
  /** The folder holds something that this release cannot open. */
  | 'folder_unusable'
  | 'not_durable'
  | 'migration'
  | 'isolation'
  | 'keys'
  /** The name is empty, too long, or taken by another row. */
  | 'bad_name'
  | 'name_taken'
  | 'no_such_project'
  | 'project_archived'
  | 'too_many_tokens'
  | 'allow_list_too_long';

/** An expected failure of storage, with the reason as a code and a message that says what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly problem: StorageProblem;

  constructor(problem: StorageProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** SQLSTATE of a database error; undefined for anything else, such as a lost connection. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  // Socket errors have codes as well (`EPIPE`); an SQLSTATE has five characters and at least one digit.
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/**
 * True when the data is at fault (classes 22 and 23: data exception, constraint
 * violation), so that the same rows fail again. An unreachable or full
 * database, and a missing grant or table, are not the fault of the rows.
 */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && /^2[23]/.test(state);
}

/**
 * True when the connection is gone: an error without an SQLSTATE comes from the
 * socket or the driver, class 08 and 57P01 to 57P03 say that the server ends it.
 */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof StorageError) return false;
  const state = sqlState(error);
  return state === undefined || /^(?:08|57P0[123])/.test(state);
}
