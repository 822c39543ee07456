import type { Call } from './call.ts';
import type { Outcome, Refusal } from './outcome.ts';

/**
 * One layer of the pipeline. A layer of the onion `(call, next) => outcome`
 * is written here as its two halves, so that the runner can walk the layers
 * without a promise and a closure for each: `enter` is what stands before
 * `next`, `exit` is what stands after it. That `next` runs at most once is
 * then true by construction.
 */
export interface Guardrail {
  readonly name: GuardrailName;
  /**
   * Lets the call pass (undefined) or refuses it. A promise only where waiting
   * is the point (a token store, a slot, the journal). A rejection becomes
   * `internal` and counts as a refusal.
   */
  enter(call: Call): Refusal | undefined | Promise<Refusal | undefined>;
  /**
   * Runs exactly once for every guardrail whose `enter` let the call pass,
   * innermost first, whatever happened further in. May replace the outcome.
   * Must not throw; what it throws becomes `internal`.
   */
  exit?(call: Call, outcome: Outcome): Outcome;
  /** Releases timers and tables. */
  close?(): void;
}

export type GuardrailName =
  | 'audit'
  | 'admission'
  | 'authenticate'
  | 'authorize'
  | 'route'
  | 'validate'
  | 'rate-limit'
  | 'concurrency'
  | 'breaker'
  | 'deadline'
  | 'response-cap'
  | 'audit-intent';
