import type { JsonObject } from '../../platform/json.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AdminActor, Administration, ToolCallRepository } from '../../storage/index.ts';
import type { Authenticator } from '../../tenancy/index.ts';
import type { AdminErrorCode, AdminRoute, PathId, Values, Violation } from '../contract/index.ts';

/** Whose token opened the admin surface. An operator sees all projects, another caller its own. */
export type AdminCaller =
  | { readonly kind: 'operator'; readonly tokenId: string }
  | { readonly kind: 'project'; readonly tokenId: string; readonly projectId: string };

/** One request, authenticated and allowed, with everything in it proven to be of its shape. */
export interface AdminCall {
  readonly route: AdminRoute;
  readonly caller: AdminCaller;
  readonly requestId: string;
  /** UUIDs in lower case. */
  readonly ids: Readonly<Partial<Record<PathId, string>>>;
  readonly query: Values;
  readonly body: Values;
}

export interface UpstreamState {
  readonly name: string;
  readonly transport: 'http' | 'stdio';
  /** Undefined: no connection is negotiated. */
  readonly revision: string | undefined;
}

export interface BreakerState {
  readonly projectId: string;
  readonly upstream: string;
  readonly state: 'closed' | 'open' | 'half-open';
  readonly failures: number;
  readonly retryAfterMs: number;
}

/** What the running process says about itself. */
export interface StatusSource {
  isDraining(): boolean;
  inFlight(): number;
  breakers(projectId?: string): readonly BreakerState[];
  slots(projectId: string): { readonly inFlight: number; readonly waiting: number };
  upstreams(projectId: string): readonly UpstreamState[];
}

/** What the admin surface works with. */
export interface AdminPorts {
  readonly administration: Administration;
  readonly toolCalls: Pick<ToolCallRepository, 'search' | 'searchAll' | 'searchUnattributed'>;
  /** For tokens of projects; operators' are looked up in `administration`. */
  readonly authenticator: Authenticator;
  /** Key of the token digests. */
  readonly pepper: Buffer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly status: StatusSource;
}

/** An answer that is too long to be held: text in pieces. */
export class TextStream {
  readonly contentType: string;
  readonly parts: AsyncIterable<string>;

  constructor(contentType: string, parts: AsyncIterable<string>) {
    this.contentType = contentType;
    this.parts = parts;
  }
}

export type AdminAnswer = JsonObject | TextStream;

export type AdminHandler = (call: AdminCall, ports: AdminPorts) => Promise<AdminAnswer>;

/** An expected failure of an admin request, as its catalogue code. */
export class AdminProblem extends Error {
  override readonly name = 'AdminProblem';
  readonly code: AdminErrorCode;
  readonly violations: readonly Violation[];

  constructor(code: AdminErrorCode, violations: readonly Violation[] = []) {
    super(code);
    this.code = code;
    this.violations = violations;
  }
}

/** The value, or 404: what is not there and what belongs to others must not differ. */
export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new AdminProblem('not_found');
  return value;
}

/** An id of the path of the route. Throws for an id that the path does not have: a mistake in the route table. */
export function idOf(call: AdminCall, name: PathId): string {
  const id = call.ids[name];
  if (id === undefined) throw new Error(`the path of ${call.route.id} has no ${name}`);
  return id;
}

/** The project that bounds what the caller may see; undefined for operators. */
export function boundOf(caller: AdminCaller): string | undefined {
  return caller.kind === 'operator' ? undefined : caller.projectId;
}

/** Who is recorded as having made the change. */
export function actorOf(call: AdminCall): AdminActor {
  return { kind: call.caller.kind, tokenId: call.caller.tokenId, requestId: call.requestId };
}

/** A text member that was sent; undefined when it was not. Its shape has been checked. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(values: Values, name: string): number | undefined {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
}

export function listOf(values: Values, name: string): string[] | undefined {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

/** An instant as epoch milliseconds. */
export function instantOf(values: Values, name: string): number | undefined {
  const text = textOf(values, name);
  return text === undefined ? undefined : Date.parse(text);
}
