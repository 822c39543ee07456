// A scriptable MCP server on stdio. The first argument is JSON: what it does.
// Deliberately plain: it must be able to do everything wrong.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const plan = JSON.parse(process.argv[2] ?? '{}');
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const note = (event) => {
  if (plan.journal !== undefined) appendFileSync(plan.journal, `${event}\n`);
};

note(`start ${process.pid}`);
if (plan.banner !== undefined) process.stdout.write(`${plan.banner}\n`);
if (plan.stderr !== undefined) process.stderr.write(plan.stderr);
if (plan.exitAtOnce) process.exit(3);
if (plan.grandchild) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  note(`grandchild ${child.pid}`);
}
if (plan.ignoreTerm) process.on('SIGTERM', () => note('SIGTERM'));
if (plan.ignoreEnd) setInterval(() => {}, 1000);
if (plan.deaf) {
  // Never reads: what is sent stays in the pipe.
  setInterval(() => {}, 1000);
} else {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => answer(JSON.parse(line)));
  lines.on('close', () => {
    note('end');
    if (!plan.ignoreEnd) process.exit(0);
  });
}

function answer(message) {
  note(
    `got ${message.method ?? 'answer'} ${JSON.stringify(message.id ?? message.params?.requestId ?? null)}`,
  );
  const { id, method, params } = message;
  const isModern = plan.era !== 'legacy';
  if (method === undefined || id === undefined) return;
  if (method === 'server/discover') {
    if (plan.onDiscover === 'exit') process.exit(1);
    if (plan.onDiscover === 'silent') return;
    if (!isModern) return send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } });
    const capabilities = { tools: {} };
    const result = {
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities,
      ttlMs: 0,
      cacheScope: 'private',
    };
    return setTimeout(() => send({ jsonrpc: '2.0', id, result }), plan.discoverAfterMs ?? 0);
  }
  if (method === 'initialize') {
    if (isModern)
      return send({
        jsonrpc: '2.0',
        id,
        error: { code: -32022, message: 'modern only', data: { supported: ['2026-07-28'] } },
      });
    const serverInfo = { name: 'old', version: '1' };
    return send({
      jsonrpc: '2.0',
      id,
      result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo },
    });
  }
  if (method !== 'tools/call') return send({ jsonrpc: '2.0', id, result: { tools: [] } });
  act(id, params.name, params.arguments ?? {});
}

function act(id, name, args) {
  const result = { content: [{ type: 'text', text: name }] };
  switch (name) {
    case 'echo':
      return send({
        jsonrpc: '2.0',
        id,
        result: { content: [{ type: 'text', text: JSON.stringify(args) }] },
      });
    case 'id-last':
      return process.stdout.write(
        `{"result":{"content":[],"x":"${'x'.repeat(args.bytes)}"},"jsonrpc":"2.0","id":${id}}\n`,
      );
    case 'big':
      return send({ jsonrpc: '2.0', id, result: { content: [], x: 'x'.repeat(args.bytes) } });
    case 'big-without-id':
      return process.stdout.write(`${'x'.repeat(args.bytes)}\n`);
    case 'endless':
      return pour();
    case 'hang':
      return undefined;
    case 'crash':
      return process.exit(9);
    case 'answer-and-exit':
      return process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`, () =>
        process.exit(0),
      );
    case 'close-stdin':
      // Destroying the stream leaves the descriptor open.
      process.stdin.destroy();
      closeSync(0);
      return setInterval(() => {}, 1000);
    case 'env':
      return send({ jsonrpc: '2.0', id, result: { content: [], env: process.env } });
    case 'invalid-utf8':
      return process.stdout.write(
        Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"x":"\xff"}}\n`, 'latin1'),
      );
    case 'noise':
      process.stdout.write('not json\n{"not":"jsonrpc"}\n\n'.repeat(args.times ?? 1));
      return send({ jsonrpc: '2.0', id, result });
    case 'other-ids':
      send({ jsonrpc: '2.0', id: 4711, result: {} });
      send({ jsonrpc: '2.0', id: String(id), result: {} });
      return send({ jsonrpc: '2.0', id, result });
    case 'ask-client':
      send({ jsonrpc: '2.0', id: 'p', method: 'ping' });
      send({ jsonrpc: '2.0', id: 's', method: 'sampling/createMessage', params: {} });
      return setTimeout(() => send({ jsonrpc: '2.0', id, result }), 100);
    case 'is-error':
      return send({ jsonrpc: '2.0', id, result: { content: [], isError: true } });
    default:
      return send({ jsonrpc: '2.0', id, error: { code: -32602, message: `unknown \u001b[31mtool` } });
  }
}

function pour() {
  while (process.stdout.write('x'.repeat(65_536)));
  process.stdout.once('drain', pour);
}
