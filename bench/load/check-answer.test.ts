import { describe, expect, it } from 'vitest';
import { echoResult, echoText } from '../echo-result.ts';
import { createAnswerCheck } from './check-answer.ts';

const text = echoText(200);
const id = 1_000_000_007;

function verdict(body: string, over: { status?: number; keepAlive?: boolean } = {}): string | undefined {
  return createAnswerCheck(text)({ status: 200, keepAlive: true, body: Buffer.from(body), ...over }, id);
}

describe('createAnswerCheck', () => {
  it.each([
    ['before the result', `{"jsonrpc":"2.0","id":${id},"result":${echoResult(200)}}`],
    ['after the result', `{"result":${echoResult(200)},"jsonrpc":"2.0","id":${id}}`],
  ])('accepts the right answer with the id %s', (_name, body) => {
    expect(verdict(body)).toBeUndefined();
  });

  it('voids a status other than 200, a foreign id, a changed text and a closed connection', () => {
    const right = `{"jsonrpc":"2.0","id":${id},"result":${echoResult(200)}}`;
    expect(verdict(right, { status: 429 })).toContain('429');
    expect(verdict(right, { keepAlive: false })).toContain('closes');
    expect(verdict(right.replace(String(id), String(id + 1)))).toContain('not echoed');
    expect(verdict(right.replace('quick', 'quiet'))).toContain('wrong text');
  });

  it('voids a tool error that carries the expected text', () => {
    const body = `{"jsonrpc":"2.0","id":${id},"result":{"isError":true,"content":[{"type":"text","text":"${text}"}]}}`;
    expect(verdict(body)).toContain('wrong answer');
  });
});

describe('echoResult', () => {
  it.each([100, 200, 65_536, 1_048_576])('is exactly %i bytes of JSON', (size) => {
    expect(Buffer.byteLength(echoResult(size))).toBe(size);
    expect(JSON.parse(echoResult(size))).toMatchObject({ content: [{ text: echoText(size) }] });
  });
});
