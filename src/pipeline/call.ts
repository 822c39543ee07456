import type { DeadlineHandle } from '../platform/deadlines.ts';
import type { JsonObject } from '../platform/json.ts';
import type { Credential, Principal } from '../tenancy/principal.ts';
import type { CallSignal } from '../upstream/upstream.ts';
import type { BreakerHold } from './guardrails/breaker-state.ts';
import type { Outcome } from './outcome.ts';
import type { Target } from './target.ts';

/** The facts of a request, fixed when it is accepted. */
export interface CallRequest {
  /** Ours: uuidv7, in the answer, the audit row and every log line. */
  readonly requestId: string;
  readonly method: string;
  /** Validated params, without the parts of `_meta` that the envelope owns. */
  readonly params: JsonObject;
  /** Tool or prompt name, or resource URI, as the caller wrote it. */
  readonly subject: string | undefined;
  /** Protocol revision of the downstream leg, for example `2026-07-28`. */
  readonly revision: string;
  readonly transport: 'http' | 'stdio';
  /** Upstream name for `/mcp/<upstream>`; undefined for the aggregated endpoint. */
  readonly endpoint: string | undefined;
  readonly credential: Credential;
  /** Bytes of the request message, for the audit row. */
  readonly requestBytes: number;
  /** `Mcp-Param-*` headers by lower-case name; undefined when there is none. */
  readonly paramHeaders: Readonly<Record<string, string>> | undefined;
  /** What is wrong with the method or its parameters; answered as a JSON-RPC error once the caller is known. */
  readonly fault: RequestFault | undefined;
  /** W3C trace id from `_meta.traceparent`, if it was well-formed. */
  readonly traceId: string | undefined;
}

/** A request that is well-formed JSON-RPC but asks for nothing that exists, or asks for it wrongly. */
export interface RequestFault {
  /** JSON-RPC code, for example -32601. */
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
}

/**
 * How much of the pipeline a method needs. `invoke` dispatches work and passes
 * every guardrail; `list` reads definitions; `control` is the handshake and
 * ping. Only refusals of the last two are audited.
 */
export type CallClass = 'invoke' | 'list' | 'control';

/**
 * One unit of work in the pipeline: immutable request, and the facts that the
 * guardrails establish, each written once by the one guardrail that owns it.
 */
export class Call implements CallSignal {
  readonly request: CallRequest;
  readonly callClass: CallClass;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;

  #principal: Principal | undefined;
  #target: Target | undefined;
  /** Set by authentication when it refuses a token that it recognised. */
  refusedProjectId: string | undefined;
  refusedTokenId: string | undefined;
  /** True once the intent is journalled and the target may have been asked. */
  dispatched = false;
  /** What the guardrail of that name holds for the call. Here, because a table of calls per guardrail costs a microsecond each. */
  deadline: DeadlineHandle | undefined = undefined;
  breakerHold: BreakerHold | undefined = undefined;

  #aborted: AbortCause | undefined;
  #onAbort: (() => void) | undefined;

  constructor(request: CallRequest, callClass: CallClass, time: { nowMs: number; monotonicMs: number }) {
    this.request = request;
    this.callClass = callClass;
    this.startedAtMs = time.nowMs;
    this.startedMonotonicMs = time.monotonicMs;
  }

  /** Written by `authenticate`; read by everything after it. */
  get principal(): Principal {
    if (this.#principal === undefined) throw new Error('the principal is read before authenticate has run');
    return this.#principal;
  }
  get principalIfKnown(): Principal | undefined {
    return this.#principal;
  }
  setPrincipal(principal: Principal): void {
    if (this.#principal !== undefined) throw new Error('the principal is written twice');
    this.#principal = principal;
  }

  /** Written by `route`. */
  get target(): Target {
    if (this.#target === undefined) throw new Error('the target is read before route has run');
    return this.#target;
  }
  get targetIfKnown(): Target | undefined {
    return this.#target;
  }
  setTarget(target: Target): void {
    if (this.#target !== undefined) throw new Error('the target is written twice');
    this.#target = target;
  }

  get aborted(): boolean {
    return this.#aborted !== undefined;
  }
  /** Why the call was aborted: its deadline, its caller, or the drain. */
  get abortCause(): AbortCause | undefined {
    return this.#aborted;
  }
  onAbort(listener: () => void): () => void {
    if (this.#aborted !== undefined) {
      listener();
      return noop;
    }
    if (this.#onAbort !== undefined) throw new Error('a call has one abort listener at a time');
    this.#onAbort = listener;
    return () => {
      if (this.#onAbort === listener) this.#onAbort = undefined;
    };
  }
  /** Aborts once; later causes are ignored. */
  abort(cause: AbortCause): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = cause;
    const listener = this.#onAbort;
    this.#onAbort = undefined;
    listener?.();
  }
}

export type AbortCause = 'deadline' | 'caller' | 'drain';

function noop(): void {}

/** Runs a call through every guardrail and its target. Never rejects. */
export type RunCall = (call: Call) => Promise<Outcome>;
