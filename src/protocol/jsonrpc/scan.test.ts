import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson, type ScanProblem } from './scan.ts';

const problemOf = (text: string | Buffer): ScanProblem | 'ok' => {
  const result = scanJson(Buffer.isBuffer(text) ? text : Buffer.from(text));
  return result.ok ? 'ok' : result.problem;
};
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('scanJson: what is JSON', () => {
  it.each([
    '{}',
    '[]',
    '""',
    '0',
    '-0',
    '1.5e-7',
    'true',
    'false',
    'null',
    ' \t\r\n{ } \n',
    '[1 , 2]',
    '{"a" : [ { } ] }',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"',
    '"\\ud83d\\ude00"',
    '"żółć 漢字 😀"',
    '"\u007f"',
    '[[],{},[[]]]',
    '{"":0}',
    '-1E+2',
    '10',
  ])('accepts %j', (text) => {
    expect(problemOf(text)).toBe('ok');
    expect(JSON.parse(text)).toBeDefined();
  });

  it.each([
    '',
    ' ',
    '{',
    '}',
    '[',
    ']',
    '{]',
    '[}',
    '[1,]',
    '{"a":1,}',
    '{,}',
    '[,1]',
    '[1 2]',
    '{"a" 1}',
    '{"a":}',
    '{a:1}',
    "{'a':1}",
    '{"a":1}{}',
    '{}x',
    '[]]',
    'tru',
    'truex',
    'nul',
    'True',
    'NaN',
    'Infinity',
    '+1',
    '01',
    '-',
    '-a',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x10',
    '"',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"a\tb"',
    '"a\nb"',
    '"\u0000"',
    '{"a":1 "b":2}',
    '/*x*/{}',
    '{}\u0000',
    '\u00a0{}',
    '\u2028{}',
    ")]}',\n{}",
    '<html></html>',
    'cb({})',
    '{"a":1}\n{"b":2}',
    '1 2',
    '-01',
    '00',
    '{"a"}',
    '{1:2}',
    '\f{}',
  ])('refuses %j as JSON.parse does', (text) => {
    expect(problemOf(text)).toBe('syntax');
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('refuses bytes that are not UTF-8 and a byte order mark', () => {
    expect(problemOf(Buffer.from([0x22, 0xe9, 0x22]))).toBe('invalid_utf8');
    expect(problemOf(Buffer.from([0x22, 0xc0, 0xaf, 0x22]))).toBe('invalid_utf8');
    expect(problemOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe('invalid_utf8');
    expect(problemOf(Buffer.from('"é"').subarray(0, 2))).toBe('invalid_utf8');
    expect(problemOf(Buffer.from('\ufeff{}'))).toBe('byte_order_mark');
    expect(problemOf(Buffer.from('{}', 'utf16le'))).toBe('syntax');
  });

  it('refuses each of the 32 control characters in a string, and nothing else in ASCII', () => {
    for (let unit = 0; unit < 128; unit++) {
      const char = String.fromCharCode(unit);
      const isPlain = unit >= 0x20 && char !== '"' && char !== '\\';
      expect([unit, problemOf(`"${char}x"`)]).toEqual([unit, isPlain ? 'ok' : 'syntax']);
    }
  });

  it('does not read beside a view of a larger buffer', () => {
    const whole = Buffer.from('[1]"2"tru');
    expect(problemOf(whole.subarray(0, 3))).toBe('ok');
    expect(problemOf(whole.subarray(3, 6))).toBe('ok');
    expect(problemOf(Buffer.from('true').subarray(0, 3))).toBe('syntax');
  });
});

describe('scanJson: limits', () => {
  it('accepts 64 open containers and refuses the 65th', () => {
    expect(problemOf(nested(64))).toBe('ok');
    expect(problemOf(nested(65))).toBe('too_deep');
    expect(problemOf('{"a":'.repeat(64) + '1' + '}'.repeat(64))).toBe('ok');
    expect(problemOf('{"a":'.repeat(65) + '1' + '}'.repeat(65))).toBe('too_deep');
    expect(problemOf('['.repeat(1_000_000))).toBe('too_deep');
  });

  it('accepts 50,000 values and refuses one more, in arrays and in objects', () => {
    const zeros = (count: number): string => `[${'0,'.repeat(count - 1)}0]`;
    expect(problemOf(zeros(49_999))).toBe('ok');
    expect(problemOf(zeros(50_000))).toBe('too_many_nodes');
    const keys = (count: number): string =>
      `{${Array.from({ length: count }, (_, k) => `"k${k}":1`).join(',')}}`;
    expect(problemOf(keys(49_999))).toBe('ok');
    expect(problemOf(keys(60_000))).toBe('too_many_nodes');
  });

  it('accepts a number of 32 characters and refuses one of 33', () => {
    expect(problemOf(`0.${'1'.repeat(30)}`)).toBe('ok');
    expect(problemOf(`0.${'1'.repeat(31)}`)).toBe('number_too_long');
    expect(problemOf(`-${'1'.repeat(1_000_000)}`)).toBe('number_too_long');
  });

  it('lets a caller lower each limit, and never raise one or switch it off', () => {
    const scan = (text: string, limits: Parameters<typeof scanJson>[1]): string => {
      const result = scanJson(Buffer.from(text), limits);
      return result.ok ? 'ok' : result.problem;
    };
    expect(scan(nested(3), { depthMax: 2 })).toBe('too_deep');
    expect(scan('[1,2]', { nodesMax: 2 })).toBe('too_many_nodes');
    expect(scan('123', { numberCharsMax: 2 })).toBe('number_too_long');
    expect(scan('{"a":{"b":1,"b":2}}', { duplicateKeyDepthMax: 1 })).toBe('ok');
    for (const depthMax of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1000]) {
      expect(scan(nested(65), { depthMax })).toBe('too_deep');
      expect(scan(nested(64), { depthMax })).toBe('ok');
    }
  });
});

describe('scanJson: what would be read differently elsewhere', () => {
  it.each([
    ['{"a":1,"a":2}', 1],
    ['{"a":1,"\\u0061":2}', 1],
    ['{"\\u0061":1,"a":2}', 1],
    ['{"é":1,"\\u00e9":2}', 1],
    ['{"":1,"":2}', 1],
    ['{"p":{"name":"safe","name":"danger"}}', 2],
    ['{"p":{"arguments":{"x":1,"y":{},"x":2}}}', 3],
    ['{"p":[{"x":1,"x":2}]}', 3],
    ['[{"p":{"q":{"x":1,"x":2}}}]', 4],
  ])('refuses the duplicate name in %s', (text, depth) => {
    expect(scanJson(Buffer.from(text))).toEqual({ ok: false, problem: 'duplicate_key', isJson: true, depth });
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":1,"A":2,"a ":3}',
    '{"é":1,"e\\u0301":2}',
    '{"p":{"arguments":{"deep":{"x":1,"x":2}}}}',
    '{"a":{"x":1},"b":{"x":1}}',
  ])('accepts %s', (text) => {
    expect(problemOf(text)).toBe('ok');
  });

  it('finds a duplicate among thousands of names, whichever the two are', () => {
    for (const [first, second] of [
      [0, 4_999],
      [3, 17],
      [15, 16],
      [16, 17],
      [4_000, 4_001],
    ] as const) {
      const names = Array.from({ length: 5_000 }, (_, k) => `k${k}`);
      names[second] = names[first] ?? '';
      expect(problemOf(`{${names.map((name) => `"${name}":0`).join(',')}}`)).toBe('duplicate_key');
    }
    const escaped = Array.from({ length: 40 }, (_, k) => `"k${k}":0`);
    expect(problemOf(`{${escaped.join(',')},"\\u006b7":0}`)).toBe('duplicate_key');
  });

  it('refuses __proto__ as a member name at any depth, however it is spelled, and not as a value', () => {
    expect(problemOf('{"__proto__":{"admin":true}}')).toBe('forbidden_key');
    expect(problemOf('{"a":[[[[{"\\u005f_proto__":1}]]]]}')).toBe('forbidden_key');
    expect(problemOf('["__proto__"]')).toBe('ok');
    expect(problemOf('{"__proto_":1,"constructor":1,"then":1,"__proto__x":1}')).toBe('ok');
  });

  it.each([
    ['9007199254740991', 'ok'],
    ['-9007199254740991', 'ok'],
    ['9007199254740992', 'number_out_of_range'],
    ['-9007199254740993', 'number_out_of_range'],
    ['12345678901234567890', 'number_out_of_range'],
    ['1e400', 'number_out_of_range'],
    ['-1E400', 'number_out_of_range'],
    ['1e308', 'ok'],
    ['0.1', 'ok'],
    ['3.141592653589793238', 'ok'],
    ['-0', 'ok'],
  ])('judges the number %s: %s', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
    expect(problemOf(`{"a":[${text}]}`)).toBe(expected);
  });

  it.each([
    ['"\\ud83d\\ude00"', 'ok'],
    ['"\\uD83D\\uDE00x"', 'ok'],
    ['"\\ud800"', 'lone_surrogate'],
    ['"\\udc00"', 'lone_surrogate'],
    ['"\\ude00\\ud83d"', 'lone_surrogate'],
    ['"\\ud83d\\ud83d\\ude00"', 'lone_surrogate'],
    ['"\\ud83d\\ud83d"', 'lone_surrogate'],
    ['"\\ud83d\\n"', 'lone_surrogate'],
    ['"\\ud83dx"', 'lone_surrogate'],
    ['{"\\ud800":1}', 'lone_surrogate'],
  ])('judges the surrogates of %s: %s', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  it('still reports a syntax error behind such a finding', () => {
    expect(problemOf('{"a":1,"a":2')).toBe('syntax');
    expect(problemOf('["\\ud800"')).toBe('syntax');
    expect(problemOf('["\\ud83d\\u12"]')).toBe('syntax');
  });
});

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The reference: fatal UTF-8 decoding, then JSON.parse, which is what runs behind the scanner. */
function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(strictDecoder.decode(bytes));
    return true;
  } catch {
    return false;
  }
}

