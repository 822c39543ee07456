import { describe, expect, it } from 'vitest';
import { lint } from '../engine.ts';
import { bareTool, readTool, withParams } from '../examples.ts';
import { RULES } from '../rules/index.ts';
import { reportGithub } from './github.ts';
import { reportHuman } from './human.ts';
import { reportJson } from './json.ts';
import { reportMarkdown } from './markdown.ts';
import type { LintRun } from './run.ts';
import { reportSarif } from './sarif.ts';

const report = lint({
  tools: [
    withParams({ timeout: { type: 'number', description: 'How long to wait for the archive.' } }),
    bareTool({ title: undefined }),
  ],
});
const run: LintRun = { target: 'tools.json', reports: [{ target: 'tools.json', report }], failures: [] };
const clean: LintRun = {
  target: 'a',
  reports: [{ target: 'a', report: lint({ tools: [readTool()] }) }],
  failures: [],
};
const failed: LintRun = {
  target: 'a',
  reports: [],
  failures: [{ target: 'a', reason: 'the server did not start' }],
};

const PLAIN = { isColoured: false, columns: 100, isVerbose: false };

describe('the report for people', () => {
  it('says per rule where, what, and what to do, then what the tools cost', () => {
    expect(reportHuman(run, PLAIN)).toBe(
      [
        'tools.json  2 tools',
        '',
        'error    param/unit-somewhere',
        '           search_invoices /inputSchema/properties/timeout: Neither the name `timeout` nor its',
        '           description says in which unit it is.',
        '           → Put the unit into the name (`timeout_ms`), or at least into the description.',
        'info     annot/title',
        '           sync_ledger /title: There is no title.',
        '           → Write the name as a person would say it, in both places.',
        'info     param/range',
        '           search_invoices /inputSchema/properties/timeout: `timeout` has no range.',
        '           → Add minimum and maximum, and name them in the description.',
        '',
        '1 error, 0 warnings, 2 infos',
        'tokens ≈242 (±15 %) in every conversation; most: search_invoices ≈182, sync_ledger ≈60',
        '',
      ].join('\n'),
    );
  });

  it('puts what repeats into one line, and lists everything when asked to', () => {
    const many = lint({
      tools: ['a', 'b', 'c', 'd'].map((name) =>
        readTool({ name: `get_${name}`, title: undefined, description: `${name} `.repeat(30) }),
      ),
    });
    const long: LintRun = { target: 'x', reports: [{ target: 'x', report: many }], failures: [] };
    expect(reportHuman(long, PLAIN)).toContain('annot/title  4 × in 4 tools');
    expect(reportHuman(long, PLAIN)).toContain('also: get_b, get_c, get_d');
    expect(reportHuman(long, { ...PLAIN, isVerbose: true })).toContain('get_d /title: There is no title.');
  });

  it('colours only for a terminal', () => {
    expect(reportHuman(run, PLAIN)).not.toContain('\u001b');
    expect(reportHuman(run, { ...PLAIN, isColoured: true })).toContain('\u001b[31merror');
  });

  it('never calls a server clean that it could not ask', () => {
    expect(reportHuman(failed, PLAIN)).toBe('error    a could not be linted: the server did not start\n');
  });
});

describe('the report for programs', () => {
  it('has the documented form', () => {
    const parsed = JSON.parse(reportJson(run)) as { target: string; summary: object; findings: object[] };
    expect(parsed.target).toBe('tools.json');
    expect(parsed.summary).toEqual({
      tools: 2,
      errors: 1,
      warnings: 0,
      infos: 2,
      tokens: 242,
      savings: 0,
      suppressed: 0,
    });
    expect(parsed.findings[0]).toEqual({
      rule: 'param/unit-somewhere',
      severity: 'error',
      tool: 'search_invoices',
      path: '/inputSchema/properties/timeout',
      message: 'Neither the name `timeout` nor its description says in which unit it is.',
      hint: 'Put the unit into the name (`timeout_ms`), or at least into the description.',
      fixable: false,
    });
  });

  it('names the server where there are several', () => {
    const two = { ...run, reports: [...run.reports, ...clean.reports] };
    const parsed = JSON.parse(reportJson(two)) as {
      summary: { tools: number };
      findings: { server?: string }[];
    };
    expect(parsed.summary.tools).toBe(3);
    expect(parsed.findings[0]?.server).toBe('tools.json');
  });
});

describe('SARIF', () => {
  it('names each rule, and refers to it by its index', () => {
    const parsed = JSON.parse(reportSarif(run, { isFile: true })) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          locations: object[];
          partialFingerprints: object;
        }[];
      }[];
    };
    const [only] = parsed.runs;
    expect(parsed.version).toBe('2.1.0');
    expect(only?.tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id));
    for (const { ruleId, ruleIndex } of only?.results ?? [])
      expect(only?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(only?.results[0]).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'tools.json' }, region: { startLine: 1 } },
          logicalLocations: [{ fullyQualifiedName: 'search_invoices/inputSchema/properties/timeout' }],
        },
      ],
    });
    expect(Object.keys(only?.results[0]?.partialFingerprints ?? {})).toEqual(['breakwaterLint/v1']);
  });

  it('is an unsuccessful run when a server could not be asked', () => {
    expect(JSON.parse(reportSarif(failed, { isFile: false }))).toMatchObject({
      runs: [{ invocations: [{ executionSuccessful: false }] }],
    });
    expect(JSON.parse(reportSarif(clean, { isFile: false }))).toMatchObject({
      runs: [{ invocations: [{ executionSuccessful: true }], results: [] }],
    });
  });
});

describe('annotations of GitHub', () => {
  it('are workflow commands with rule and file', () => {
    expect(reportGithub(run, { isFile: true }).split('\n')[0]).toBe(
      '::error file=tools.json,title=param/unit-somewhere::search_invoices/inputSchema/properties/timeout: Neither the name `timeout` nor its description says in which unit it is. Put the unit into the name (`timeout_ms`), or at least into the description.',
    );
    expect(reportGithub(clean, { isFile: true })).toBe('');
    expect(reportGithub(failed, { isFile: false })).toBe(
      '::error title=could not lint::a: the server did not start\n',
    );
  });

  it('escape what ends a property', () => {
    const named = { ...run, reports: [{ target: 'a,b:c%.json', report }] };
    expect(reportGithub(named, { isFile: true })).toContain('file=a%2Cb%3Ac%25.json,');
  });

  it('are bounded', () => {
    const many = lint({ tools: Array.from({ length: 60 }, (_, index) => ({ name: `x${index}` })) });
    const lines = reportGithub({ ...run, reports: [{ target: 'a', report: many }] }, { isFile: false })
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(51);
    expect(lines[50]).toMatch(/^::notice::[0-9]+ more findings are not shown$/);
  });
});

describe('Markdown', () => {
  it('is a table per server', () => {
    expect(reportMarkdown(run)).toContain(
      '| error | `param/unit-somewhere` | `search_invoices/inputSchema/properties/timeout` | Neither',
    );
    expect(reportMarkdown(clean)).not.toContain('| severity |');
  });
});
