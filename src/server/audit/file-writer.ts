import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { AUDIT_FILE_BYTES_MAX } from '../../platform/limits.ts';
import type { AuditEntry, AuditWriter } from './audit-option.ts';

/**
 * Appends entries to a file, one JSON object a line, mode 0600. Each line is
 * written before the call goes on, so it survives the death of the process,
 * though not the loss of power. At `bytesMax` the file is renamed to `FILE.1`,
 * which replaces the one before.
 */
export class AuditFile implements AuditWriter {
  readonly #path: string;
  readonly #bytesMax: number;
  #descriptor: number;
  #bytes: number;
  #isClosed = false;

  constructor(path: string, bytesMax: number = AUDIT_FILE_BYTES_MAX) {
    this.#path = path;
    this.#bytesMax = bytesMax;
    this.#descriptor = open(path);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  write(entry: AuditEntry): void {
    if (this.#isClosed) throw new Error('the audit file is closed');
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    if (this.#bytes > 0 && this.#bytes + line.length > this.#bytesMax) this.#rotate();
    let written = 0;
    while (written < line.length) written += writeSync(this.#descriptor, line, written);
    this.#bytes += line.length;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    // The new file is opened first: if that fails the old one still takes the line.
    renameSync(this.#path, `${this.#path}.1`);
    const next = open(this.#path);
    closeSync(this.#descriptor);
    this.#descriptor = next;
    this.#bytes = 0;
  }
}

function open(path: string): number {
  return openSync(path, 'a', 0o600);
}
