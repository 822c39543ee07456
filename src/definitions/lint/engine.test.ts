import { describe, expect, it } from 'vitest';
import { createBaseline, parseBaseline } from './baseline.ts';
import { lint, type LintOptions } from './engine.ts';
import { bareTool, exampleContract, readTool, writeTool } from './examples.ts';
import type { LintInput } from './input.ts';
import { PRESETS, presetSeverity } from './presets.ts';
import { RULES } from './rules/index.ts';

/** One warning: the tool does not say whether it is safe to retry. */
const UNSAID: LintInput = {
  tools: [
    writeTool({
      description:
        'Create a draft quote for one customer and store it; nobody is told. Use it after prices are agreed. Returns its number.',
    }),
  ],
};

function ids(input: LintInput, options?: LintOptions): string[] {
  return lint(input, options).findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`);
}

describe('lint', () => {
  it('finds nothing in definitions that are in order, under any preset', () => {
    for (const preset of PRESETS) {
      expect([preset, ids({ tools: [readTool(), writeTool(), bareTool()] }, { preset })]).toEqual([
        preset,
        [],
      ]);
    }
  });

  it('gives the same report for the same input, and leaves the input as it was', () => {
    const input = { tools: [{ name: 'x' }, readTool({ title: undefined })] };
    const before = structuredClone(input);
    expect(lint(input)).toEqual(lint(input));
    expect(input).toEqual(before);
  });

  it('sorts the worst first, then by rule and by tool', () => {
    const { findings } = lint({ tools: [readTool({ name: '' }), { name: 'do_it' }, { name: 'do_it' }] });
    const keys = findings.map(
      ({ severity, ruleId, toolIndex }) =>
        `${['error', 'warning', 'info'].indexOf(severity)} ${ruleId} ${toolIndex ?? ''}`,
    );
    expect(keys).toEqual([...keys].sort());
    expect(keys.length).toBeGreaterThan(10);
  });

  it('counts what it reports, and every tool that it was given', () => {
    const report = lint({ tools: [readTool({ name: '' }), 'no tool'] });
    expect(report.tools).toBe(2);
    expect(report.counts.error + report.counts.warning + report.counts.info).toBe(report.findings.length);
    expect(report.counts.error).toBe(2);
  });
});

describe('severities', () => {
  it('follow the preset', () => {
    expect(ids(UNSAID)).toEqual(['warning desc/retry-safety']);
    expect(ids(UNSAID, { preset: 'strict' })).toEqual(['error desc/retry-safety']);
    expect(ids(UNSAID, { preset: 'security' })).toEqual([]);
  });

  it('can be set for one rule or for a family, the rule before the family', () => {
    expect(ids(UNSAID, { rules: { 'desc/retry-safety': 'info' } })).toEqual(['info desc/retry-safety']);
    expect(ids(UNSAID, { rules: { 'desc/*': 'off' } })).toEqual([]);
    expect(ids(UNSAID, { rules: { 'desc/*': 'off', 'desc/retry-safety': 'error' } })).toEqual([
      'error desc/retry-safety',
    ]);
  });

  it('that are set hold for every grade of a rule', () => {
    const short = { tools: [readTool({ description: 'Finds a bill.' })] };
    expect(ids(short)).toContain('error desc/min-length');
    expect(ids(short, { rules: { 'desc/min-length': 'info' } })).toContain('info desc/min-length');
  });

  it('that strict raises hold for every grade as well', () => {
    const half = { tools: [readTool({ title: undefined })] };
    expect(ids(half)).toEqual(['info annot/title']);
    expect(ids(half, { preset: 'strict' })).toEqual(['error annot/title']);
  });

  it('cannot switch off what says that nothing was examined', () => {
    const rules = Object.fromEntries(RULES.map(({ id }) => [id, 'off' as const]));
    expect(ids({ tools: [] }, { rules })).toEqual(['error server/no-tools']);
    expect(ids({ tools: [5] }, { rules, preset: 'security' })).toEqual(['error server/examined']);
  });

  it('of recommended call nothing an error or a warning that most respected servers have', () => {
    const frequent = ['output/schema', 'param/string-bound', 'desc/when-to-use', 'desc/returns'];
    for (const rule of RULES.filter(({ id }) => frequent.includes(id))) {
      expect([rule.id, presetSeverity(rule, 'recommended')]).toEqual([rule.id, 'info']);
    }
  });

  it('of directory are errors for what the directories ask for', () => {
    const explicit = RULES.find(({ id }) => id === 'annot/explicit');
    expect(explicit === undefined ? undefined : presetSeverity(explicit, 'directory')).toBe('error');
  });
});

describe('exceptions', () => {
  const reason = 'The ledger refuses doubles.';

  it('take out the findings of one rule, of one tool or of all', () => {
    const report = lint(UNSAID, {
      exceptions: [{ rule: 'desc/retry-safety', tool: 'create_quote', reason }],
    });
    expect([report.findings, report.suppressed, report.notes]).toEqual([[], 1, []]);
    expect(ids(UNSAID, { exceptions: [{ rule: 'desc/*', reason }] })).toEqual([]);
    expect(ids(UNSAID, { exceptions: [{ rule: 'desc/retry-safety', tool: 'other', reason }] })).toHaveLength(
      1,
    );
  });

  it('that match nothing are named', () => {
    const { notes } = lint(UNSAID, { exceptions: [{ rule: 'param/range', tool: 'a\u001b[31m', reason }] });
    expect(notes).toEqual(['The exception from `param/range` for `a\\u{1b}[31m` matches nothing.']);
  });

  it('of an author count when they have a reason', () => {
    const contract = (lintReasons: Record<string, string>): LintInput => ({
      ...UNSAID,
      contracts: { create_quote: exampleContract({ lint: lintReasons }) },
    });
    expect(ids(contract({ 'desc/retry-safety': reason }))).toEqual([]);
    expect(ids(contract({ 'desc/retry-safety': ' ' }))).toHaveLength(1);
  });

  it('inside a definition count only where its author is trusted', () => {
    const [tool] = UNSAID.tools;
    const marked = {
      tools: [{ ...(tool as object), _meta: { 'dev.breakwater/lint': { 'desc/retry-safety': reason } } }],
    };
    expect(ids(marked)).toHaveLength(1);
    expect(ids(marked, { trustDefinitions: true })).toEqual([]);
  });

  it('never hide a definition that was not examined', () => {
    const exceptions = [{ rule: 'server/*', reason }];
    expect(ids({ tools: [5] }, { exceptions })).toEqual(['error server/examined']);
  });
});

describe('a baseline', () => {
  it('accepts what is known, and reports what is new', () => {
    const baseline = createBaseline(lint(UNSAID).findings);
    expect(ids(UNSAID, { baseline })).toEqual([]);
    const more = { tools: [...UNSAID.tools, readTool({ title: undefined })] };
    expect(ids(more, { baseline })).toEqual(['info annot/title']);
  });

  it('knows a finding again when another tool is put before it', () => {
    const baseline = createBaseline(lint(UNSAID).findings);
    expect(ids({ tools: [readTool(), ...UNSAID.tools] }, { baseline })).toEqual([]);
  });

  it('is read back as it was written, and nothing else is taken for one', () => {
    const baseline = createBaseline(lint(UNSAID).findings);
    expect(parseBaseline(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
    for (const other of [
      null,
      [],
      {},
      { version: 2, findings: [] },
      { version: 1 },
      { version: 1, findings: [5] },
    ]) {
      expect(parseBaseline(other)).toBeUndefined();
    }
  });
});
