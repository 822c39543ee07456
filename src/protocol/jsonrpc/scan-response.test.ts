import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCacheHints, scanResponse, type ScannedMessage } from './scan-response.ts';

const scan = (text: string): ScannedMessage => scanResponse(Buffer.from(text));
const problemOf = (text: string): string => {
  const message = scan(text);
  return message.kind === 'invalid' ? message.problem : message.kind;
};

describe('scanResponse: results', () => {
  it('gives the result as a view of the received bytes, with what is said about it', () => {
    const bytes = Buffer.from(
      ' {"jsonrpc":"2.0", "id":7, "result": {"content":[{"isError":true}],"resultType":"complete","isError":false,"_meta":{}} } ',
    );
    const message = scanResponse(bytes);
    expect(message).toMatchObject({
      kind: 'result',
      id: 7,
      result: {
        isEmpty: false,
        resultType: 'complete',
        hasResultType: true,
        isError: false,
        hasMeta: true,
        hasForbiddenKey: false,
      },
    });
    if (message.kind !== 'result') throw new Error('expected a result');
    expect(message.result.bytes.buffer).toBe(bytes.buffer);
    expect(message.result.bytes.toString()).toBe(
      '{"content":[{"isError":true}],"resultType":"complete","isError":false,"_meta":{}}',
    );
  });

  it('tells an empty result, an error result and an absent resultType', () => {
    expect(scan('{"jsonrpc":"2.0","id":"a","result":{ }}')).toMatchObject({
      id: 'a',
      result: { isEmpty: true, hasMeta: false, hasResultType: false, resultType: undefined, isError: false },
    });
    expect(scan('{"jsonrpc":"2.0","id":0,"result":{"isError":true}}')).toMatchObject({
      id: 0,
      result: { isError: true, isEmpty: false },
    });
    expect(scan('{"jsonrpc":"2.0","id":0,"result":{"isError":"true"}}')).toMatchObject({
      result: { isError: false },
    });
  });

  it('does not take members of deeper or other objects for those of the result', () => {
    expect(
      scan(
        '{"params":{"isError":true,"_meta":{}},"jsonrpc":"2.0","id":1,"result":{"a":{"isError":true,"resultType":"x","_meta":1}},"x":{"_meta":1}}',
      ),
    ).toMatchObject({ kind: 'result', result: { isError: false, hasMeta: false, hasResultType: false } });
  });

  it('reads member names by value: escaped ones count, other case does not', () => {
    expect(
      scan('{"jsonrpc":"2\\u002e0","\\u0069d":5,"re\\u0073ult":{"is\\u0045rror":true,"\\u005fmeta":{}}}'),
    ).toMatchObject({
      kind: 'result',
      id: 5,
      result: { isError: true, hasMeta: true },
    });
    expect(problemOf('{"jsonrpc":"2.0","id":5,"Result":{}}')).toBe('ambiguous');
    expect(problemOf('{"jsonrpc":"2.0","ID":5,"result":{}}')).toBe('wrong_id');
  });

  it('lets numbers, surrogates and __proto__ of a result pass, since nothing of it is parsed, and says so', () => {
    expect(
      scan('{"jsonrpc":"2.0","id":1,"result":{"n":12345678901234567890,"s":"\\ud800","o":{"__proto__":1}}}'),
    ).toMatchObject({
      kind: 'result',
      result: { hasForbiddenKey: true },
    });
  });

  it.each([
    ['{"jsonrpc":"2.0","id":1,"result":[]}', 'wrong_result'],
    ['{"jsonrpc":"2.0","id":1,"result":null}', 'wrong_result'],
    ['{"jsonrpc":"2.0","id":1,"result":"x"}', 'wrong_result'],
    ['{"jsonrpc":"2.0","id":1,"result":{"resultType":1}}', 'wrong_result'],
    ['{"jsonrpc":"2.0","id":null,"result":{}}', 'wrong_id'],
    ['{"jsonrpc":"2.0","result":{}}', 'wrong_id'],
    ['{"jsonrpc":"2.0","id":1.5,"result":{}}', 'wrong_id'],
    ['{"jsonrpc":"2.0","id":9007199254740993,"result":{}}', 'wrong_id'],
    ['{"jsonrpc":"2.0","id":{},"result":{}}', 'wrong_id'],
    ['{"jsonrpc":"1.0","id":1,"result":{}}', 'wrong_jsonrpc'],
    ['{"jsonrpc":2.0,"id":1,"result":{}}', 'wrong_jsonrpc'],
    ['{"jsonrpc":"2.0x","id":1,"result":{}}', 'wrong_jsonrpc'],
    ['{"id":1,"result":{}}', 'wrong_jsonrpc'],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}', 'ambiguous'],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":null}', 'ambiguous'],
    ['{"jsonrpc":"2.0","id":1,"result":{},"method":"x"}', 'ambiguous'],
    ['{"jsonrpc":"2.0","id":1}', 'ambiguous'],
    ['{"jsonrpc":"2.0","id":1,"id":2,"result":{}}', 'duplicate_key'],
    ['{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}', 'duplicate_key'],
    ['[{"jsonrpc":"2.0","id":1,"result":{}}]', 'not_an_object'],
    ['"x"', 'not_an_object'],
    ['<html></html>', 'syntax'],
    ['', 'syntax'],
    ['{"jsonrpc":"2.0","id":1,"result":{}', 'syntax'],
    ['\ufeff{"jsonrpc":"2.0","id":1,"result":{}}', 'byte_order_mark'],
    [`{"jsonrpc":"2.0","id":1,"result":{"a":${'['.repeat(63)}${']'.repeat(63)}}}`, 'too_deep'],
    [`{"jsonrpc":"2.0","id":1,"result":{"a":${'['.repeat(62)}${']'.repeat(62)}}}`, 'result'],
  ])('judges %s: %s', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });
});

