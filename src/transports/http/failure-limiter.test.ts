import { describe, expect, it } from 'vitest';
import { TABLE_KEYS_MAX } from '../../platform/limits.ts';
import { BAD_REQUESTS_MAX, FailureLimiter } from './failure-limiter.ts';

describe('FailureLimiter', () => {
  it('turns an address away after its bad requests, and lets it in again when the window is over', () => {
    let now = 0;
    const limiter = new FailureLimiter(() => now);
    for (let count = 0; count < BAD_REQUESTS_MAX; count += 1) {
      expect(limiter.isOver('a')).toBe(false);
      limiter.recordFailure('a');
    }
    expect(limiter.isOver('a')).toBe(true);
    expect(limiter.isOver('b')).toBe(false);
    now = 60_000;
    expect(limiter.isOver('a')).toBe(false);
  });

  it('keeps a bounded number of addresses', () => {
    const limiter = new FailureLimiter(() => 0);
    for (let count = 0; count < BAD_REQUESTS_MAX; count += 1) limiter.recordFailure('first');
    expect(limiter.isOver('first')).toBe(true);
    for (let index = 0; index < TABLE_KEYS_MAX; index += 1) limiter.recordFailure(`address-${String(index)}`);
    expect(limiter.isOver('first')).toBe(false);
  });
});
