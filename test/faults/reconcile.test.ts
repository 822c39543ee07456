/** The comparison itself: one that finds nothing would make every run below look right. */
import { describe, expect, it } from 'vitest';
import { type Journals, reconcile } from './reconcile.ts';

const row = (marker: string, changes: object = {}) => ({
  marker,
  status: 'success',
  outcome: 'ok',
  commitState: null,
  ...changes,
});
const ABANDONED = { status: 'error', outcome: 'abandoned', commitState: 'unknown' };

describe('the comparison of the journals', () => {
  it('accepts calls that ended well, that were lost on the way and that nobody knows the end of', () => {
    const journals: Journals = {
      client: [
        { marker: 'done', answer: 'success' },
        { marker: 'never left', answer: undefined },
        { marker: 'lost', answer: undefined },
        { marker: 'refused', answer: 'refused' },
      ],
      upstream: ['done', 'lost'],
      audit: [row('done'), row('lost', ABANDONED), row('refused', { status: 'error', outcome: 'refused' })],
    };
    expect(reconcile(journals)).toEqual({
      calls: 4,
      executed: 2,
      abandoned: 1,
      violations: [],
    });
  });

  it.each<[string, Journals]>([
    ['executed and has 0 rows', { client: [], upstream: ['a'], audit: [] }],
    ['executed 2 times', { client: [], upstream: ['a', 'a'], audit: [row('a')] }],
    ['has 2 rows', { client: [], upstream: ['a'], audit: [row('a'), row('a')] }],
    ['claims success and was never executed', { client: [], upstream: [], audit: [row('a')] }],
    [
      'claims that it was refused',
      { client: [], upstream: ['a'], audit: [row('a', { status: 'error', outcome: 'refused' })] },
    ],
    [
      'does not say that its effect is unknown',
      { client: [], upstream: [], audit: [row('a', { ...ABANDONED, commitState: null })] },
    ],
    ['answered and has no row', { client: [{ marker: 'a', answer: 'refused' }], upstream: [], audit: [] }],
    [
      'succeeded without being executed',
      { client: [{ marker: 'a', answer: 'success' }], upstream: [], audit: [row('a', ABANDONED)] },
    ],
    [
      'its row says error',
      {
        client: [{ marker: 'a', answer: 'success' }],
        upstream: ['a'],
        audit: [row('a', { status: 'error', outcome: 'failed' })],
      },
    ],
  ])('finds a call that %s', (violation, journals) => {
    expect(reconcile(journals).violations.join()).toContain(violation);
  });
});
