import type { Clock } from '../../platform/clock.ts';
import {
  BREAKER_BUSY_RETRY_MS,
  BREAKER_PROBE_LEASE_MS,
  BREAKER_PROBE_SLACK_MS,
  OVERLOADED_RETRY_MS,
} from '../../platform/limits.ts';
import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Outcome, Refusal } from '../outcome.ts';
import { REFUSALS, type BreakerEffect } from '../refusals.ts';
import {
  BreakerState,
  type BreakerAnswer,
  type BreakerSettings,
  type BreakerStateName,
} from './breaker-state.ts';
import { IdleTable } from './idle-table.ts';

export interface BreakerOptions {
  readonly clock: Clock;
  /** Settings for a project's use of an upstream; read when its breaker is created. */
  readonly settings: (projectId: string, upstream: string) => BreakerSettings;
  /**
   * True when this process itself stood still for so long that a missed
   * deadline says nothing about the upstream. Default: never.
   */
  readonly wasStalled?: () => boolean;
  /** Default `TABLE_KEYS_MAX`. */
  readonly keysMax?: number;
}

/** One breaker as status pages show it. */
export interface BreakerSnapshot {
  readonly projectId: string;
  readonly upstream: string;
  readonly configRevision: string;
  readonly state: BreakerStateName;
  /** Counted failures in the window while closed. */
  readonly failures: number;
  /** Until an open breaker lets a probe through; 0 otherwise. */
  readonly retryAfterMs: number;
}

interface Breaker {
  readonly projectId: string;
  readonly upstream: string;
  readonly configRevision: string;
  readonly state: BreakerState;
  /** Permits not reported yet. Forgetting the breaker under them would lose their reports. */
  outstanding: number;
}

/**
 * Keeps calls away from an upstream that fails. One breaker for each project,
 * upstream and configuration revision: a project's bad credentials or hostile
 * arguments must not cut off its neighbours, and a mended configuration must
 * not wait for the old one's rest to end.
 */
export class BreakerGuardrail implements Guardrail {
  readonly name = 'breaker' as const;
  readonly #options: BreakerOptions;
  readonly #breakers: IdleTable<Breaker>;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#breakers = new IdleTable({
      clock: options.clock,
      isIdle: (breaker, nowMs) => breaker.outstanding === 0 && breaker.state.isPristine(nowMs),
      ...(options.keysMax === undefined ? {} : { keysMax: options.keysMax }),
    });
  }

  enter(call: Call): Refusal | undefined {
    const breaker = this.#breakerFor(call);
    if (breaker === undefined) return { code: 'overloaded', retryAfterMs: OVERLOADED_RETRY_MS };
    // A probe of a slow tool may take longer than the usual lease; its slot must not be given away meanwhile.
    const leaseMs = Math.max(BREAKER_PROBE_LEASE_MS, call.target.limits.timeoutMs + BREAKER_PROBE_SLACK_MS);
    const answer = breaker.state.acquire(this.#options.clock.monotonicMs(), leaseMs);
    if (!answer.admitted) return refusalFor(answer);
    breaker.outstanding += 1;
    call.breakerHold = { breaker, permit: answer.permit };
    return undefined;
  }

  exit(call: Call, outcome: Outcome): Outcome {
    const held = call.breakerHold;
    if (held === undefined) return outcome;
    call.breakerHold = undefined;
    held.breaker.outstanding -= 1;
    held.breaker.state.report(held.permit, this.#effectOf(call, outcome), this.#options.clock.monotonicMs());
    return outcome;
  }

  /** Every breaker that is not closed and quiet, of one project or of all. */
  snapshot(projectId?: string): BreakerSnapshot[] {
    const nowMs = this.#options.clock.monotonicMs();
    const snapshots: BreakerSnapshot[] = [];
    for (const [, breaker] of this.#breakers.entries()) {
      if (projectId !== undefined && breaker.projectId !== projectId) continue;
      if (breaker.state.isPristine(nowMs)) continue;
      const { upstream, configRevision } = breaker;
      snapshots.push({
        projectId: breaker.projectId,
        upstream,
        configRevision,
        ...breaker.state.view(nowMs),
      });
    }
    return snapshots;
  }

  #breakerFor(call: Call): Breaker | undefined {
    const { projectId } = call.principal;
    const { upstream, configRevision } = call.target;
    const key = `${projectId}\n${upstream}\n${configRevision}`;
    const existing = this.#breakers.get(key);
    if (existing !== undefined) return existing;
    const state = new BreakerState(this.#options.settings(projectId, upstream));
    const breaker: Breaker = { projectId, upstream, configRevision, state, outstanding: 0 };
    return this.#breakers.add(key, breaker) ? breaker : undefined;
  }

  #effectOf(call: Call, outcome: Outcome): BreakerEffect {
    // What was never sent says nothing about the upstream: a slow journal can use up a deadline too.
    if (!call.dispatched) return 'neutral';
    const effect = breakerEffect(outcome);
    const isOurDelay =
      outcome.kind === 'failed' && outcome.refusal.code === 'timeout' && this.#options.wasStalled?.();
    return isOurDelay === true ? 'neutral' : effect;
  }
}

/** How an outcome counts: answers of any kind show that the upstream lives. */
export function breakerEffect(outcome: Outcome): BreakerEffect {
  switch (outcome.kind) {
    case 'ok':
    case 'tool_error':
    case 'protocol_error':
      return 'success';
    case 'cancelled':
    case 'refused':
      return 'neutral';
    case 'failed':
      return outcome.refusal.breakerEffect ?? REFUSALS[outcome.refusal.code].breakerEffect;
  }
}

function refusalFor(answer: Extract<BreakerAnswer, { admitted: false }>): Refusal {
  return {
    code: 'circuit_open',
    retryAfterMs: answer.reason === 'open' ? answer.retryAfterMs : BREAKER_BUSY_RETRY_MS,
  };
}
