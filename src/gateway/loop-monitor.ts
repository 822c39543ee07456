import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CancelTimer, Clock } from '../platform/clock.ts';

/** How often the loop is looked at. */
const SAMPLE_MS = 500;
/** A 99th percentile above this means that every call waits for others' work: shed before it becomes seconds. */
const OVERLOADED_P99_MS = 200;
/** A single stall as long as this makes deadlines fire that no upstream is to blame for. */
const STALLED_MS = 500;

export interface LoopMonitor {
  isOverloaded(): boolean;
  wasStalled(): boolean;
  close(): void;
}

/** Watches how late the event loop runs, and says when the process is at its limit. */
export function startLoopMonitor(clock: Clock): LoopMonitor {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  let overloaded = false;
  let stalled = false;
  let cancel: CancelTimer;
  const sample = (): void => {
    overloaded = histogram.percentile(99) / 1e6 > OVERLOADED_P99_MS;
    stalled = histogram.max / 1e6 > STALLED_MS;
    histogram.reset();
    cancel = clock.after(SAMPLE_MS, sample);
  };
  cancel = clock.after(SAMPLE_MS, sample);
  return {
    isOverloaded: () => overloaded,
    wasStalled: () => stalled || histogram.max / 1e6 > STALLED_MS,
    close() {
      cancel();
      histogram.disable();
    },
  };
}
