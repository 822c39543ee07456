import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestClock } from '../testing/test-clock.ts';
import type { Clock } from './clock.ts';
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

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    'refuses a duration of %s',
    (durationMs) => {
      expect(() => new DeadlineQueue(new TestClock()).add(durationMs, () => {})).toThrow(RangeError);
    },
  );
});

type MakeQueue = (clock: Clock) => Pick<DeadlineQueue, 'add' | 'size'>;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('add' as const), ms: fc.constantFrom(5, 20, 100, 1_000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat(200) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.double({ min: 0, max: 300, noNaN: true }),
    }),
  },
);

interface Deadline {
  readonly dueMs: number;
  firedAtMs: number | undefined;
  isRemoved: boolean;
  remove: () => void;
}

function addTo(queue: Pick<DeadlineQueue, 'add'>, clock: Clock, durationMs: number): Deadline {
  const deadline: Deadline = {
    dueMs: clock.monotonicMs() + durationMs,
    firedAtMs: undefined,
    isRemoved: false,
    remove: () => {},
  };
  const handle = queue.add(durationMs, () => {
    expect(deadline.firedAtMs).toBeUndefined();
    deadline.firedAtMs = clock.monotonicMs();
  });
  deadline.remove = () => handle.remove();
  return deadline;
}

function punctuality(make: MakeQueue) {
  return fc.property(fc.array(step, { size: 'max', maxLength: 120 }), (commands) => {
    const clock = new TestClock();
    const queue = make(clock);
    const deadlines: Deadline[] = [];
    for (const command of commands) {
      if (command.kind === 'add') deadlines.push(addTo(queue, clock, command.ms));
      else if (command.kind === 'advance') clock.advance(command.ms);
      else {
        const deadline = deadlines[command.pick % Math.max(1, deadlines.length)];
        if (deadline !== undefined && deadline.firedAtMs === undefined) deadline.isRemoved = true;
        deadline?.remove();
      }
    }
    clock.advance(2_000);
    expect(queue.size).toBe(0);
    for (const { dueMs, firedAtMs, isRemoved } of deadlines) {
      expect(firedAtMs === undefined).toBe(isRemoved);
      if (firedAtMs === undefined) continue;
      expect(firedAtMs).toBeGreaterThanOrEqual(dueMs);
      // A timer counts whole milliseconds, hence the one on top of the tick.
      expect(firedAtMs).toBeLessThanOrEqual(dueMs + 10 + 1);
    }
  });
}

/** A queue with a fault: deadlines that are off by `offsetMs`, or that cannot be removed. */
function faulty(fault: { offsetMs?: number; ignoresRemove?: boolean }): MakeQueue {
  return (clock) => {
    const queue = new DeadlineQueue(clock);
    return {
      get size() {
        return queue.size;
      },
      add: (durationMs, onExpire) => {
        const handle = queue.add(durationMs + (fault.offsetMs ?? 0), onExpire);
        return fault.ignoresRemove === true ? { remove: () => {} } : handle;
      },
    };
  };
}

describe('under any sequence of adding, removing and waiting', () => {
  const options = { numRuns: 200, seed: 20_261_122 } as const;

  it('every deadline fires once, never early, and late by at most one tick', () => {
    fc.assert(
      punctuality((clock) => new DeadlineQueue(clock)),
      options,
    );
  });

  it.each([{ offsetMs: -1 }, { offsetMs: 12 }, { ignoresRemove: true }])(
    'the fault %o is noticed',
    (fault) => {
      expect(fc.check(punctuality(faulty(fault)), options).failed).toBe(true);
    },
  );
});
