import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint } from '../engine.ts';
import type { LintInput } from '../input.ts';
import { SOURCES } from '../sources.ts';
import { RULES } from './index.ts';

/** Rules that find something, each with the first message, under the strictest preset. */
function fired(input: LintInput): string[] {
  return [...new Set(lint(input, { preset: 'strict' }).findings.map(({ ruleId }) => ruleId))];
}

describe('the rules', () => {
  it('are sorted by id, once each, and each stands in the file of its id', () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.filter((id) => !existsSync(join(import.meta.dirname, `${id}.ts`)))).toEqual([]);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s finds fault with its bad example, and no other rule does',
    (id, rule) => {
      expect(fired(rule.bad)).toEqual([id]);
    },
  );

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s leaves its good example without any finding',
    (_id, rule) => {
      expect(lint(rule.good, { preset: 'strict' }).findings).toEqual([]);
    },
  );

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    '%s is documented in sentences',
    (_id, { summary, rationale, hint, sources }) => {
      for (const text of [summary, rationale, hint]) expect(text).toMatch(/^.{10,}[.!?"]$/s);
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.filter((source) => !Object.hasOwn(SOURCES, source))).toEqual([]);
    },
  );

  it('mark as fixable exactly those whose bad example comes with a fix', () => {
    const offered = RULES.filter(({ bad }) =>
      lint(bad, { preset: 'strict' }).findings.some(({ fix }) => fix !== undefined),
    );
    expect(offered.map(({ id }) => id)).toEqual(
      RULES.filter(({ fix }) => fix !== undefined).map(({ id }) => id),
    );
    for (const rule of offered) {
      const fixes = lint(rule.bad, { preset: 'strict' }).findings.flatMap(({ fix }) =>
        fix === undefined ? [] : [fix.isSafe],
      );
      expect([rule.id, new Set(fixes)]).toEqual([rule.id, new Set([rule.fix === 'safe'])]);
    }
  });
});
