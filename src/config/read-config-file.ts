import { open } from 'node:fs/promises';
import { CONFIG_FILE_BYTES_MAX } from '../platform/limits.ts';

/** Reads a file's bytes; rejects as `node:fs` does. A port, so that tests and editors need no disk. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** Reads at most one byte more than a configuration may have: enough to see that it is too large. */
export const readConfigFile: ReadFile = async (path) => {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(CONFIG_FILE_BYTES_MAX + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
};

export type DecodeResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly expected: string; readonly found: string };

/** Decodes UTF-8 strictly: a replaced character would silently change a path or a password. */
export function decodeConfig(bytes: Uint8Array): DecodeResult {
  if (bytes.length > CONFIG_FILE_BYTES_MAX) {
    return { ok: false, expected: `at most ${CONFIG_FILE_BYTES_MAX} bytes`, found: 'a larger file' };
  }
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return { ok: false, expected: 'UTF-8', found: 'UTF-16 (save the file again as UTF-8)' };
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, expected: 'UTF-8', found: 'other bytes' };
  }
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'a file that this user may not read',
  EPERM: 'a file that this user may not read',
};

/** Why a file could not be read, in words, without the text of the error. */
export function describeReadFailure(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return READ_FAILURES[code] ?? 'a file that cannot be read';
}
