import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { LINT_CHARS_MAX, LINT_FINDINGS_MAX } from '../../platform/limits.ts';
import { applyFixes } from './apply-fixes.ts';
import { lint } from './engine.ts';
import { readTool } from './examples.ts';
import { reportGithub } from './reporters/github.ts';
import { reportHuman } from './reporters/human.ts';
import { reportJson } from './reporters/json.ts';
import { reportMarkdown } from './reporters/markdown.ts';
import type { LintRun } from './reporters/run.ts';
import { reportSarif } from './reporters/sarif.ts';
import { createSnapshot } from './snapshot.ts';

/** Far above what any of these takes, and far below what a blocked process takes. */
const SOON_MS = 8_000;

function timed(input: Parameters<typeof lint>[0]): { readonly ids: string[]; readonly ms: number } {
  const start = performance.now();
  const { findings } = lint(input, { preset: 'strict' });
  return { ids: [...new Set(findings.map(({ ruleId }) => ruleId))], ms: performance.now() - start };
}

describe('a hostile definition', () => {
  it.each<[string, () => unknown]>([
    [
      'nested a hundred thousand levels deep',
      () => {
        let schema: JsonObject = { type: 'string' };
        for (let level = 0; level < 100_000; level += 1)
          schema = { type: 'object', properties: { a: schema } };
        return readTool({ inputSchema: schema });
      },
    ],
    [
      'with an enum of a million values',
      () => readTool({ inputSchema: { enum: Array.from({ length: 1_000_000 }, () => 1) } }),
    ],
    ['with a description of a megabyte', () => readTool({ description: 'x'.repeat(1_000_000) })],
    [
      'that contains itself',
      () => {
        const schema: Record<string, unknown> = { type: 'object' };
        schema['properties'] = { a: schema };
        return { ...readTool(), inputSchema: schema };
      },
    ],
    ['with a value that JSON does not have', () => ({ ...readTool(), inputSchema: { default: 10n } })],
  ])('%s is said to be unexamined, at once', (_what, make) => {
    const { ids, ms } = timed({ tools: [make()] });
    expect(ids).toEqual(['server/examined']);
    expect(ms).toBeLessThan(SOON_MS);
  });

  it('is not examined when so much came before it', () => {
    const tools = Array.from({ length: 50 }, (_, index) =>
      readTool({ name: `get_a${index}`, description: 'x '.repeat(100_000) }),
    );
    expect(LINT_CHARS_MAX).toBeLessThan(50 * 200_000);
    const { ids, ms } = timed({ tools });
    expect(ids).toContain('server/examined');
    expect(ms).toBeLessThan(SOON_MS);
  });

  it.each([
    'a',
    'aA',
    '_',
    'a_',
    ' ',
    '\n',
    '. ',
    '<',
    '(',
    '{',
    '"',
    "'a' ",
    '`',
    'use a_b ',
    'one of ',
    'x, ',
    '1,',
    '|a|\n',
    'Args:\n',
    '  a: b\n',
    '\u200b',
    '😀',
    'in seconds ',
    '(a+)+',
  ])('made of %j a hundred thousand times takes no more time than any other', (unit) => {
    const long = unit.repeat(Math.ceil(100_000 / unit.length));
    const short = long.slice(0, 8_000);
    const properties = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `p${index}`,
        { type: 'string', description: short, pattern: short, title: short, default: short },
      ]),
    );
    const { ms } = timed({
      tools: [
        readTool({ description: long }),
        readTool({ name: long }),
        readTool({ inputSchema: { type: 'object', properties } }),
      ],
      resources: [{ uri: long, name: long, mimeType: long }],
      resourceTemplates: [{ uriTemplate: long }],
      server: { name: long, version: long, instructions: long },
    });
    expect(ms).toBeLessThan(SOON_MS);
  });

  it('with members named like those of every object changes no object', () => {
    const tool = JSON.parse(
      '{"name":"get_a","__proto__":{"polluted":1},"description":"x","annotations":{"__proto__":{"readOnlyHint":true}},' +
        '"inputSchema":{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"},"toString":{}},"required":["valueOf"]}}',
    ) as JsonObject;
    const { findings } = lint({ tools: [tool], snapshot: createSnapshot([tool]) }, { preset: 'strict' });
    expect(findings.filter(({ ruleId }) => ruleId === 'schema/prototype-keys')).toHaveLength(2);
    // A hint under `__proto__` is no hint.
    expect(findings.filter(({ ruleId }) => ruleId === 'annot/explicit')).toHaveLength(1);
    applyFixes([tool], findings, { allowUnsafe: true });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('cannot make more findings than are kept', () => {
    const properties = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`p${index}`, {}]));
    const tools = Array.from({ length: 40 }, (_, index) =>
      readTool({ name: `get_a${index}`, inputSchema: { type: 'object', properties } }),
    );
    const report = lint({ tools });
    expect(report.findings).toHaveLength(LINT_FINDINGS_MAX);
    expect(report.notes).toContain(`Only the first ${LINT_FINDINGS_MAX} findings are kept.`);
  });
});

