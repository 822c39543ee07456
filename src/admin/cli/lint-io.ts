import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { loadConfig, type LoadConfigResult } from '../../config/index.ts';
import { LINT_FILE_BYTES_MAX } from '../../platform/limits.ts';
import { escapeForLog } from '../../platform/logger.ts';
import { connectServer, type Connect } from './lint-connect.ts';
import { LintUsageError } from './lint-flags.ts';

/** The world as the linter's commands see it; tests put another in its place. */
export interface LintIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readText: (file: string) => Promise<string>;
  readonly readStdin: () => Promise<string>;
  readonly writeText: (file: string, text: string) => Promise<void>;
  readonly out: (text: string) => Promise<void>;
  readonly err: (text: string) => void;
  /** stdout is a terminal, so that colours make sense. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly loadConfig: (file: string) => Promise<LoadConfigResult>;
  readonly connect: Connect;
}

/** Reads a text file up to the bound. Throws LintUsageError with a sentence for people. */
async function readText(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > LINT_FILE_BYTES_MAX)
        throw new LintUsageError(`${escapeForLog(file)} is larger than ${LINT_FILE_BYTES_MAX} bytes.`);
      return await readFile(handle, 'utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof LintUsageError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : 'cannot be read';
    throw new LintUsageError(`${escapeForLog(file)} ${reason}.`);
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LINT_FILE_BYTES_MAX)
      throw new LintUsageError(`stdin has more than ${LINT_FILE_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whole or not at all: a file of definitions that was half written is lost. */
async function writeText(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch {
    throw new LintUsageError(`${escapeForLog(file)} cannot be written.`);
  }
}

/** The process itself. */
export function processIo(): LintIo {
  return {
    env: process.env,
    readText,
    readStdin,
    writeText,
    // The command ends the process afterwards, and a pipe may still be filling.
    out: (text) => new Promise((resolve) => void process.stdout.write(text, () => resolve())),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
    columns: process.stdout.columns ?? 100,
    loadConfig: (file) => loadConfig({ file, env: process.env }),
    connect: connectServer,
  };
}