const rarely = <T>(usual: T, ...wrong: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 25, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );

/** JSON as it is printed, with a slip of the grammar here and there: about half of the texts are valid. */
const { value: nearlyJson } = fc.letrec<{ value: string }>((tie) => {
  const scalar = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        '0',
        '-1',
        '10',
        '1.5',
        '2e3',
        '-0.1E-7',
        'true',
        'false',
        'null',
        '""',
        '"a"',
      ),
    },
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '"\\u00e9"',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '"\\/\\b"',
        '1e400',
        '9007199254740993',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '01',
        '1.',
        '.1',
        '1e',
        '-',
        '+1',
        'tru',
        'nulll',
        '"',
        '"\\x"',
        '"\\u12"',
        '"\t"',
        "'a'",
        '',
        '0x1',
        'NaN',
      ),
    },
  );
  const spaced = fc
    .tuple(fc.constantFrom('', '', ' ', '\n\t'), tie('value'), rarely('', ' ', '\f', '\u00a0'))
    .map((parts) => parts.join(''));
  const elements = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(fc.array(fc.tuple(item, rarely(',', ',,', '', ';')), { maxLength: 4 }), rarely('', ','))
      .map(([items, last]) =>
        items.map(([text, comma], k) => (k === items.length - 1 ? text + last : text + comma)).join(''),
      );
  const name = fc.oneof(
    { weight: 20, arbitrary: fc.string({ maxLength: 3 }).map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: fc.constantFrom('a', '1', '', "'a'") },
  );
  const member = fc.tuple(name, rarely(':', ' : ', '', '=', '::'), spaced).map((parts) => parts.join(''));
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc
        .tuple(rarely('[', '', '{'), elements(spaced), rarely(']', '', '}', ']]'))
        .map((parts) => parts.join('')),
      fc.tuple(rarely('{', '', '['), elements(member), rarely('}', '', ']')).map((parts) => parts.join('')),
    ),
  };
});