describe('scanResponse: errors and calls of the upstream', () => {
  it('reads an error with and without id and data', () => {
    expect(scan('{"jsonrpc":"2.0","id":"x","error":{"code":-32602,"message":"m","data":{"a":[1]}}}')).toEqual(
      {
        kind: 'error',
        id: 'x',
        code: -32602,
        message: 'm',
        data: { a: [1] },
      },
    );
    expect(scan('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":""}}')).toEqual({
      kind: 'error',
      id: undefined,
      code: -32700,
      message: '',
      data: undefined,
    });
    expect(scan('{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}')).toMatchObject({
      kind: 'error',
      id: undefined,
    });
  });

  it('reads requests and notifications', () => {
    expect(scan('{"jsonrpc":"2.0","id":1,"method":"ping"}')).toEqual({
      kind: 'request',
      id: 1,
      method: 'ping',
    });
    expect(scan('{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}')).toEqual({
      kind: 'notification',
      method: 'notifications/progress',
      params: { progress: 1 },
    });
    expect(scan('{"jsonrpc":"2.0","method":"m"}')).toEqual({ kind: 'notification', method: 'm', params: {} });
  });

  it.each([
    ['{"jsonrpc":"2.0","id":1,"error":"x"}', 'wrong_error'],
    ['{"jsonrpc":"2.0","id":1,"error":null}', 'wrong_error'],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"m"}}', 'wrong_error'],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"m"}}', 'wrong_error'],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1}}', 'wrong_error'],
    ['{"jsonrpc":"2.0","id":[],"error":{"code":1,"message":"m"}}', 'wrong_id'],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","data":{"__proto__":1}}}', 'forbidden_key'],
    ['{"jsonrpc":"2.0","method":"m","params":{"__proto__":1}}', 'forbidden_key'],
    ['{"jsonrpc":"2.0","method":"m","params":[1]}', 'wrong_params'],
    ['{"jsonrpc":"2.0","method":1}', 'wrong_method'],
    ['{"jsonrpc":"2.0","method":""}', 'wrong_method'],
    ['{"jsonrpc":"2.0","id":null,"method":"m"}', 'wrong_id'],
  ])('refuses %s: %s', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });
});

describe('findCacheHints', () => {
  it('finds the hints of the outermost object only', () => {
    const bytes = Buffer.from(
      '{"contents":[{"ttlMs":1,"cacheScope":"public"}], "cacheScope" : "public" ,"resultType":"complete"}',
    );
    const hints = findCacheHints(bytes);
    expect(hints).toMatchObject({ hasTtlMs: false, resultType: 'complete' });
    expect(bytes.toString('utf8', hints?.scopeStart, hints?.scopeEnd)).toBe('"public"');
    expect(findCacheHints(Buffer.from('{"ttlMs":5}'))).toMatchObject({
      hasTtlMs: true,
      scopeStart: -1,
      resultType: undefined,
    });
    expect(findCacheHints(Buffer.from('{'))).toBeUndefined();
  });
});

const spellings = (name: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map(
      (escapes) =>
        `"${Array.from(name, (char, k) => (escapes[k] === true ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char)).join('')}"`,
    );
const spelled = (name: string): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(`"${name}"`) }, spellings(name));
const space = fc.constantFrom('', '', ' ', '\n', '\r\n\t', '    ');

/** An object text with members in any order, spelling and spacing. */
const objectText = (members: Record<string, fc.Arbitrary<string>>): fc.Arbitrary<string> =>
  fc
    .tuple(...Object.entries(members).map(([name, value]) => fc.tuple(spelled(name), value, space, space)))
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }))
    .map((all) => `{${all.map(([name, value, a, b]) => `${a}${name}${b}:${a}${value}${b}`).join(',')}}`);

const anyValue = fc.json({ maxDepth: 3 });
const resultText = fc
  .record({
    type: fc.option(fc.constantFrom('complete', 'input_required')),
    error: fc.option(fc.boolean()),
    meta: fc.boolean(),
    extra: fc.boolean(),
  })
  .chain((has) =>
    objectText({
      ...(has.extra ? { content: anyValue, structuredContent: anyValue } : {}),
      ...(has.type === null ? {} : { resultType: fc.constant(JSON.stringify(has.type)) }),
      ...(has.error === null ? {} : { isError: fc.constant(String(has.error)) }),
      ...(has.meta ? { _meta: fc.constant('{"a":{"isError":true}}') } : {}),
    }),
  );
const idText = fc.oneof(
  fc.maxSafeInteger().map(String),
  fc.string().map((text) => JSON.stringify(text)),
);
const envelopeText = objectText({
  jsonrpc: fc.constant('"2.0"'),
  id: idText,
  result: resultText,
  other: anyValue,
});

describe('scanResponse: properties', () => {
  it('says of any result what JSON.parse says', () => {
    fc.assert(
      fc.property(envelopeText, (text) => {
        const parsed = JSON.parse(text);
        const message = scan(text);
        if (message.kind !== 'result') {
          // Generated values can repeat names or be __proto__; everything else must be a result.
          expect(message).toEqual({ kind: 'invalid', problem: 'duplicate_key' });
          return;
        }
        expect(message.id).toBe(parsed.id);
        expect(JSON.parse(message.result.bytes.toString())).toEqual(parsed.result);
        expect(message.result).toMatchObject({
          isEmpty: Object.keys(parsed.result).length === 0,
          isError: parsed.result.isError === true,
          hasMeta: '_meta' in parsed.result,
          hasResultType: 'resultType' in parsed.result,
          resultType: parsed.result.resultType,
        });
      }),
      { numRuns: 1_500 },
    );
  });
});
