import { StorageError } from '../errors.ts';

/** The last entry of a backup: what the others must be. Without it a backup is not whole. */
export const MANIFEST_FILE = 'breakwater-backup.json';

export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the contents, lower-case hex. */
  readonly sha256: string;
}

export interface BackupManifest {
  readonly format: 1;
  /** Of the program that wrote it. */
  readonly version: string;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
  readonly files: readonly ManifestFile[];
}

/** Reads a manifest back. Throws `backup_damaged` for anything else, also for the format of a later release. */
export function parseManifest(text: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged('its list of files cannot be read');
  }
  const { format, version, createdAtMs, files } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (format !== 1) throw damaged('it has a format that this release does not know');
  if (typeof version !== 'string' || typeof createdAtMs !== 'number' || !Array.isArray(files)) {
    throw damaged('its list of files cannot be read');
  }
  return { format, version, createdAtMs, files: files.map(parseFile) };
}

function parseFile(value: unknown): ManifestFile {
  const { path, bytes, sha256 } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof path !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string') {
    throw damaged('its list of files cannot be read');
  }
  return { path, bytes, sha256 };
}

/** A backup that must not be restored, and why. */
export function damaged(why: string): StorageError {
  return new StorageError(
    'backup_damaged',
    `This is no whole backup of Breakwater: ${why}. Nothing was restored.`,
  );
}
