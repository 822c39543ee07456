import { sleep, type Clock } from '../platform/clock.ts';
import type { Pipeline } from './build-pipeline.ts';

/** After the deadline, aborted calls get this long to write their answers and audit rows. */
const ABORT_GRACE_MS = 1_000;

/**
 * Lets no call in any more, waits for those inside, and aborts what is left at
 * the deadline. Resolves when the pipeline is empty or the grace is over.
 */
export async function drain(
  { admission }: Pick<Pipeline, 'admission'>,
  { clock, drainMs }: { readonly clock: Clock; readonly drainMs: number },
): Promise<void> {
  admission.drain();
  if (admission.inFlight === 0) return;
  const idle = admission.whenIdle();
  await Promise.race([idle, sleep(clock, drainMs)]);
  if (admission.inFlight === 0) return;
  admission.abortAll();
  await Promise.race([idle, sleep(clock, ABORT_GRACE_MS)]);
}
