import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CancelTimer, Clock } from '../platform/clock.ts';

/** How often the loop is looked at. */
const SAMPLE_MS = 500;
/** How many looks decide: two seconds. */
const SAMPLES = 4;
/** When the loop is usually later than this, every call waits for others' work: shed before it becomes seconds. */
const OVERLOADED_MS = 200;
/** A single stall as long as this makes deadlines fire that no upstream is to blame for. */
const STALLED_MS = 500;

export interface LoopMonitor {
  isOverloaded(): boolean;
  wasStalled(): boolean;
  close(): void;
}

/** The part of `monitorEventLoopDelay` that is used; nanoseconds. */
export interface DelayHistogram {
  readonly max: number;
  percentile(percentile: number): number;
  reset(): void;
  enable(): boolean;
  disable(): boolean;
}

/**
 * Watches how late the event loop runs, and says when the process is at its
 * limit. Overload is a state and not an event: a half second holds about 25
 * measurements, so a high percentile of it is its one longest stall, and a
 * garbage collection or a busy neighbour on the machine would have calls
 * refused that the process could well serve. So the medians are asked, and
 * three of the last four have to be too high; two good ones end it.
 */
export function startLoopMonitor(
  clock: Clock,
  histogram: DelayHistogram = monitorEventLoopDelay({ resolution: 20 }),
): LoopMonitor {
  histogram.enable();
  const medians = Array.from({ length: SAMPLES }, () => 0);
  let next = 0;
  let overloaded = false;
  let stalled = false;
  let cancel: CancelTimer;
  const sample = (): void => {
    medians[next] = histogram.percentile(50) / 1e6;
    next = (next + 1) % SAMPLES;
    overloaded = medians.filter((median) => median > OVERLOADED_MS).length > SAMPLES / 2;
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
