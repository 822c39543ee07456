import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../measure/machine.ts';
import type { Cell, Row } from '../measure/summary.ts';
import type { BenchOptions } from '../options.ts';

export interface RunRecord {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly rows: readonly Row[];
  readonly cells: readonly Cell[];
}

/**
 * Keeps one run as `results/<date>-<machine>.json`; a body size other than the
 * default is part of the name, so that the sizes of one day do not overwrite
 * each other. Returns the path.
 */
export async function writeResults(record: RunRecord, defaultResultBytes: number): Promise<string> {
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  const { resultBytes } = record.options;
  const suffix = resultBytes === defaultResultBytes ? '' : `-${resultBytes}B`;
  const path = `${folder}${record.machine.date.slice(0, 10)}-${record.machine.name}${suffix}.json`;
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${JSON.stringify(record, null, 2)}\n`);
  return path;
}
