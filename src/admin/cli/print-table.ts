import type { JsonObject, JsonValue } from '../../platform/json.ts';
import { terminalText } from './terminal-text.ts';

export interface Column {
  readonly title: string;
  /** Member of the row, or how to make a cell of it. */
  readonly cell: string | ((row: JsonObject) => string);
  /** Numbers stand at the right. Default left. */
  readonly align?: 'right';
}

/** A cell longer than this is cut: one hostile name must not push the rest off the screen. */
const CELL_CHARS_MAX = 60;

/** Rows as an aligned table with a heading, safe for a terminal; without rows, one line that says so. */
export function renderTable(columns: readonly Column[], rows: readonly JsonObject[]): string {
  if (rows.length === 0) return 'none\n';
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => cellsOf(columns, row))];
  const widths = columns.map((_column, index) =>
    Math.max(...lines.map((line) => (line[index] ?? '').length)),
  );
  return lines.map((line) => `${alignLine(columns, line, widths)}\n`).join('');
}

/** One row without a heading, in columns of fixed width, for output that goes on. */
export function renderRow(columns: readonly Column[], row: JsonObject, widths: readonly number[]): string {
  return `${alignLine(columns, cellsOf(columns, row), widths)}\n`;
}

function cellsOf(columns: readonly Column[], row: JsonObject): string[] {
  return columns.map(({ cell }) => {
    const text = terminalText(typeof cell === 'string' ? textOf(row[cell]) : cell(row));
    return text.length > CELL_CHARS_MAX ? `${text.slice(0, CELL_CHARS_MAX - 1)}…` : text;
  });
}

function alignLine(columns: readonly Column[], cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => {
      const width = widths[index] ?? 0;
      return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
    })
    .join('  ')
    .trimEnd();
}

function textOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.map(textOf).join(',');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
