import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandString } from './expand.ts';

const env = {
  TOKEN: 'tok-123456',
  EMPTY: '',
  SHORT: 'eu',
  HOME: '/home/someone',
  NESTED: '${TOKEN}',
  DOLLAR: '$TOKEN $${x',
};

function expanded(template: string): string {
  const result = expandString(template, { env });
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

describe('expandString', () => {
  it.each([
    ['Bearer ${TOKEN}', 'Bearer tok-123456'],
    ['${env:TOKEN}', 'tok-123456'],
    ['${TOKEN}${SHORT}', 'tok-123456eu'],
    ['${NOPE:-fallback value}', 'fallback value'],
    ['${NOPE:-}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${env:NOPE:-x}', 'x'],
    ['${TOKEN:-unused}', 'tok-123456'],
    ['$${TOKEN}', '${TOKEN}'],
    ['$$${TOKEN}', '$${TOKEN}'],
    ['$TOKEN and pa$$word$', '$TOKEN and pa$$word$'],
    ['no variable }', 'no variable }'],
    ['', ''],
  ])('fills %j in as %j', (template, value) => {
    expect(expanded(template)).toBe(value);
  });

  it('does not look at a value again', () => {
    expect(expanded('${NESTED}')).toBe('${TOKEN}');
    expect(expanded('x${DOLLAR}y')).toBe('x$TOKEN $${xy');
  });

  it('names every unset variable of a string', () => {
    expect(expandString('${A}-${TOKEN}-${env:B}', { env })).toEqual({
      ok: false,
      failures: [
        { reason: 'unset', variable: 'A' },
        { reason: 'unset', variable: 'B' },
      ],
    });
  });

  it.each([
    '${',
    '${}',
    '${1A}',
    '${A B}',
    '${TOKEN',
    '${A:-${TOKEN}}',
    '${input:token}',
    '${env:}',
    '${A:=x}',
  ])('refuses %j instead of passing it on as text', (template) => {
    const result = expandString(template, { env });
    expect(result.ok).toBe(false);
  });

  it('takes no variable from the prototype of the environment', () => {
    expect(expandString('${constructor}', { env }).ok).toBe(false);
    expect(expandString('${toString}', { env: {} }).ok).toBe(false);
  });

  it('marks values of variables as secret, but neither short ones nor those that only describe the process', () => {
    expect(expandString('${TOKEN} ${SHORT} ${HOME} ${NOPE:-from-the-file}', { env })).toMatchObject({
      secrets: ['tok-123456'],
    });
  });

  it('says which variables are set but empty', () => {
    expect(expandString('a${EMPTY}b', { env })).toMatchObject({ value: 'ab', emptyVariables: ['EMPTY'] });
  });

  it('leaves text without "${" as it is, whatever the environment holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        expect(expanded(text)).toBe(text);
      }),
    );
  });

  it('inserts any value verbatim between any texts', () => {
    const plain = fc.string().filter((text) => !text.includes('$'));
    fc.assert(
      fc.property(plain, fc.string({ minLength: 1 }), plain, (before, value, after) => {
        const result = expandString(`${before}\${V}${after}`, { env: { V: value } });
        expect(result.ok && result.value).toBe(before + value + after);
      }),
    );
  });

  it('gives back any text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-') }), (text) => {
        const escaped = text.replaceAll('${', () => '$${');
        expect(expandString(escaped, { env: {} })).toMatchObject({ ok: true, value: text });
      }),
    );
  });
});
