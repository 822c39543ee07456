import type { JsonObject } from '../platform/json.ts';
import type { Call } from './call.ts';
import type { Outcome } from './outcome.ts';

/** One way in which arguments break a schema. Names the place and the rule, never the value. */
export interface Violation {
  /** JSON Pointer into the arguments, `''` for the whole. */
  readonly path: string;
  /** What was expected there, for example `must be integer`. */
  readonly expected: string;
}

/** The limits in force for one target, after project, upstream and tool settings are merged. */
export interface TargetLimits {
  readonly timeoutMs: number;
  readonly responseBytesMax: number;
  /** A limit of this tool alone, beside the project's. */
  readonly rate: RateLimit | undefined;
}

export interface RateLimit {
  readonly calls: number;
  readonly windowMs: number;
}

/** Where a routed call goes: a tool, prompt or resource of an upstream, or a local handler. */
export interface Target {
  /** Upstream name, or `breakwater` for a local handler. */
  readonly upstream: string;
  /** Changes with the upstream's configuration; part of the breaker's key, so that a mended config starts closed. */
  readonly configRevision: string;
  /** Name as the upstream knows it. */
  readonly remoteName: string;
  readonly limits: TargetLimits;
  /** The tool may be called again after an unknown outcome without harm (read-only or idempotent by its annotations). */
  readonly isRetrySafe: boolean;
  /** Undefined: nothing to validate (resources, prompts). */
  readonly validateArguments: ((args: JsonObject) => readonly Violation[]) | undefined;
  /**
   * Whether the error object may stand in `structuredContent`: clients check
   * that member against `outputSchema` even on errors. Undefined: it may not.
   */
  readonly admitsErrorAsOutput?: (error: JsonObject) => boolean;
  /**
   * Says what is wrong with the `Mcp-Param-*` headers of a modern HTTP request
   * (2026-07-28, Streamable HTTP, custom headers); undefined when they match.
   */
  readonly paramHeaderFault?: (
    args: JsonObject,
    headers: Readonly<Record<string, string>> | undefined,
  ) => string | undefined;
  /** Does the work. Must settle soon after `call` aborts; rejections become `internal`. */
  invoke(call: Call): Promise<Outcome>;
}
