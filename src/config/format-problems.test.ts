import { describe, expect, it } from 'vitest';
import { findingsToJson, formatFindings } from './format-problems.ts';
import type { ConfigProblem } from './gateway-config.ts';

function problem(path: string, line: number, rest: Partial<ConfigProblem> = {}): ConfigProblem {
  const position = { line, column: 3 };
  return {
    file: 'a.json',
    path,
    position,
    expected: 'an integer',
    found: 'a string',
    hint: undefined,
    ...rest,
  };
}

describe('formatFindings', () => {
  it('groups by file, aligns, and says what is not served', () => {
    const text = formatFindings({
      problems: [
        problem('limits.drain_ms', 2),
        problem('http', 10, { hint: 'do this' }),
        problem('x', 1, { file: 'b.json' }),
      ],
      refusedServers: [
        {
          file: 'a.json',
          server: 'git',
          path: 'mcpServers.git.env.T',
          position: { line: 4, column: 5 },
          reason: 'env.T needs the variable T, which is not set',
          unsetVariables: ['T'],
        },
      ],
      warnings: [{ file: 'a.json', path: 'y', position: undefined, message: 'ignored' }],
    });
    expect(text).toBe(
      [
        '3 problems in a.json:',
        '  2:3   limits.drain_ms  expected an integer, found a string',
        '  10:3  http             expected an integer, found a string (do this)',
        '3 problems in b.json:',
        '  1:3  x  expected an integer, found a string',
        'Not served in a.json:',
        '  4:5  mcpServers.git.env.T  server git is not served: env.T needs the variable T, which is not set',
        'Warnings in a.json:',
        '    y  ignored',
        '',
      ].join('\n'),
    );
  });

  it('prints fifty lines of one kind and counts the rest', () => {
    const text = formatFindings({ problems: Array.from({ length: 73 }, (_, n) => problem(`p${n}`, n + 1)) });
    expect(text.split('\n').filter((line) => line.includes('expected'))).toHaveLength(50);
    expect(text).toMatch(/\n {2}\+23 more\n$/);
  });

  it('lets no name in a file draw on the terminal', () => {
    const text = formatFindings({
      problems: [problem('a\u001b[31m\u202ered\nforged: line', 1, { file: 'x\n.json' })],
    });
    for (const control of ['\u001b', '\u202e']) expect(text).not.toContain(control);
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });

  it('says nothing when there is nothing to say', () => {
    expect(formatFindings({})).toBe('');
  });
});

describe('findingsToJson', () => {
  it('keeps all of them, with positions', () => {
    const json = findingsToJson({ problems: Array.from({ length: 73 }, (_, n) => problem(`p${n}`, n + 1)) });
    expect(json.problems).toHaveLength(73);
    expect(json.problems[0]).toEqual({
      file: 'a.json',
      path: 'p0',
      line: 1,
      column: 3,
      expected: 'an integer',
      found: 'a string',
    });
  });
});
