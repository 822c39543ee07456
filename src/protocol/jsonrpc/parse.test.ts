import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Inbound } from './message.ts';
import { parseInbound } from './parse.ts';

const parse = (text: string): Inbound => parseInbound(Buffer.from(text));
const request = (members: string): string => `{"jsonrpc":"2.0","id":1,"method":"tools/list"${members}}`;

interface Vector {
  name: string;
  in: string;
}
const vectors = JSON.parse(
  readFileSync(new URL('../../../test/vectors/jsonrpc.json', import.meta.url), 'utf8'),
) as Vector[];

/** What each published JSON-RPC example is for MCP: the whole message refused, or taken apart. */
const EXPECTED: Record<string, unknown> = {
  'positional params': { kind: 'invalid', id: 1, code: -32600 },
  'named params': { kind: 'request', id: 3, method: 'subtract', params: { subtrahend: 23, minuend: 42 } },
  notification: { kind: 'notification', method: 'update', params: {} },
  'non-existent method': { kind: 'request', id: '1', method: 'foobar', params: {} },
  'invalid JSON': { kind: 'invalid', code: -32700 },
  'invalid request object': { kind: 'invalid', code: -32600 },
  'batch, invalid JSON': { kind: 'invalid', code: -32700 },
  'empty array': { kind: 'invalid', code: -32600 },
  'invalid batch, one': { kind: 'batch', entries: [{ kind: 'invalid', code: -32600 }] },
  'invalid batch, three': { kind: 'batch', entries: [{ code: -32600 }, { code: -32600 }, { code: -32600 }] },
  'mixed batch': {
    kind: 'batch',
    entries: [
      { kind: 'invalid', id: '1', code: -32600 },
      { kind: 'invalid', code: -32600 },
      { kind: 'invalid', code: -32600 },
      { kind: 'request', id: '5', method: 'foo.get', params: { name: 'myself' } },
    ],
  },
  'batch all notifications': {
    kind: 'batch',
    entries: [
      { kind: 'invalid', code: -32600 },
      { kind: 'invalid', code: -32600 },
    ],
  },
  'id null': { kind: 'invalid', code: -32600 },
  'id fractional': { kind: 'invalid', code: -32600 },
};

describe('parseInbound: the examples of the JSON-RPC specification', () => {
  it.each(vectors)('$name', (vector) => {
    expect(EXPECTED).toHaveProperty([vector.name]);
    const inbound = parse(vector.in);
    expect(inbound).toMatchObject(EXPECTED[vector.name] as object);
    if (inbound.kind === 'invalid' && !Object.hasOwn(EXPECTED[vector.name] as object, 'id'))
      expect(inbound).not.toHaveProperty('id');
  });
});

