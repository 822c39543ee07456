import { describe, expect, it } from 'vitest';
import { uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  it('has the version, the variant and the time of RFC 9562', () => {
    const id = uuidv7(0x0123456789ab);
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts by time and never repeats, across refills of the pool', () => {
    const ids = Array.from({ length: 2000 }, (_, ms) => uuidv7(1_700_000_000_000 + ms));
    expect(new Set(ids).size).toBe(2000);
    expect(ids.toSorted()).toEqual(ids);
  });
});
