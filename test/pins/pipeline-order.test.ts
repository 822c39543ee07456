import { describe, expect, it } from 'vitest';
import { PIPELINE_ORDER } from '../../src/pipeline/index.ts';

/**
 * The order is a promise: what is refused, what is recorded and what can be
 * counted against whom all follow from it. A change here is a change of
 * behaviour, and needs a reason and a line in the changelog.
 */
describe('the order of the pipeline', () => {
  it('is this, outermost first', () => {
    expect(PIPELINE_ORDER.map(({ name, passedBy }) => `${name} (${passedBy})`)).toEqual([
      'audit (all)',
      'admission (all)',
      'authenticate (all)',
      'authorize (all)',
      'route (all)',
      'validate (invoke)',
      'rate-limit (all)',
      'concurrency (invoke)',
      'breaker (invoke)',
      'deadline (all)',
      'response-cap (invoke)',
      'audit-intent (invoke)',
    ]);
  });

  it('has these reasons', () => {
    expect(Object.fromEntries(PIPELINE_ORDER.map(({ name, reason }) => [name, reason]))).toEqual({
      audit: 'Outermost, so that what any other layer refuses is recorded too.',
      admission: 'Before any work is spent: a process that is full or stopping has none to spend.',
      authenticate: 'Everything further in acts for a project, so the project is established first.',
      authorize: 'Before routing, so that what a token may not see is answered like what does not exist.',
      route: 'Arguments, limits, slots and breakers belong to a target, so the target is found before them.',
      validate: 'Before the rate limit, so that a mistake in the arguments does not use up an allowance.',
      'rate-limit':
        'Before concurrency, so that a call over its rate never waits in a queue of those within theirs.',
      concurrency: 'Before the breaker, so that a call which waits for a slot does not hold the only probe.',
      breaker: 'Next to the dispatch, so that nothing but the upstream itself can be counted against it.',
      deadline:
        'After the wait for a slot, which has its own bound; inside the breaker, which counts timeouts.',
      'response-cap':
        'Inside the breaker, so that the breaker sees a result that is too large for what it is.',
      'audit-intent':
        'Innermost: only what really leaves is journalled as leaving, and nothing leaves before that.',
    });
  });

  it('has each guardrail once', () => {
    const names = PIPELINE_ORDER.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
