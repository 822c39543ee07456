import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestClock } from '../testing/test-clock.ts';
import { DeadlineQueue } from './deadlines.ts';

describe('DeadlineQueue', () => {
  it('fires at the deadline and not before it', () => {
    const clock = new TestClock();
    const queue = new DeadlineQueue(clock);
    let fired = 0;
    queue.add(1_000, () => {
      fired += 1;
    });
    clock.advance(999);
    expect(fired).toBe(0);
    clock.advance(1 + 10);
    expect(fired).toBe(1);
    clock.advance(10_000);
    expect(fired).toBe(1);
    expect(queue.size).toBe(0);
  });

  it('keeps one timer for a thousand calls and arms none once nothing waits', () => {
    const clock = new TestClock();
    const queue = new DeadlineQueue(clock);
    const handles = Array.from({ length: 1_000 }, () => queue.add(10_000, () => {}));
    expect(clock.pendingTimers).toBe(1);
    for (const handle of handles) handle.remove();
    clock.advance(10_010);
    expect(clock.pendingTimers).toBe(0);
  });

  it('wakes earlier for a shorter deadline that comes later', () => {
    const clock = new TestClock();
    const queue = new DeadlineQueue(clock);
    const order: string[] = [];
    queue.add(10_000, () => order.push('long'));
    queue.add(50, () => order.push('short'));
    clock.advance(60);
    expect(order).toEqual(['short']);
    expect(clock.pendingTimers).toBe(1);
  });

  it('does not fire what another callback of the same wake-up removed', () => {
    const clock = new TestClock();
    const queue = new DeadlineQueue(clock);
    const fired: number[] = [];
    queue.add(100, () => {
      fired.push(1);
      second.remove();
    });
    const second = queue.add(100, () => fired.push(2));
    clock.advance(200);
    expect(fired).toEqual([1]);
    expect(queue.size).toBe(0);
  });

  it('goes on for the others when a callback throws', () => {
    const clock = new TestClock();
    const queue = new DeadlineQueue(clock);
    const fired: number[] = [];
    queue.add(100, () => {
      throw new Error('broken listener');
    });
    queue.add(100, () => fired.push(2));
    queue.add(300, () => fired.push(3));
    expect(() => clock.advance(150)).toThrow('broken listener');
    clock.advance(300);
    expect(fired).toEqual([2, 3]);
  });

  it('fires nothing after close, and removing is then harmless', () => {
    const clock = new TestClock();
    const queue = new DeadlineQueue(clock);
    const handle = queue.add(100, () => {
      throw new Error('fired after close');
    });
    queue.close();
    handle.remove();
    clock.advance(1_000);
    expect(queue.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses a duration of %s', (durationMs) => {
    expect(() => new DeadlineQueue(new TestClock()).add(durationMs, () => {})).toThrow(RangeError);
  });

  it('fires every deadline once, never early, and late by at most one tick', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), ms: fc.constantFrom(5, 20, 100, 1_000) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat(200) }) },
        { weight: 4, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.double({ min: 0, max: 300, noNaN: true }) }) },
      ),
      { size: 'max', maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, (commands) => {
        const clock = new TestClock();
        const queue = new DeadlineQueue(clock, { tickMs: 10 });
        const all: { due: number; firedAt?: number; removed: boolean; remove: () => void }[] = [];
        for (const command of commands) {
          if (command.kind === 'add') {
            const record: (typeof all)[number] = { due: clock.monotonicMs() + command.ms, removed: false, remove: () => {} };
            const handle = queue.add(command.ms, () => {
              expect(record.firedAt).toBeUndefined();
              record.firedAt = clock.monotonicMs();
            });
            record.remove = () => handle.remove();
            all.push(record);
          } else if (command.kind === 'remove') {
            const record = all[command.pick % Math.max(1, all.length)];
            if (record !== undefined && record.firedAt === undefined) record.removed = true;
            record?.remove();
          } else clock.advance(command.ms);
        }
        clock.advance(2_000);
        expect(queue.size).toBe(0);
        for (const record of all) {
          expect(record.firedAt === undefined).toBe(record.removed);
          if (record.firedAt === undefined) continue;
          expect(record.firedAt).toBeGreaterThanOrEqual(record.due);
          // A timer counts whole milliseconds, hence the one on top of the tick.
          expect(record.firedAt).toBeLessThanOrEqual(record.due + 10 + 1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
