import { describe, expect, it } from 'vitest';
import { instantOf } from './instants.ts';
import { renderTable } from './print-table.ts';
import { terminalText } from './terminal-text.ts';

describe('text for a terminal', () => {
  it.each([
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['a\nb\tc', 'a\\u{a}b\\u{9}c'],
    ['abc\u202edef', 'abc\\u{202e}def'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['grüße 中文', 'grüße 中文'],
  ])('shows controls and invisible characters instead of obeying them: %j', (text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });
});

describe('a table', () => {
  it('is aligned, with numbers at the right, lists joined and nothing as a dash', () => {
    const text = renderTable(
      [
        { title: 'NAME', cell: 'name' },
        { title: 'MS', cell: 'ms', align: 'right' },
        { title: 'SCOPES', cell: 'scopes' },
      ],
      [
        { name: 'a', ms: 5, scopes: ['x', 'y'] },
        { name: 'longer', ms: 1000, scopes: null },
      ],
    );
    expect(text).toBe('NAME      MS  SCOPES\na          5  x,y\nlonger  1000  -\n');
  });

  it('cuts what would push the rest off the screen, and has one line per row whatever is in it', () => {
    const text = renderTable([{ title: 'T', cell: 't' }], [{ t: 'x'.repeat(500) }, { t: 'a\nb' }]);
    const lines = text.split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toHaveLength(60);
  });

  it('says so when there is nothing', () => {
    expect(renderTable([{ title: 'T', cell: 't' }], [])).toBe('none\n');
  });
});

describe('an instant on the command line', () => {
  const nowMs = Date.UTC(2030, 0, 31);

  it.each([
    ['1h', 'ago', '2030-01-30T23:00:00.000Z'],
    ['30d', 'ahead', '2030-03-02T00:00:00.000Z'],
    ['2029-01-01T00:00:00+01:00', 'ago', '2028-12-31T23:00:00.000Z'],
  ] as const)('%s %s is understood', (text, direction, expected) => {
    expect(instantOf(text, { flag: '--from', direction, nowMs })).toBe(expected);
  });

  it.each(['', 'soon', '5', '5 m', '-1h', '999999d9', '1y'])(
    '%j is refused by the name of its flag',
    (text) => {
      expect(() => instantOf(text, { flag: '--from', direction: 'ago', nowMs })).toThrow('--from');
    },
  );
});
