// An MCP server on stdio that does what the arguments of a call say. Plain on purpose: it must be able to do everything wrong.
import { closeSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const TOOLS = ['control', 'read'].map((name) => ({
  name,
  inputSchema: { type: 'object', additionalProperties: true },
  annotations: { readOnlyHint: true },
}));
const COMPLETE = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };

const print = (text) => process.stdout.write(`${text}\n`);
const send = (id, members) => print(JSON.stringify({ jsonrpc: '2.0', id, ...members }));
const sendText = (id, text) =>
  send(id, { result: { resultType: 'complete', content: [{ type: 'text', text }] } });

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => answer(JSON.parse(line)));
lines.on('close', () => process.exit(0));

function answer({ id, method, params }) {
  if (id === undefined) return undefined;
  if (method === 'server/discover') {
    return send(id, {
      result: { ...COMPLETE, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
    });
  }
  if (method === 'tools/list') return send(id, { result: { ...COMPLETE, tools: TOOLS } });
  return act(id, params.arguments ?? {});
}

function act(id, { mode, bytes }) {
  switch (mode) {
    case 'fail':
      return send(id, { error: { code: -32603, message: 'c4n4ry' } });
    case 'banner':
      print('Server started');
      return sendText(id, 'done');
    case 'not-rpc':
      print('{"not":"jsonrpc"}');
      return sendText(id, 'done');
    case 'long-line':
      return print('x'.repeat(bytes));
    case 'endless-line':
      return pour();
    case 'bad-utf8':
      return process.stdout.write(
        Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{"x":"\xff"}}\n`, 'latin1'),
      );
    case 'foreign-id':
      return send(id + 4711, { result: {} });
    case 'close-stdin':
      // Destroying the stream leaves the descriptor open.
      process.stdin.destroy();
      closeSync(0);
      process.stderr.write('stdin is closed\n');
      return setInterval(() => {}, 1_000);
    case 'environment':
      return sendText(id, JSON.stringify(process.env));
    case 'slow':
      return setTimeout(() => sendText(id, 'done'), 300);
    default:
      return sendText(id, String(process.pid));
  }
}

function pour() {
  const chunk = Buffer.alloc(65_536, 'x');
  try {
    for (;;) writeSync(1, chunk);
  } catch (error) {
    if (error.code === 'EAGAIN') setImmediate(pour);
  }
}
