/** What a start that fails half-way leaves behind: nothing. */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startGateway } from '../../src/gateway/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { createCleanup, listenOnLoopback, tempDir } from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

it('a port that is taken stops the start and gives the data folder back', async () => {
  const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
  const taken = cleanup.add(await listenOnLoopback(() => {}), (thing) => thing.close());
  const loaded = await loadConfig({ env: {} });
  if (!loaded.ok) throw new Error('the built-in configuration is wrong');
  const options = {
    config: loaded.config,
    dataDir: join(folder.path, 'data'),
    host: '127.0.0.1',
    clock: systemClock,
    logger: silentLogger,
    env: {},
  };
  const port = Number(new URL(taken.origin).port);
  await expect(startGateway({ ...options, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const gateway = await startGateway({ ...options, port: 0 });
  await gateway.close();
});
