import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { RateLimit } from '../pipeline/index.ts';
import type {
  EgressInit,
  ProjectTransaction,
  PromptDefinition,
  ResourceDefinition,
  ToolDefinition,
} from '../definitions/index.ts';
import type { Scope } from '../tenancy/index.ts';
import type { AuditOption } from './audit/audit-option.ts';
import type { IdempotencyStore } from './idempotency/store.ts';

/** The database, as far as handlers need it: `Database` of the gateway's storage fits. */
export interface ProjectDatabase {
  asProject<Result>(projectId: string, work: (tx: ProjectTransaction) => Promise<Result>): Promise<Result>;
}

/** Sends a request through an egress guard: refuses addresses that a server must not reach. */
export type GuardedFetch = (
  url: string,
  init: EgressInit & { readonly signal: AbortSignal; readonly projectId: string },
) => Promise<Response>;

/** What handlers can use beyond their arguments. */
export interface HandlerPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: ProjectDatabase | undefined;
  readonly fetch: GuardedFetch | undefined;
}

/** Limits of a server; what is left out has the gateway's default. None can be switched off. */
export interface ServerLimits {
  /** Calls per project. Default 60 per minute. */
  readonly rate?: RateLimit;
  /** Total deadline of a call whose tool sets none. Default 10 s. */
  readonly timeoutMs?: number;
  /** Bytes of one result. Default 2 MiB. */
  readonly responseBytesMax?: number;
  /** Calls of one project that run at once, and that wait for a slot. Default 20 and 10. */
  readonly inFlight?: number;
  readonly waiting?: number;
  /** How long a call waits for a slot. Default 1 s. */
  readonly waitMs?: number;
  /** How long running calls may go on when the server closes. Default 30 s. */
  readonly drainMs?: number;
}

/** A bearer token of a server without a database. */
export interface ServerToken {
  /** At least 20 characters. Read it from the environment; never write it into code. */
  readonly token: string;
  /** Project that the token acts for. Default `default`. */
  readonly project?: string;
  /** Default: calling and listing tools. */
  readonly scopes?: readonly Scope[];
  /** Tools that the token may see and call. Default: all. */
  readonly tools?: readonly string[];
}

/** `none`: whoever reaches this machine's loopback address may call; refused on any other address. */
export type AuthOption = 'none' | { readonly tokens: readonly ServerToken[] };

export interface ServerOptions {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  /** Shown to the model once per connection. */
  readonly instructions?: string;
  readonly tools?: readonly ToolDefinition[];
  readonly resources?: readonly ResourceDefinition[];
  readonly prompts?: readonly PromptDefinition[];
  readonly limits?: ServerLimits;
  /** Who may call over HTTP. There is no default: HTTP without it does not start. Stdio serves the person who started it. */
  readonly auth?: AuthOption;
  /** Where calls are recorded. Default: lines on stderr. */
  readonly audit?: AuditOption;
  /** For `ctx.db`. */
  readonly database?: ProjectDatabase;
  /** For `ctx.fetch`. */
  readonly fetch?: GuardedFetch;
  /** Where outcomes of writes are kept. Default: the memory of this process. */
  readonly idempotency?: IdempotencyStore;
  /** Default: JSON lines on stderr. */
  readonly logger?: Logger;
  /** Default: the clock of this machine. */
  readonly clock?: Clock;
}
