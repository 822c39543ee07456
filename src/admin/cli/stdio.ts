import { resolve } from 'node:path';
import { startStdioGateway } from '../../gateway/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLogger } from '../../platform/logger.ts';
import { EXIT } from './exit-codes.ts';
import type { StdioFlags } from './flags.ts';
import { readConfig } from './read-config.ts';
import { waitForStop } from './wait-for-stop.ts';

/** `breakwater stdio`: serves until the client closes its end. stdout carries nothing but MCP messages. */
export async function stdio(flags: StdioFlags): Promise<number> {
  const config = await readConfig(flags.config);
  if (config === undefined) return EXIT.usage;
  const stop = waitForStop();
  const gateway = await startStdioGateway({
    config,
    dataDir: resolve(flags.data),
    input: process.stdin,
    output: process.stdout,
    clock: systemClock,
    logger: createLogger({ nowMs: () => systemClock.nowMs(), level: 'warn' }),
    env: process.env,
  });
  await Promise.race([gateway.finished, stop]);
  await gateway.close();
  return EXIT.ok;
}
