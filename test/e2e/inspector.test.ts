/** The official Inspector's command line against a running gateway. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createCleanup,
  everythingServer,
  gatewayConfig,
  type GatewayProcess,
  README_URI,
  runInspector,
  sdkV2HttpUpstream,
  startGateway,
} from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

let gateway: GatewayProcess;
beforeAll(async () => {
  const modern = cleanup.add(await sdkV2HttpUpstream(), (thing) => thing.close());
  const config = gatewayConfig({ everything: everythingServer(), modern: { url: modern.url } });
  gateway = cleanup.add(await startGateway({ config }), (thing) => thing.stop());
});

/** Runs one method with the token in a header, as a person at a terminal would. */
async function inspect(method: string, ...words: readonly string[]): Promise<unknown> {
  const header = ['--transport', 'http', '--header', `Authorization: Bearer ${gateway.token}`];
  const run = await runInspector([gateway.url, ...header, '--method', method, ...words]);
  if (run.code !== 0) throw new Error(`the Inspector failed: ${run.stderr}`);
  return run.json();
}

it('lists the tools of all upstreams', async () => {
  const { tools } = (await inspect('tools/list')) as { tools: { name: string }[] };
  expect(tools.map((tool) => tool.name)).toEqual(expect.arrayContaining(['everything__echo', 'modern__add']));
});

it('calls a tool', async () => {
  const words = ['--tool-name', 'modern__add', '--tool-arg', 'a=19', '--tool-arg', 'b=23'];
  expect(await inspect('tools/call', ...words)).toMatchObject({ structuredContent: { sum: 42 } });
});

it('reads a resource and gets a prompt', async () => {
  expect(await inspect('resources/read', '--uri', README_URI)).toMatchObject({
    contents: [{ text: 'Note readme' }],
  });
  expect(
    await inspect('prompts/get', '--prompt-name', 'modern__greet', '--prompt-args', 'name=Ada'),
  ).toMatchObject({
    messages: [{ content: { text: 'Greet Ada politely.' } }],
  });
});

it('says that a token is missing', async () => {
  const run = await runInspector([gateway.url, '--transport', 'http', '--method', 'tools/list']);
  expect(run.code).not.toBe(0);
});
