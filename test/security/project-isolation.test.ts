/**
 * A hundred clients of different projects, on shared keep-alive connections,
 * with the same JSON-RPC ids at the same time. Each puts a marker into its
 * arguments, and no answer may carry anybody else's.
 */
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { gatewayConfig } from '../support/gateway-config.ts';
import { inProcessGateway, type InProcessGateway } from '../support/in-process-gateway.ts';
import { modernRequest } from '../support/raw-post.ts';
import { sdkV2HttpUpstream, type SdkUpstream } from '../support/sdk-v2-upstream.ts';

const CLIENTS = 100;
/** Fewer sockets than clients, so that answers of different projects follow each other on one connection. */
const SOCKETS = 20;
const CALLS_EACH = 5;
const MARKER = /marker-[0-9a-f]{3}-[0-9]/g;

let upstream: SdkUpstream;
let gateway: InProcessGateway<typeof systemClock>;
const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });

beforeAll(async () => {
  upstream = await sdkV2HttpUpstream();
  gateway = await inProcessGateway({
    clock: systemClock,
    config: gatewayConfig({ echo: { url: upstream.url } }),
  });
});
afterAll(async () => {
  agent.destroy();
  await gateway.close();
  await upstream.close();
});

it('gives no answer to anybody but the client that asked', { timeout: 180_000 }, async () => {
  const projects = [];
  for (let index = 0; index < CLIENTS; index += 1) projects.push(await gateway.project());
  const answers = await Promise.all(
    projects.map(async ({ token }, index) => {
      const client = index.toString(16).padStart(3, '0');
      const texts: string[] = [];
      for (let turn = 0; turn < CALLS_EACH; turn += 1) {
        texts.push(await call(token, `marker-${client}-${String(turn)}`));
      }
      return texts;
    }),
  );
  let succeeded = 0;
  for (const [index, texts] of answers.entries()) {
    const client = index.toString(16).padStart(3, '0');
    for (const [turn, text] of texts.entries()) {
      const markers = new Set(text.match(MARKER));
      expect([...markers].filter((marker) => marker !== `marker-${client}-${String(turn)}`)).toEqual([]);
      if (markers.size === 1) succeeded += 1;
    }
  }
  // Answers without any marker would prove nothing. A machine that is busy refuses some as overloaded.
  expect(succeeded).toBeGreaterThan((CLIENTS * CALLS_EACH) / 2);

  await gateway.gateway.flushAudit();
  for (const { projectId, tokenId } of projects) {
    const calls = await gateway.gateway.storage.toolCalls.search(projectId);
    expect(calls).toHaveLength(CALLS_EACH);
    expect(calls.every((row) => row.tokenId === tokenId)).toBe(true);
  }
});

/** Every client uses the same id for the same turn: nothing but the connection tells them apart. */
function call(token: string, marker: string): Promise<string> {
  const wanted = modernRequest(
    'tools/call',
    { name: 'echo__echo', arguments: { message: marker } },
    { token },
  );
  return new Promise((resolve, reject) => {
    const req = request(
      gateway.gateway.url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', accept: 'application/json', ...wanted.headers },
      },
      (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('end', () => {
          resolve(text);
        });
        res.on('error', reject);
      },
    );
    req.on('error', reject);
    req.end(JSON.stringify(wanted.body));
  });
}