/** Text that attacks terminals, logs, Markdown, workflow commands and readers. */
const NASTY =
  '\u001b[31mred\u0007`tick`\r\n::error::forged\n| cell | <script>alert(1)</script> @everyone \u202egnp\u2066 \u200b\u{e0041}\u0085';

function nastyTool(): JsonObject {
  return {
    name: NASTY,
    title: NASTY,
    description: NASTY,
    annotations: { title: NASTY, [NASTY]: true, readOnlyHint: NASTY },
    inputSchema: {
      type: 'object',
      $schema: NASTY,
      title: NASTY,
      required: [NASTY, `${NASTY}2`],
      properties: {
        [NASTY]: {
          type: 'string',
          description: NASTY,
          default: NASTY,
          enum: [NASTY, NASTY, 5],
          format: NASTY,
          pattern: NASTY,
          title: NASTY,
        },
        [`timeout${NASTY}`]: { type: 'number', description: NASTY, minimum: 2, maximum: 5, default: NASTY },
        password: { type: NASTY, description: NASTY, $ref: NASTY },
      },
    },
    outputSchema: {
      type: 'object',
      properties: { [NASTY]: { type: 'string' }, token: {} },
      additionalProperties: false,
    },
  };
}

function nastyRun(): LintRun {
  const input = {
    tools: [nastyTool(), nastyTool(), { name: `${NASTY}x` }, 5],
    resources: [{ uri: NASTY, name: NASTY, mimeType: NASTY }],
    resourceTemplates: [{ uriTemplate: NASTY }],
    server: { name: NASTY, version: NASTY, instructions: NASTY, packageVersion: '1' },
    peers: [{ server: NASTY, prefix: '', tools: [NASTY] }],
    snapshot: createSnapshot([{ ...nastyTool(), annotations: {} }, { name: `${NASTY}gone` }]),
  };
  const report = lint(input, { preset: 'strict', exceptions: [{ rule: NASTY, tool: NASTY, reason: NASTY }] });
  return {
    target: NASTY,
    reports: [
      { target: NASTY, report },
      { target: 'b', report },
    ],
    failures: [{ target: NASTY, reason: NASTY }],
  };
}

/** What no report may contain, line breaks of its own aside. */
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex -- controls are what is looked for.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