/** The same with edits of single bytes on top, most of them characters that mean something in JSON. */
const mutatedJson = fc
  .tuple(
    fc.oneof(nearlyJson, fc.json({ maxDepth: 4 })),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 0.999, noNaN: true }),
        op: fc.constantFrom('insert', 'replace', 'delete'),
        byte: fc.oneof(
          { weight: 6, arbitrary: fc.constantFrom(...Buffer.from('{}[]",:\\u0129eE+-. tfnal\n\t/dD8b')) },
          { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
        ),
      }),
      { maxLength: 2 },
    ),
  )
  .map(([text, edits]) => {
    let bytes = [...Buffer.from(text)];
    for (const edit of edits) {
      const at = Math.floor(edit.at * (bytes.length + 1));
      const added = edit.op === 'delete' ? [] : [edit.byte];
      bytes = [...bytes.slice(0, at), ...added, ...bytes.slice(edit.op === 'insert' ? at : at + 1)];
    }
    return Buffer.from(bytes);
  });

function agreesWithReference(scan: typeof scanJson): fc.IPropertyWithHooks<[Buffer]> {
  return fc.property(mutatedJson, (bytes) => {
    const result = scan(bytes);
    // Judged by their own tests: the reference has no limits.
    if (!result.ok && ['too_deep', 'too_many_nodes', 'number_too_long'].includes(result.problem)) return;
    expect(result.ok || result.isJson).toBe(isJson(bytes));
  });
}

