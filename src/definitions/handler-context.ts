import type { JsonObject } from '../platform/json.ts';
import type { Logger } from '../platform/logger.ts';

/** One statement at a time inside a transaction that is bound to a project. */
export interface ProjectTransaction {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    params?: readonly (string | number | boolean | null | Buffer)[],
  ): Promise<{ readonly rows: Row[]; readonly rowCount: number }>;
}

/** Runs `work` in a transaction of the caller's project; it is rolled back when `work` rejects. */
export type RunInProject = <Result>(work: (tx: ProjectTransaction) => Promise<Result>) => Promise<Result>;

/** A request through the egress guard. */
export interface EgressInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ProgressOptions {
  /** Where `progress` ends, if that is known. */
  readonly total?: number;
  readonly message?: string;
}

/** What a handler knows about its call, and what it may use. */
export interface HandlerContext {
  /** Aborted at the deadline, when the caller goes away, and when the server stops. */
  readonly signal: AbortSignal;
  /** Lines for operators, each with the request id. Never log arguments or results. */
  readonly log: Logger;
  readonly project: { readonly id: string };
  readonly token: { readonly id: string };
  /** UUID of the call: in the answer, the audit and every log line. */
  readonly requestId: string;
  /**
   * Says how far the work has come. Calls are checked and counted, but nothing
   * is sent to the client: answers travel as one message.
   */
  progress(progress: number, options?: ProgressOptions): void;
  /** A request through the egress guard, aborted with the call. Rejects where the server was made without `fetch`. */
  fetch: (url: string, init?: EgressInit) => Promise<Response>;
  /** A transaction bound to the caller's project. Rejects where the server was made without `database`. */
  db: RunInProject;
}

export interface FailOptions {
  /** Replaces the recovery of the contract as the sentence that the model reads. */
  readonly message?: string;
  /** Milliseconds until a retry can succeed; only for errors that are declared retryable. */
  readonly retryAfterMs?: number;
  /** Further members of the error object. */
  readonly details?: JsonObject;
}

/** The context of a tool: it can also fail with one of the errors that the tool declares. */
export interface ToolContext<Code extends string = string> extends HandlerContext {
  /** Ends the call with a declared error. Write `return ctx.fail(…)`, so that the compiler sees the end. */
  fail(code: Code, options?: FailOptions): never;
}

/** Thrown by `ctx.fail`; caught by the runtime, whatever stands between. */
export class DeclaredFailure extends Error {
  readonly code: string;
  readonly options: FailOptions;

  constructor(code: string, options: FailOptions) {
    super(`the tool failed with its declared error ${code}`);
    this.name = 'DeclaredFailure';
    this.code = code;
    this.options = options;
  }
}
