import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createToken, hashToken, parseToken, tokenChecksum, tokenHint } from './token.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('parseToken', () => {
  it('accepts every token that createToken makes, and says for which environment', () => {
    for (let round = 0; round < 200; round += 1) {
      expect(parseToken(createToken())).toEqual({ ok: true, environment: 'live' });
      expect(parseToken(createToken('test'))).toEqual({ ok: true, environment: 'test' });
    }
  });

  it('refuses every single wrong character and every swap of neighbours', () => {
    const token = createToken();
    for (let place = 'bw_live_'.length; place < token.length; place += 1) {
      for (const char of BASE62) {
        if (char === token[place]) continue;
        expect(parseToken(token.slice(0, place) + char + token.slice(place + 1))).toEqual({
          ok: false,
          problem: 'checksum',
        });
      }
      const next = token[place + 1];
      if (next === undefined || next === token[place]) continue;
      const swapped = token.slice(0, place) + next + token.charAt(place) + token.slice(place + 2);
      expect(parseToken(swapped).ok).toBe(false);
    }
  });

  it.each([
    '',
    'bw_live_',
    'bw_prod_'.padEnd(46, '0'),
    `${createToken()} `,
    createToken().slice(0, -1),
    'x'.repeat(1_000_000),
  ])('calls %#: anything of another shape no token', (text) => {
    expect(parseToken(text)).toEqual({ ok: false, problem: 'not_a_token' });
  });

  it('accepts nothing by accident', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^bw_live_[0-9A-Za-z]{38}$/), (text) => {
        expect(parseToken(text).ok).toBe(text.slice(-6) === tokenChecksum(text.slice(0, -6)));
      }),
    );
  });

  it('computes the checksum of the published vectors', () => {
    expect(tokenChecksum(`mgw_live_${'0'.repeat(32)}`)).toBe('100AMa');
    expect(tokenChecksum(`mgw_live_${'A'.repeat(32)}`)).toBe('15NcTu');
    expect(tokenChecksum('mgw_live_0123456789ABCDEFGHIJKLMNOPQRSTUV')).toBe('3hkoct');
  });
});

describe('createToken', () => {
  it('draws every character equally often', () => {
    const counts = new Map<string, number>();
    const tokens = 4_000;
    for (let round = 0; round < tokens; round += 1) {
      for (const char of createToken().slice('bw_live_'.length, -6))
        counts.set(char, (counts.get(char) ?? 0) + 1);
    }
    // 128,000 draws, 2,064 of each expected, standard deviation 45: six of them never happen by chance.
    // A remainder of 256 values would give the first eight characters 2,500.
    for (const char of BASE62)
      expect(Math.abs((counts.get(char) ?? 0) - (tokens * 32) / 62)).toBeLessThan(280);
  });

  it('shows no more than the prefix and the last four characters', () => {
    const token = createToken('test');
    expect(tokenHint(token)).toEqual({ prefix: 'bw_test_', last4: token.slice(-4) });
  });
});

describe('hashToken', () => {
  it('depends on the token and on the pepper', () => {
    const pepper = Buffer.alloc(32, 1);
    const token = createToken();
    expect(hashToken(pepper, token)).toHaveLength(32);
    expect(hashToken(pepper, token)).toEqual(hashToken(pepper, token));
    expect(hashToken(Buffer.alloc(32, 2), token)).not.toEqual(hashToken(pepper, token));
    expect(hashToken(pepper, createToken())).not.toEqual(hashToken(pepper, token));
  });
});

describe('the token of an operator', () => {
  it('is told apart by its prefix, and its hint shows nothing of its secret', () => {
    const token = createToken('adm');
    expect(token).toMatch(/^bw_adm_[0-9A-Za-z]{38}$/);
    expect(parseToken(token)).toEqual({ ok: true, environment: 'adm' });
    expect(parseToken(token.replace('bw_adm_', 'bw_live_'))).toMatchObject({ ok: false });
    expect(tokenHint(token)).toEqual({ prefix: 'bw_adm_', last4: token.slice(-4) });
  });
});
