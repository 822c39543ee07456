import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

function valueOf(text: string): unknown {
  const result = parseJson(text);
  if (!result.ok) throw new Error(`${result.problem.expected} / ${result.problem.found}`);
  return result.value;
}

function problemOf(text: string): { at: string; expected: string; found: string } {
  const result = parseJson(text);
  if (result.ok) throw new Error('parsed');
  const { position, expected, found } = result.problem;
  return { at: `${position.line}:${position.column}`, expected, found };
}

describe('parseJson', () => {
  it('reads comments, trailing commas and a byte order mark', () => {
    const text =
      '\ufeff// head\n{ /* a */ "a": [1, 2, /* x */ ], // end\n "b": {"c": "// no comment /* */",}, }\n// tail';
    expect(valueOf(text)).toEqual({ a: [1, 2], b: { c: '// no comment /* */' } });
  });

  it.each([
    ['{"a" 1}', '1:6', '":"', 'a digit'],
    ['{\n  "a": 1\n  "b": 2\n}', '3:3', '"," or "}"', 'a double quote'],
    [
      "{'a': 1}",
      '1:2',
      'a member name in double quotes or "}"',
      'a single quote (JSON strings use double quotes)',
    ],
    [
      '{"a": \u201cx\u201d}',
      '1:7',
      'a JSON value',
      'a typographic quote (JSON strings use straight double quotes)',
    ],
    ['{"a":\u00a01}', '1:6', 'a JSON value', 'an invisible character'],
    ['{"a": "x', '1:7', 'a closing double quote', 'the end of the file'],
    ['{"a": "x\n"}', '1:7', 'a closing double quote', 'the end of the line'],
    ['["a\tb"]', '1:4', 'a string without control characters', 'a control character'],
    [
      '["\\x"]',
      '1:2',
      'a string in which every \\ starts a JSON escape (write \\\\ for one)',
      'another escape',
    ],
    ['{"a": 1} {', '1:10', 'nothing after the document', '"{"'],
    ['{"a": 1', '1:8', '"," or "}"', 'the end of the file'],
    ['', '1:1', 'a JSON value', 'the end of the file'],
    ['[1,,2]', '1:4', 'a JSON value', '","'],
    ['[,]', '1:2', 'a JSON value', '","'],
    ['[01]', '1:2', 'a JSON value', 'a digit'],
    ['[tru]', '1:2', 'a JSON value', 'a letter'],
    ['[NaN]', '1:2', 'a JSON value', 'a letter'],
    ['[1] /* never', '1:5', 'the end of the comment, */', 'the end of the file'],
    ['\r\n\r\n[}', '3:2', 'a JSON value', '"}"'],
  ])('names line and column of the mistake in %j', (text, at, expected, found) => {
    expect(problemOf(text)).toEqual({ at, expected, found });
  });

  it('never shows a character of an unquoted secret', () => {
    const problem = problemOf('{"token": hunter2}');
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|"h"/);
  });

  it('reports a repeated member with its path and keeps the first value', () => {
    const result = parseJson('{"a": {"b": 1, "b": 2}, "c": [{"d": 0, "d": 1}]}');
    if (!result.ok) throw new Error('not parsed');
    expect(result.duplicates).toEqual([
      ['a', 'b'],
      ['c', 0, 'd'],
    ]);
    expect(result.value).toEqual({ a: { b: 1 }, c: [{ d: 0 }] });
  });

  it('refuses a member named __proto__', () => {
    expect(problemOf('{"__proto__": {"polluted": true}}').found).toBe('the name __proto__');
  });

  it('refuses nesting beyond 64 levels and numbers that are not finite', () => {
    expect(valueOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeDefined();
    expect(problemOf(`${'['.repeat(65)}${']'.repeat(65)}`).expected).toMatch(/64 levels/);
    expect(problemOf('[1e999]').expected).toMatch(/number/);
    expect(problemOf(`[${'9'.repeat(33)}]`).expected).toMatch(/number/);
  });

  it('refuses more than 50,000 values', () => {
    expect(problemOf(`[${'1,'.repeat(50_000)}1]`).expected).toMatch(/50000 values/);
  });

  it('locates members by name and, when they are missing, their nearest parent', () => {
    const result = parseJson('{\n  "a": {\n    "b": [10, 20]\n  }\n}');
    if (!result.ok) throw new Error('not parsed');
    expect(result.locate(['a', 'b', 1])).toEqual({ line: 3, column: 15 });
    expect(result.locate(['a', 'missing'])).toEqual({ line: 2, column: 3 });
    expect(result.locate([])).toEqual({ line: 1, column: 1 });
  });
});

/** Strings of what could be taken for syntax, a comment or an escape; plain random text almost never has any. */
const stringUnit = fc.oneof(
  fc.constantFrom(
    '"',
    '\\',
    '/',
    '*',
    '//',
    '/*',
    '*/',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\n',
    '\t',
    '\u0000',
    '\ud83c\udf0a',
    '\u00e9',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const json = fc
  .jsonValue({ maxDepth: 6, stringUnit })
  .filter((value) => !JSON.stringify(value).includes('"__proto__"'));

/** Writes a value with random blanks, comments and trailing commas between its tokens. */
function writeLoosely(value: unknown, next: () => number): string {
  const fillers = ['', ' ', '\n', '\t', '/* x " } */', '// y ] "\n', '\r\n'];
  const fill = (): string => fillers[next() % fillers.length] ?? '';
  const tail = (isEmpty: boolean): string => (!isEmpty && next() % 2 === 0 ? `,${fill()}` : '');
  if (Array.isArray(value)) {
    const items = value.map((item) => `${fill()}${writeLoosely(item, next)}${fill()}`);
    return `[${fill()}${items.join(',')}${tail(items.length === 0)}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, member]) =>
        `${fill()}${JSON.stringify(key)}${fill()}:${fill()}${writeLoosely(member, next)}${fill()}`,
    );
    return `{${fill()}${members.join(',')}${tail(members.length === 0)}}`;
  }
  return JSON.stringify(value);
}

describe('parseJson on random texts', () => {
  it('returns what JSON.parse returns for every JSON text', () => {
    fc.assert(
      fc.property(json, fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const result = parseJson(text);
        const hasLongNumber = /[0-9.eE+-]{33,}/.test(text);
        if (!hasLongNumber) expect(result.ok && result.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('reads the same value through comments, blanks and trailing commas', () => {
    fc.assert(
      fc.property(json, fc.array(fc.nat(1000), { minLength: 50, maxLength: 50 }), (value, choices) => {
        let at = 0;
        const next = (): number => choices[at++ % choices.length] ?? 0;
        const result = parseJson(`${writeLoosely(value, next)}// end`);
        expect(result.ok && result.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, and accepts whatever JSON.parse accepts', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '/',
      '*',
      '"a"',
      '1',
      '-',
      'true',
      'null',
      ' ',
      '\n',
      '\u00e9',
      '\\u12',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 24 }), (tokens) => {
        const text = tokens.join('');
        const result = parseJson(text);
        let reference: { value: unknown } | undefined;
        try {
          reference = { value: JSON.parse(text) };
        } catch {
          reference = undefined;
        }
        if (reference !== undefined) expect(result.ok).toBe(true);
        if (!result.ok) expect(result.problem.position.line).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });
});