/** Scanners that each accept one thing too much: the fault is mended before the real one looks. */
const LAX: [string, (text: string) => string][] = [
  ['trailing commas', (text) => text.replace(/,\s*([\]}])/g, '$1')],
  ['double commas', (text) => text.replace(/,,/g, ',')],
  ['leading zeros', (text) => text.replace(/(^|[[,:{\s-])0+([0-9])/g, '$1$2')],
  ['raw tabs in strings', (text) => text.replaceAll('\t', ' ')],
  ['form feeds as space', (text) => text.replaceAll('\f', ' ')],
  ['unknown escapes', (text) => text.replaceAll('\\x', 'x')],
];

describe('scanJson: properties', () => {
  it('accepts exactly the byte strings that JSON.parse accepts', () => {
    fc.assert(agreesWithReference(scanJson), { numRuns: 10_000 });
  });

  it.each(LAX)('could fail: a scanner that lets %s pass is found out', (_name, mend) => {
    const lax: typeof scanJson = (bytes) => scanJson(Buffer.from(mend(bytes.toString('latin1')), 'latin1'));
    expect(fc.check(agreesWithReference(lax), { numRuns: 20_000, endOnFailure: true }).failed).toBe(true);
  });

  it('finds duplicates by decoded name exactly down to the third level', () => {
    const name = fc.constantFrom('a', 'b', 'é', 'ab', '', '/', '😀', 'k"');
    interface Tree {
      members: { name: string; escapes: boolean; value: Tree | undefined }[];
    }
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.record({
        members: fc.array(
          fc.record({
            name,
            escapes: fc.boolean(),
            value: fc.option(tie('tree'), { nil: undefined, depthSize: 'small' }),
          }),
          { maxLength: 5 },
        ),
      }),
    }));
    const escapeAll = (text: string): string =>
      `"${[...Array(text.length).keys()].map((k) => `\\u${text.charCodeAt(k).toString(16).padStart(4, '0')}`).join('')}"`;
    const print = (node: Tree): string =>
      `{${node.members.map((m) => `${m.escapes ? escapeAll(m.name) : JSON.stringify(m.name)}:${m.value ? print(m.value) : '0'}`).join(',')}}`;
    const shallowest = (node: Tree, depth: number): number => {
      if (depth > 3) return Number.POSITIVE_INFINITY;
      if (new Set(node.members.map((m) => m.name)).size < node.members.length) return depth;
      return Math.min(
        ...node.members.map((m) => (m.value ? shallowest(m.value, depth + 1) : Number.POSITIVE_INFINITY)),
        Number.POSITIVE_INFINITY,
      );
    };
    fc.assert(
      fc.property(tree, (root) => {
        const result = scanJson(Buffer.from(print(root)));
        const depth = shallowest(root, 1);
        if (depth === Number.POSITIVE_INFINITY) expect(result).toEqual({ ok: true });
        else expect(result).toEqual({ ok: false, problem: 'duplicate_key', isJson: true, depth });
      }),
      { numRuns: 1_000 },
    );
  });
});
