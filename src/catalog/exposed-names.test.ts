import { describe, expect, it } from 'vitest';
import { prefixed, unprefixed } from './exposed-names.ts';

describe('prefixed names', () => {
  const github = prefixed('github');

  it('lead back to the name they were made from', () => {
    expect(github.expose('create_issue')).toBe('github__create_issue');
    expect(github.strip('github__create_issue')).toBe('create_issue');
    expect(github.strip('github__a__b')).toBe('a__b');
  });

  it('are not taken from another upstream whose prefix begins alike', () => {
    expect(github.strip('github2__x')).toBeUndefined();
    expect(github.strip('github_x')).toBeUndefined();
    expect(github.strip('github__')).toBeUndefined();
  });

  it('are left out when they pass 128 characters', () => {
    expect(github.expose('x'.repeat(120))).toHaveLength(128);
    expect(github.expose('x'.repeat(121))).toBeUndefined();
  });

  it('stay as they are with an empty prefix', () => {
    expect(prefixed('')).toBe(unprefixed);
    expect(unprefixed.strip('anything')).toBe('anything');
  });
});
