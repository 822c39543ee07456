import { describe, expect, it } from 'vitest';
import { createProcessIdentity, livenessOf, parseProcessIdentity } from './process-identity.ts';

describe('livenessOf', () => {
  it('knows this process, a dead one, and one whose id was reused', () => {
    const identity = createProcessIdentity();
    expect(livenessOf(identity)).toBe('alive');
    expect(livenessOf({ ...identity, pid: 2 ** 22 + 1 })).toBe('dead');
    if (process.platform === 'linux') expect(livenessOf({ ...identity, start: '1' })).toBe('dead');
  });

  it('does not compare process ids of another host or container', () => {
    expect(livenessOf({ ...createProcessIdentity(), host: 'elsewhere' })).toBe('unknown');
  });
});

describe('parseProcessIdentity', () => {
  it('reads back what was written, and nothing else', () => {
    const identity = createProcessIdentity();
    expect(parseProcessIdentity(JSON.parse(JSON.stringify(identity)))).toEqual(identity);
    for (const value of [
      null,
      1,
      [],
      {},
      { ...identity, pid: 0 },
      { ...identity, pid: '1' },
      { ...identity, nonce: 1 },
    ]) {
      expect(parseProcessIdentity(value)).toBeUndefined();
    }
  });

  it('differs between two owners in one process', () => {
    expect(createProcessIdentity().nonce).not.toBe(createProcessIdentity().nonce);
  });
});
