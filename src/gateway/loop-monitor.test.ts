import { describe, expect, it } from 'vitest';
import { TestClock } from '../testing/test-clock.ts';
import { startLoopMonitor, type DelayHistogram } from './loop-monitor.ts';

/** A histogram that holds exactly the delays it is given, in milliseconds. */
class FakeHistogram implements DelayHistogram {
  delaysMs: number[] = [];

  get max(): number {
    return Math.max(0, ...this.delaysMs) * 1e6;
  }
  percentile(percentile: number): number {
    const sorted = [...this.delaysMs].sort((a, b) => a - b);
    return (sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? 0) * 1e6;
  }
  reset(): void {
    this.delaysMs = [];
  }
  enable(): boolean {
    return true;
  }
  disable(): boolean {
    return true;
  }
}

function setUp() {
  const clock = new TestClock();
  const histogram = new FakeHistogram();
  const monitor = startLoopMonitor(clock, histogram);
  const halfSecond = (...delaysMs: number[]): void => {
    histogram.delaysMs = delaysMs;
    clock.advance(500);
  };
  return { histogram, monitor, halfSecond };
}

const CALM = Array.from({ length: 24 }, () => 21);

describe('isOverloaded', () => {
  it('stays false when each half second has one long stall among calm measurements', () => {
    const { monitor, halfSecond } = setUp();
    for (let look = 0; look < 20; look += 1) {
      halfSecond(...CALM, 400);
      expect(monitor.isOverloaded()).toBe(false);
    }
  });

  it('stays false for a second in which nothing runs on time', () => {
    const { monitor, halfSecond } = setUp();
    halfSecond(900);
    halfSecond(300, 300);
    expect(monitor.isOverloaded()).toBe(false);
    halfSecond(...CALM);
    expect(monitor.isOverloaded()).toBe(false);
  });

  it('is true once the loop has usually been late for most of two seconds, and false a second after it ends', () => {
    const { monitor, halfSecond } = setUp();
    for (let look = 0; look < 4; look += 1) halfSecond(250, 260);
    expect(monitor.isOverloaded()).toBe(true);
    halfSecond(...CALM);
    expect(monitor.isOverloaded()).toBe(true);
    halfSecond(...CALM);
    expect(monitor.isOverloaded()).toBe(false);
  });
});

describe('wasStalled', () => {
  it('is true during and just after a single stall that makes deadlines fire late', () => {
    const { histogram, monitor, halfSecond } = setUp();
    histogram.delaysMs = [...CALM, 600];
    expect(monitor.wasStalled()).toBe(true);
    halfSecond(...CALM, 600);
    expect(monitor.wasStalled()).toBe(true);
    halfSecond(...CALM);
    expect(monitor.wasStalled()).toBe(false);
  });
});
