import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDEMPOTENCY_KEEP_MS } from '../../platform/limits.ts';
import type { Outcome } from '../../pipeline/index.ts';
import { TestClock } from '../../testing/index.ts';
import { MemoryIdempotencyStore } from './memory-store.ts';
import type { Claim, IdempotencyRequest } from './store.ts';

type Step =
  | { readonly kind: 'claim'; readonly project: number; readonly key: number; readonly args: number }
  | { readonly kind: 'settle'; readonly pick: number; readonly keep: boolean }
  | { readonly kind: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      project: fc.nat(1),
      key: fc.nat(3),
      args: fc.nat(1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('settle' as const), pick: fc.nat(5), keep: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, IDEMPOTENCY_KEEP_MS / 2, IDEMPOTENCY_KEEP_MS),
    }),
  },
);

const OK: Outcome = { kind: 'ok', result: { kind: 'value', value: {} } };
const PROJECT_KEYS_MAX = 3;
const KEYS_MAX = 5;

interface Known {
  readonly args: string;
  readonly project: string;
  readonly atMs: number;
  readonly claim: Extract<Claim, { kind: 'first' }>;
  isSettled: boolean;
}

type Store = { claim(request: IdempotencyRequest): Claim };

/** Runs the steps against the store and against a list; returns what differs. */
function run(steps: readonly Step[], make: (clock: TestClock) => Store): string | undefined {
  const clock = new TestClock();
  const store = make(clock);
  const model = new Map<string, Known>();
  for (const at of steps) {
    if (at.kind === 'wait') clock.advance(at.ms);
    else if (at.kind === 'settle') {
      const open = [...model].filter(([, known]) => !known.isSettled);
      const [id, known] = open[at.pick % Math.max(1, open.length)] ?? [];
      if (id === undefined || known === undefined) continue;
      known.isSettled = true;
      known.claim.settle(at.keep ? OK : undefined);
      if (!at.keep) model.delete(id);
    } else {
      for (const [id, known] of model)
        if (known.atMs + IDEMPOTENCY_KEEP_MS <= clock.monotonicMs()) model.delete(id);
      const [project, args, id] = [
        `p${String(at.project)}`,
        `h${String(at.args)}`,
        `${String(at.project)} ${String(at.key)}`,
      ];
      const known = model.get(id);
      const ofProject = [...model.values()].filter((other) => other.project === project).length;
      const isFull = model.size >= KEYS_MAX || ofProject >= PROJECT_KEYS_MAX;
      const expected =
        known !== undefined ? (known.args === args ? 'same' : 'conflict') : isFull ? 'full' : 'first';
      const claim = store.claim({
        projectId: project,
        tool: 't',
        key: `k${String(at.key)}`,
        argumentsHash: args,
      });
      if (claim.kind !== expected) return `${JSON.stringify(at)} gave ${claim.kind} instead of ${expected}`;
      if (claim.kind === 'full' && claim.retryAfterMs < 1) return 'a retry hint below 1 ms';
      if (claim.kind === 'first')
        model.set(id, { args, project, atMs: clock.monotonicMs(), claim, isSettled: false });
    }
  }
  return undefined;
}

const honest = (clock: TestClock): Store =>
  new MemoryIdempotencyStore({ clock, keysMax: KEYS_MAX, projectKeysMax: PROJECT_KEYS_MAX });
const sequences = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });

describe('the memory of idempotency keys, against a list', () => {
  it('agrees on every sequence of claims, ends and waits', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        expect(run(steps, honest)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('would be found out if it forgot a conflict', () => {
    const forgetful = (clock: TestClock): Store => {
      const store = honest(clock);
      return {
        claim(request) {
          const claim = store.claim(request);
          return claim.kind === 'conflict' ? { kind: 'same', outcome: Promise.resolve(OK) } : claim;
        },
      };
    };
    const result = fc.check(
      fc.property(sequences, (steps) => run(steps, forgetful) === undefined),
      { numRuns: 500 },
    );
    expect(result.failed).toBe(true);
  });
});
