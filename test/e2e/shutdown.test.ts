/** What happens to a running call when the process is asked, or forced, to end. */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { openStorage } from '../../src/storage/index.ts';
import {
  createCleanup,
  everythingServer,
  gatewayConfig,
  legacyClient,
  modernClient,
  rawPost,
  sdkV2HttpUpstream,
  startGateway,
  tempDir,
} from '../support/index.ts';

/** The audit rows of a project in a data folder that no gateway has open, oldest first. */
async function auditRows(dataDir: string, projectId: string): Promise<object[]> {
  const storage = await openStorage({ dataDir, clock: systemClock, logger: silentLogger });
  try {
    const rows = await storage.toolCalls.search(projectId);
    return rows
      .toReversed()
      .map(({ subject, status, code, kind, commitState }) => ({ subject, status, code, kind, commitState }));
  } finally {
    await storage.close();
  }
}

const cleanup = createCleanup();
afterAll(cleanup.run);

it.each([
  { name: 'an SDK v1 client', connect: legacyClient },
  { name: 'an SDK v2 client', connect: modernClient },
])('SIGTERM lets the running call of $name finish and exits with 0', async ({ connect }) => {
  const upstream = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
  const config = gatewayConfig({ modern: { url: upstream.url }, everything: everythingServer() });
  const gateway = cleanup.add(await startGateway({ config }), (thing) => thing.stop());
  const client = cleanup.add(await connect(gateway.url, gateway.token), (thing) => thing.close());

  const call = client.callTool('modern__slow', { ms: 1500 });
  await upstream.behaviour.events.waitFor((event) => event.tool === 'slow' && event.phase === 'started');
  gateway.terminate();

  expect(await call).toMatchObject({ isError: false, text: 'waited 1500 ms' });
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
});

it('SIGTERM with nothing to wait for exits with 0 and closes the port', async () => {
  const gateway = await startGateway({ config: gatewayConfig({ everything: everythingServer() }) });
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
  await expect(rawPost(gateway.url, { body: {} })).rejects.toThrow('ECONNREFUSED');
});

it('after kill -9 in the middle of a call the same data folder starts again and serves the same token', async () => {
  const upstream = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
  const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
  const options = {
    config: gatewayConfig({ modern: { url: upstream.url } }),
    dataDir: join(folder.path, 'data'),
  };

  const first = cleanup.add(await startGateway(options), (thing) => thing.kill());
  const client = cleanup.add(await modernClient(first.url, first.token), (thing) => thing.close());
  const lost = client.callTool('modern__slow', { ms: 30_000 }).catch((error: unknown) => error);
  await upstream.behaviour.events.waitFor((event) => event.tool === 'slow' && event.phase === 'started');
  expect(await first.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  expect(await lost).toBeInstanceOf(Error);

  const second = cleanup.add(await startGateway(options), (thing) => thing.stop());
  expect(second.projectId).toBe(first.projectId);
  const again = cleanup.add(await modernClient(second.url, first.token), (thing) => thing.close());
  expect((await again.callTool('modern__echo', { message: 'back' })).text).toBe('Echo: back');

  expect(await second.stop()).toEqual({ code: 0, signal: null });
  expect(await auditRows(options.dataDir, first.projectId)).toEqual([
    {
      subject: 'modern__slow',
      status: 'error',
      code: 'abandoned',
      kind: 'abandoned',
      commitState: 'unknown',
    },
    { subject: 'modern__echo', status: 'success', code: undefined, kind: 'ok', commitState: undefined },
  ]);
});

it('cancels upstream what a caller no longer waits for', async () => {
  const upstream = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
  const config = gatewayConfig({ modern: { url: upstream.url } });
  const gateway = cleanup.add(await startGateway({ config }), (thing) => thing.stop());
  const client = cleanup.add(await modernClient(gateway.url, gateway.token), (thing) => thing.close());
  const controller = new AbortController();
  const call = client.callTool('modern__slow', { ms: 8_000 }, { signal: controller.signal });
  await upstream.behaviour.events.waitFor((event) => event.tool === 'slow' && event.phase === 'started');
  controller.abort();
  await expect(call).rejects.toThrow(/abort/i);
  await upstream.behaviour.events.waitFor((event) => event.phase === 'aborted', 5_000);
});
