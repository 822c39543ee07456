/** What the driver takes as a parameter. Buffers are `bytea`, arrays are SQL arrays. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | Buffer
  | readonly string[]
  | readonly (string | null)[]
  | readonly (number | null)[]
  | readonly (Buffer | null)[];

export interface QueryResult<Row> {
  readonly rows: Row[];
  /** Rows returned or changed. */
  readonly rowCount: number;
}

/** Something that runs one statement at a time: the login role, or an open transaction. */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    params?: readonly SqlValue[],
  ): Promise<QueryResult<Row>>;
}

/** Ends a subscription. */
export type Unlisten = () => Promise<void>;

/**
 * The one door to the database. Errors of the server carry the SQLSTATE in
 * `code`.
 */
export interface Database extends Queryable {
  readonly kind: 'embedded' | 'server';
  /**
   * Runs one statement as the login role, which owns nothing and reads no
   * table. For `authenticate(…)` and for health checks.
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    params?: readonly SqlValue[],
  ): Promise<QueryResult<Row>>;
  /**
   * Runs `fn` in a transaction bound to one project: row-level security shows
   * and admits only its rows. `projectId` is a UUID; anything else is refused
   * before the database sees it. The transaction rolls back when `fn` rejects,
   * and its handle is dead when `fn` has settled.
   */
  asProject<Result>(projectId: string, fn: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /** Runs `fn` in a transaction that sees every project. For the gateway itself, never for a handler. */
  asSystem<Result>(fn: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /**
   * Calls `fn` with the payload of each notification on `channel`. It is also
   * called with `''` when notifications may have been missed (the connection
   * was lost): whoever caches must then forget everything.
   */
  listen(channel: string, fn: (payload: string) => void): Promise<Unlisten>;
  /** Finishes what runs, then closes. Calling it twice returns the same promise. */
  close(): Promise<void>;
}

/** A database whose schema this process may also change: what opening it needs, and nobody else. */
export interface OwnedDatabase extends Database {
  /** Runs `fn` with the rights of the connecting user, outside of any transaction. */
  asOwner<Result>(fn: (connection: Queryable) => Promise<Result>): Promise<Result>;
}