describe('hostile text', () => {
  const run = nastyRun();

  it('makes many findings: otherwise the rest proves nothing', () => {
    expect(run.reports[0]?.report.findings.length).toBeGreaterThan(60);
  });

  it.each<[string, string]>([
    ['human', reportHuman(run, { isColoured: false, columns: 80, isVerbose: true })],
    ['human, short', reportHuman(run, { isColoured: false, columns: 80, isVerbose: false })],
    ['json', reportJson(run)],
    ['sarif', reportSarif(run, { isFile: true })],
    ['github', reportGithub(run, { isFile: true })],
    ['markdown', reportMarkdown(run)],
  ])('reaches no reader unescaped: %s', (_format, text) => {
    expect(FORBIDDEN.exec(text)).toBeNull();
    expect(text).toContain('u{1b}');
  });

  it('stays inside its quotation in every message', () => {
    for (const { message, hint } of run.reports[0]?.report.findings ?? []) {
      // Pairs of backticks, and none of the hostile text outside of them.
      const outside = message
        .split('`')
        .filter((_, index) => index % 2 === 0)
        .join('');
      expect(message.split('`').length % 2).toBe(1);
      expect(outside).not.toMatch(/forged|<script|everyone/);
      expect(hint).not.toMatch(/forged|<script|everyone/);
    }
  });

  it('makes no line of its own in the annotations of GitHub', () => {
    for (const line of reportGithub(run, { isFile: true }).trimEnd().split('\n')) {
      expect(line).toMatch(/^::(?:error|warning|notice)(?: |::)/);
    }
  });

  it('makes no cell and no markup of its own in Markdown', () => {
    const text = reportMarkdown(run);
    for (const line of text.split('\n').filter((one) => one.startsWith('|'))) {
      expect(line.replaceAll('\\|', '').split('|')).toHaveLength(6);
    }
    const outside = text
      .split('\n')
      .map((line) =>
        line
          .split('`')
          .filter((_, index) => index % 2 === 0)
          .join(''),
      )
      .join('\n');
    expect(outside).not.toMatch(/<script|@everyone/);
  });

  it('comes back from JSON as it was', () => {
    const parsed = JSON.parse(reportJson(run)) as { findings: { tool: string | null }[] };
    expect(parsed.findings.some(({ tool }) => tool === NASTY)).toBe(true);
  });
});

const json = fc.jsonValue({ maxDepth: 6, noUnicodeString: false });
const keyword = fc.constantFrom(
  'type',
  'properties',
  'required',
  'enum',
  'items',
  'anyOf',
  'allOf',
  '$ref',
  '$defs',
  'description',
  'default',
  'minimum',
  'maximum',
  'pattern',
  'format',
  'title',
  'additionalProperties',
  'x-mcp-header',
);
const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 5 },
    json,
    fc.dictionary(
      fc.oneof({ weight: 5, arbitrary: keyword }, { weight: 1, arbitrary: fc.string() }),
      fc.oneof(
        tie('schema'),
        fc.dictionary(fc.string(), tie('schema')),
        fc.array(tie('schema'), { maxLength: 4 }),
      ),
    ),
  ),
}));
const tool = fc.oneof(
  json,
  fc.record(
    {
      name: fc.oneof(fc.string(), json),
      title: json,
      description: fc.oneof(fc.string(), json),
      annotations: json,
      inputSchema: schema,
      outputSchema: schema,
      _meta: json,
    },
    { requiredKeys: [] },
  ),
);

describe('any input at all', () => {
  it('is linted, reported and mended without an exception, and mending ends', () => {
    fc.assert(
      fc.property(fc.array(tool, { maxLength: 4 }), fc.array(json, { maxLength: 2 }), (tools, items) => {
        const input = {
          tools,
          resources: items,
          resourceTemplates: items,
          prompts: items,
          snapshot: createSnapshot(tools),
        };
        const report = lint(input, { preset: 'strict', trustDefinitions: true });
        const one: LintRun = { target: 'x', reports: [{ target: 'x', report }], failures: [] };
        reportHuman(one, { isColoured: true, columns: 20, isVerbose: true });
        JSON.parse(reportJson(one));
        JSON.parse(reportSarif(one, { isFile: false }));
        reportGithub(one, { isFile: false });
        reportMarkdown(one);
        const fixed = applyFixes(tools, report.findings, { allowUnsafe: true });
        expect(fixed.tools).toHaveLength(tools.length);
        // Nothing that was given changed against itself.
        expect(report.findings.filter(({ ruleId }) => ruleId === 'server/dependency-schema')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('would be caught if a rule took a name for a text', () => {
    const careless = (input: readonly unknown[]): void => {
      for (const one of input) (one as { name: string }).name.toLowerCase();
    };
    expect(fc.check(fc.property(fc.array(tool, { maxLength: 4 }), careless), { numRuns: 100 }).failed).toBe(
      true,
    );
  });
});
