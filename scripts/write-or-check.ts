import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

function readPage(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Writes a generated page; with `--check` on the command line it writes
 * nothing, and fails when the page is not what would be written.
 */
export function writeOrCheck(file: string, page: string): void {
  if (!process.argv.includes('--check')) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, page);
  } else if (readPage(file) !== page) {
    process.stderr.write(`${path.relative(process.cwd(), file)} is not up to date: run \`npm run docs\`.\n`);
    process.exitCode = 1;
  }
}
