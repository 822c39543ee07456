import { describe, expect, it } from 'vitest';
import { applyFixes } from './apply-fixes.ts';
import { lint } from './engine.ts';
import { readTool, withParams } from './examples.ts';
import type { Finding, JsonEdit } from './finding.ts';
import { RULES } from './rules/index.ts';

function finding(edits: JsonEdit[], isSafe = true): Finding {
  return {
    ruleId: 'x/y',
    severity: 'info',
    tool: 'a',
    toolIndex: 0,
    path: '',
    message: '',
    hint: '',
    fix: { isSafe, edits },
  };
}

describe('applyFixes', () => {
  it.each(RULES.filter(({ fix }) => fix !== undefined).map((rule) => [rule.id, rule] as const))(
    'mends the bad example of %s without making a new mistake',
    (_id, rule) => {
      let { tools } = rule.bad;
      for (let round = 0; round < 3; round += 1) {
        const { findings } = lint({ ...rule.bad, tools }, { preset: 'strict' });
        ({ tools } = applyFixes(tools, findings, { allowUnsafe: true }));
      }
      expect(lint({ ...rule.bad, tools }, { preset: 'strict' }).findings).toEqual([]);
    },
  );

  it('leaves what needs a review alone, unless it is asked for', () => {
    const tools = [{ name: 'a' }];
    const edits: JsonEdit[] = [{ op: 'add', path: '/name', value: 'b' }];
    expect(applyFixes(tools, [finding(edits, false)])).toEqual({ tools, fixedCount: 0 });
    expect(applyFixes(tools, [finding(edits, false)], { allowUnsafe: true })).toEqual({
      tools: [{ name: 'b' }],
      fixedCount: 1,
    });
  });

  it('changes a copy', () => {
    const tools = [readTool()];
    applyFixes(tools, [finding([{ op: 'remove', path: '/title' }])]);
    expect(tools).toEqual([readTool()]);
  });

  it('makes one edit of a place per round: the second was computed before the first', () => {
    const edits = (value: string): JsonEdit[] => [{ op: 'add', path: '/description', value }];
    expect(applyFixes([{ description: '' }], [finding(edits('one')), finding(edits('two'))])).toEqual({
      tools: [{ description: 'one' }],
      fixedCount: 1,
    });
  });

  it('appends range and default one after the other', () => {
    let tools: readonly unknown[] = [
      withParams({ size_px: { type: 'integer', minimum: 2, maximum: 9, default: 5, description: 'Edge.' } }),
    ];
    for (let round = 0; round < 3; round += 1) ({ tools } = applyFixes(tools, lint({ tools }).findings));
    expect(JSON.stringify(tools)).toContain('"description":"Edge. Range 2–9. Default 5."');
  });

  it.each([
    ['a place that does not exist', '/inputSchema/properties/x/type'],
    ['the prototype', '/__proto__/polluted'],
    ['an item beyond the end of a list', '/list/5'],
    ['what is not a pointer', 'name'],
    ['the definition as a whole', ''],
  ])('does not edit %s', (_what, path) => {
    const tools = [{ name: 'a', list: [1] }];
    expect(applyFixes(tools, [finding([{ op: 'add', path, value: true }])])).toEqual({
      tools,
      fixedCount: 0,
    });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
