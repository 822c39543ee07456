import { hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { StorageError } from './errors.ts';

/** The secrets of an installation. They never reach the database, a log or an answer. */
export interface StorageKeys {
  /** Key of the token digests. Losing it makes every token invalid. */
  readonly tokenPepper: Buffer;
  /** Key of the argument hashes in the audit log, so that they cannot be guessed from outside. */
  readonly auditHashKey: Buffer;
}

const KEY_BYTES = 32;
/** The environment variable that replaces the key folder, for replicas that share a database. */
export const PEPPER_VARIABLE = 'BREAKWATER_TOKEN_PEPPER';

/**
 * The keys of `<dataDir>/keys/`, made at the first start with mode 0600; or
 * derived from `BREAKWATER_TOKEN_PEPPER` (at least 32 bytes as base64 or hex, or
 * what `exportKeys` made), which must be the same on every replica. Throws `StorageError('keys')`.
 */
export function loadKeys(dataDir: string | undefined, environment: NodeJS.ProcessEnv): StorageKeys {
  const fromEnvironment = environment[PEPPER_VARIABLE];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    const exported = decodeExported(fromEnvironment.trim());
    if (exported !== undefined) return exported;
    const secret = decodeSecret(fromEnvironment);
    if (secret === undefined) {
      throw new StorageError('keys', `${PEPPER_VARIABLE} is not 32 or more bytes in base64 or hex.`);
    }
    return {
      tokenPepper: derive(secret, 'breakwater token pepper'),
      auditHashKey: derive(secret, 'breakwater audit hash'),
    };
  }
  if (dataDir === undefined)
    return { tokenPepper: randomBytes(KEY_BYTES), auditHashKey: randomBytes(KEY_BYTES) };
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    tokenPepper: loadOrCreate(join(folder, 'token-pepper')),
    auditHashKey: loadOrCreate(join(folder, 'audit-hash')),
  };
}

const EXPORTED = /^keys1\.([0-9a-f]{64})([0-9a-f]{64})$/;

/**
 * The keys of a data folder as a value of `BREAKWATER_TOKEN_PEPPER`, so that
 * replicas without that folder accept the tokens that were made with it.
 */
export function exportKeys({ tokenPepper, auditHashKey }: StorageKeys): string {
  return `keys1.${tokenPepper.toString('hex')}${auditHashKey.toString('hex')}`;
}

function decodeExported(text: string): StorageKeys | undefined {
  const match = EXPORTED.exec(text);
  if (match === null) return undefined;
  const [, pepper = '', audit = ''] = match;
  return { tokenPepper: Buffer.from(pepper, 'hex'), auditHashKey: Buffer.from(audit, 'hex') };
}

function decodeSecret(text: string): Buffer | undefined {
  const trimmed = text.trim();
  // Only hex digits is hex: read as base64, a hex key that is too short would seem long enough.
  const isHex = /^[0-9a-f]+$/i.test(trimmed);
  if (!isHex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)) return undefined;
  const bytes = Buffer.from(trimmed, isHex ? 'hex' : 'base64');
  return bytes.length >= KEY_BYTES ? bytes : undefined;
}

/** Two keys from one secret: a digest made for one purpose must not be valid for the other. */
function derive(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES));
}

function loadOrCreate(path: string): Buffer {
  const existing = read(path);
  if (existing !== undefined) return existing;
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(fd, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    // A link never replaces: of two processes that start together, both use the key of the first.
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  const created = read(path);
  if (created === undefined) throw new StorageError('keys', `The key file ${path} could not be created.`);
  return created;
}

function read(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StorageError('keys', `The key file ${path} cannot be read. Check its owner and mode.`, {
      cause: error,
    });
  }
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new StorageError('keys', `The key file ${path} is damaged. Restore it from a backup.`);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new StorageError('keys', `Others can read the key file ${path}. Run: chmod 600 ${path}`);
  }
  return Buffer.from(text, 'hex');
}