describe('parseInbound: what a message is', () => {
  it('takes requests with string and integer ids, including zero and the empty string', () => {
    for (const id of ['0', '-0', '-5', '9007199254740991', '""', '"a"', `"${'x'.repeat(256)}"`]) {
      expect(parse(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`)).toMatchObject({
        kind: 'request',
        method: 'ping',
        params: {},
      });
    }
  });

  it('refuses every other id and does not repeat it', () => {
    for (const id of [
      'null',
      'true',
      '1.5',
      '{}',
      '[1]',
      `"${'x'.repeat(257)}"`,
      '9007199254740993',
      '1e400',
      '"\\ud800"',
    ]) {
      const inbound = parse(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`);
      expect(inbound).toMatchObject({ kind: 'invalid', code: -32600 });
      expect(inbound).not.toHaveProperty('id');
    }
  });

  it.each([
    ['jsonrpc absent', '{"id":1,"method":"m"}'],
    ['jsonrpc 1.0', '{"jsonrpc":"1.0","id":1,"method":"m"}'],
    ['jsonrpc a number', '{"jsonrpc":2,"id":1,"method":"m"}'],
    ['jsonrpc in an array', '{"jsonrpc":["2.0"],"id":1,"method":"m"}'],
    ['method absent', '{"jsonrpc":"2.0","id":1}'],
    ['method a number', '{"jsonrpc":"2.0","id":1,"method":1}'],
    ['method null', '{"jsonrpc":"2.0","id":1,"method":null}'],
    ['method an array', '{"jsonrpc":"2.0","id":1,"method":["tools/list"]}'],
    ['method empty', '{"jsonrpc":"2.0","id":1,"method":""}'],
    ['method too long', `{"jsonrpc":"2.0","id":1,"method":"${'a'.repeat(129)}"}`],
    ['params an array', request(',"params":[]')],
    ['params null', request(',"params":null')],
    ['params a string', request(',"params":"x"')],
    ['unknown member', request(',"note":1')],
    ['member in other case', request(',"Method":"tools/call"')],
    ['member with long s', request(',"param\u017f":{}')],
    ['result beside method', request(',"result":{}')],
    ['__proto__ member', request(',"__proto__":{"admin":true}')],
    [
      'duplicate name in params',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"safe","name":"danger"}}',
    ],
    ['__proto__ in arguments', request(',"params":{"arguments":{"__proto__":1}}')],
  ])('refuses %s with -32600 and the id', (_name, text) => {
    expect(parse(text)).toMatchObject({ kind: 'invalid', id: 1, code: -32600 });
  });

  it('gives no id when the envelope itself is ambiguous', () => {
    expect(parse('{"jsonrpc":"2.0","id":1,"id":2,"method":"m"}')).not.toHaveProperty('id');
    expect(parse('{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}')).toMatchObject({
      code: -32600,
    });
  });

  it('refuses values in params that cannot be carried exactly with -32602 and the id', () => {
    for (const value of ['9007199254740993', '1e400', '"\\ud800"']) {
      expect(parse(request(`,"params":{"arguments":{"n":${value}}}`))).toMatchObject({
        kind: 'invalid',
        id: 1,
        code: -32602,
      });
    }
  });

  it.each([
    ['true', -32600],
    ['42', -32600],
    ['"x"', -32600],
    ['null', -32600],
    ['', -32700],
    ['{', -32700],
    ['\ufeff{}', -32700],
    [`${'['.repeat(65)}${']'.repeat(65)}`, -32600],
    [`[${'0,'.repeat(60_000)}0]`, -32600],
  ])('refuses the text %j with %d', (text, code) => {
    const inbound = parse(text);
    expect(inbound).toMatchObject({ kind: 'invalid', code });
    expect(inbound).not.toHaveProperty('id');
  });

  it('takes names of Object.prototype for ordinary text', () => {
    expect(
      parse('{"jsonrpc":"2.0","id":1,"method":"constructor","params":{"then":1,"hasOwnProperty":1}}'),
    ).toEqual({
      kind: 'request',
      id: 1,
      method: 'constructor',
      params: JSON.parse('{"then":1,"hasOwnProperty":1}'),
    });
  });

  it('knows a posted response, and refuses a broken one', () => {
    expect(parse('{"jsonrpc":"2.0","id":1,"result":{}}')).toEqual({ kind: 'response' });
    expect(parse('{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}')).toEqual({
      kind: 'response',
    });
    for (const text of [
      '{"jsonrpc":"2.0","result":{}}',
      '{"jsonrpc":"1.0","id":1,"result":{}}',
      '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}',
      '{"jsonrpc":"2.0","id":1,"result":{},"params":{}}',
    ]) {
      expect(parse(text)).toMatchObject({ kind: 'invalid', code: -32600 });
    }
  });

  it('takes 50 messages in a batch, refuses the 51st, and refuses a batch in a batch', () => {
    const batch = (count: number): string =>
      `[${Array.from({ length: count }, () => request('')).join(',')}]`;
    const full = parse(batch(50));
    expect(full.kind === 'batch' && full.entries.length).toBe(50);
    expect(parse(batch(51))).toMatchObject({ kind: 'invalid', code: -32600 });
    expect(parse('[[]]')).toMatchObject({ kind: 'batch', entries: [{ kind: 'invalid', code: -32600 }] });
  });

  it('checks names inside a batch as deep as in a single message', () => {
    expect(parse(`[${request(',"params":{"arguments":{"x":1,"x":2}}')}]`)).toMatchObject({
      kind: 'invalid',
      code: -32600,
    });
    expect(parse(`[${request(',"params":{"arguments":{"n":1e400}}')}]`)).toMatchObject({
      kind: 'invalid',
      code: -32600,
    });
  });

  it('never repeats what was sent', () => {
    const canary = 'c4n4ry';
    for (const text of [
      `{"${canary}":1}`,
      `{"jsonrpc":"${canary}"}`,
      request(`,"${canary}":1`),
      canary,
      request(`,"params":"${canary}"`),
    ]) {
      expect(JSON.stringify(parse(text))).not.toContain(canary);
    }
  });
});

interface BadInput {
  id: string;
  group: string;
  name: string;
  input: { body?: string; body_base64?: string };
  expect: { dispatched: boolean; rpc: unknown; id?: unknown };
}
const badInput = (
  JSON.parse(readFileSync(new URL('../../../test/vectors/bad-input.json', import.meta.url), 'utf8')) as {
    cases: BadInput[];
  }
).cases;

/** Those that are refused by this layer alone and whose body is given in full. */
const refusedHere = badInput.filter(
  (one) =>
    ['D-json-text', 'E-jsonrpc-shape'].includes(one.group) &&
    !one.expect.dispatched &&
    typeof one.expect.rpc === 'number' &&
    [-32700, -32600, -32602].includes(one.expect.rpc) &&
    (one.input.body_base64 !== undefined ||
      (one.input.body !== undefined && !/<[0-9]|\.\.\./.test(one.input.body))),
);

describe('parseInbound: hostile input', () => {
  it('has cases to try', () => {
    expect(refusedHere.length).toBeGreaterThan(40);
  });

  it.each(refusedHere)('$id $name', (one) => {
    const bytes =
      one.input.body_base64 === undefined
        ? Buffer.from(one.input.body ?? '')
        : Buffer.from(one.input.body_base64, 'base64');
    const inbound = parseInbound(bytes);
    // A batch is refused by classification, which knows the revision.
    if (inbound.kind === 'batch') return;
    expect(inbound).toMatchObject({ kind: 'invalid', code: one.expect.rpc });
    if (one.expect.id === null) expect(inbound).not.toHaveProperty('id');
    else if (one.expect.id !== undefined) expect(inbound).toHaveProperty('id', one.expect.id);
  });
});
