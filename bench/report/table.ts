import type { BenchOptions, TargetName } from '../options.ts';
import type { Machine } from '../measure/machine.ts';
import { type Cell, type Figure, FOREIGN_CORES_MAX, ratio, type Row } from '../measure/summary.ts';

const LABELS: Readonly<Record<TargetName, string>> = {
  direct: 'upstream, direct',
  'pass-through': 'node:http + undici pass-through',
  breakwater: 'Breakwater, everything on',
  'sdk-proxy': 'proxy with the official SDK v2',
  'mcp-proxy': 'mcp-proxy 6.7.19',
};

/** The whole report as text for a terminal; it is valid Markdown too. */
export function renderReport(
  machine: Machine,
  options: BenchOptions,
  rows: readonly Row[],
  cells: readonly Cell[],
): string {
  const lines = [
    `tools/call echo, result of ${options.resultBytes} bytes, ${options.rounds} interleaved rounds of ${options.measureMs / 1000} s`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}, ${machine.date}`,
  ];
  for (const connections of options.connections) {
    const group = rows.filter((row) => row.connections === connections);
    lines.push('', ...renderGroup(connections, options.targets, group));
  }
  lines.push('', ...renderNotes(cells));
  return `${lines.join('\n')}\n`;
}

function renderGroup(connections: number, targets: readonly TargetName[], rows: readonly Row[]): string[] {
  const floor = rows.find((row) => row.target === 'pass-through');
  const table = [
    [
      `${connections} connection${connections === 1 ? '' : 's'}`,
      'calls/s',
      'p50 ms',
      'p99 ms',
      'CPU s / 10k',
      'CPU × pass-through',
      'rounds',
    ],
    ['---', '--:', '--:', '--:', '--:', '--:', '--:'],
  ];
  for (const name of targets) {
    const row = rows.find((candidate) => candidate.target === name);
    if (row === undefined) continue;
    if (row.problem !== undefined) {
      table.push([LABELS[name], 'void', row.problem.slice(0, 120), '', '', '', '']);
      continue;
    }
    table.push([
      LABELS[name],
      spread(row.callsPerSecond, 0),
      spread(row.p50Ms, 2),
      spread(row.p99Ms, 2),
      spread(row.cpuPer10k, 2),
      times(ratio(row, floor, 'cpuPer10k')),
      `${row.rounds}${row.isDisturbed ? ' !' : ''}`,
    ]);
  }
  return [...align(table), ...renderRatios(rows)];
}

function renderRatios(rows: readonly Row[]): string[] {
  const of = (name: TargetName): Row | undefined => rows.find((row) => row.target === name);
  const lines: string[] = [];
  for (const other of ['sdk-proxy', 'mcp-proxy'] as const) {
    const rate = ratio(of('breakwater'), of(other), 'callsPerSecond');
    const cpu = ratio(of(other), of('breakwater'), 'cpuPer10k');
    if (rate !== undefined)
      lines.push(
        `Breakwater against ${LABELS[other]}: ${times(rate)} the calls per second; the other needs ${times(cpu)} the CPU per call.`,
      );
  }
  const overFloor = ratio(of('breakwater'), of('pass-through'), 'cpuPer10k');
  if (overFloor !== undefined)
    lines.push(`Breakwater's CPU per call is ${times(overFloor)} that of the bare pass-through.`);
  return lines.length === 0 ? [] : ['', ...lines];
}

function renderNotes(cells: readonly Cell[]): string[] {
  const disturbed = cells.filter((cell) => cell.foreignCores > FOREIGN_CORES_MAX);
  const notes = ['Median (min–max) of the rounds. CPU is of the target alone, from the operating system.'];
  if (disturbed.length > 0) {
    const worst = Math.max(...disturbed.map((cell) => cell.foreignCores));
    notes.push(
      `${disturbed.length} of ${cells.length} cells had foreign load over ${FOREIGN_CORES_MAX} cores (worst ${worst.toFixed(2)}); ` +
        'they are dropped where quiet rounds are left, and the rows without one are marked "!".',
    );
  }
  return notes;
}

function spread(figure: Figure, digits: number): string {
  const text = (value: number): string => value.toFixed(digits);
  return `${text(figure.median)} (${text(figure.min)}–${text(figure.max)})`;
}

function times(value: number | undefined): string {
  if (value === undefined) return '–';
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ×`;
}

function align(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
  );
  return table.map(
    (cells) => `| ${cells.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join(' | ')} |`,
  );
}

function pad(cell: string, column: number, width: number): string {
  if (cell === '---') return '-'.repeat(width);
  if (cell === '--:') return `${'-'.repeat(Math.max(1, width - 1))}:`;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
