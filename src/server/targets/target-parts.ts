import type { TargetLimits } from '../../pipeline/index.ts';
import type { ToolLimits } from '../../definitions/index.ts';
import type { HandlerRunner } from './handler-runner.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';

/** What the targets of one server share. */
export interface TargetParts {
  /** Name of the server: calls of all its handlers share the slots of a project. */
  readonly server: string;
  readonly runner: HandlerRunner;
  readonly idempotency: IdempotencyStore;
  readonly limits: { readonly timeoutMs: number; readonly responseBytesMax: number };
}

/** The limits of one definition over those of the server. */
export function targetLimits(parts: TargetParts, own: ToolLimits): TargetLimits {
  return {
    timeoutMs: own.timeoutMs ?? parts.limits.timeoutMs,
    responseBytesMax: own.responseBytesMax ?? parts.limits.responseBytesMax,
    rate: own.rate,
  };
}
