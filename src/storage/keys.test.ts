import { chmodSync, mkdtempSync, readdirSync, statSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadKeys } from './keys.ts';

function folder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'breakwater-keys-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return parent;
}

describe('loadKeys', () => {
  it('makes the keys once, readable by this user only', () => {
    const dataDir = folder();
    const keys = loadKeys(dataDir, {});
    expect(keys.tokenPepper).toHaveLength(32);
    expect(keys.auditHashKey).not.toEqual(keys.tokenPepper);
    expect(loadKeys(dataDir, {})).toEqual(keys);
    expect(readdirSync(join(dataDir, 'keys')).sort()).toEqual(['audit-hash', 'token-pepper']);
    for (const name of ['audit-hash', 'token-pepper']) {
      expect(statSync(join(dataDir, 'keys', name)).mode & 0o777).toBe(0o600);
    }
    expect(loadKeys(folder(), {}).tokenPepper).not.toEqual(keys.tokenPepper);
  });

  it('derives the same keys on every replica from the environment', () => {
    const env = { BREAKWATER_TOKEN_PEPPER: 'ab'.repeat(32) };
    const dataDir = folder();
    const keys = loadKeys(dataDir, env);
    expect(loadKeys(undefined, env)).toEqual(keys);
    expect(readdirSync(dataDir)).toEqual([]);
    expect(keys.auditHashKey).not.toEqual(keys.tokenPepper);
    expect(keys.tokenPepper).not.toEqual(Buffer.alloc(32, 0xab));
  });

  it.each(['short', 'ab'.repeat(31), '!'.repeat(64), Buffer.alloc(31).toString('base64')])(
    'refuses %s as a pepper, without repeating it',
    (text) => {
      expect(() => loadKeys(undefined, { BREAKWATER_TOKEN_PEPPER: text })).toThrow(
        /BREAKWATER_TOKEN_PEPPER is not/,
      );
    },
  );

  it('refuses a damaged key file instead of making a new one, which would end every token', () => {
    const dataDir = folder();
    loadKeys(dataDir, {});
    writeFileSync(join(dataDir, 'keys', 'token-pepper'), 'abc');
    expect(() => loadKeys(dataDir, {})).toThrow(/damaged/);
  });

  it.skipIf(process.platform === 'win32')('refuses a key file that others can read', () => {
    const dataDir = folder();
    loadKeys(dataDir, {});
    chmodSync(join(dataDir, 'keys', 'token-pepper'), 0o644);
    expect(() => loadKeys(dataDir, {})).toThrow(/chmod 600/);
  });
});
