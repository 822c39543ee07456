import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { ToolDefinition } from '../definitions/index.ts';

/** Long enough for the handshake and the first list, which need no compiled schema; shorter than any model thinks. */
const FIRST_DELAY_MS = 250;
/** Between two tools, so that a request that arrives meanwhile waits for one schema at most. */
const NEXT_DELAY_MS = 5;

/**
 * Compiles the schemas of all tools once a server has started and is idle.
 * Loading the compiler takes about 60 ms, which neither the start nor the
 * first call should pay; and a schema that cannot be compiled shows up in the
 * log before anyone calls the tool.
 */
export function warmUp(
  tools: readonly ToolDefinition[],
  { clock, logger }: { clock: Clock; logger: Logger },
): CancelTimer {
  let next = 0;
  let cancel: CancelTimer = () => {};
  const step = (): void => {
    const tool = tools[next];
    next += 1;
    if (tool === undefined) return;
    try {
      tool.input.check({});
      tool.output?.check({});
    } catch (error) {
      logger.error('schema_not_usable', {
        tool: tool.name,
        error: error instanceof Error ? error.message : 'unknown',
      });
    }
    cancel = clock.after(NEXT_DELAY_MS, step);
  };
  cancel = clock.after(FIRST_DELAY_MS, step);
  return () => {
    cancel();
  };
}
