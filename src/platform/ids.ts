import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn 4 KiB at a time: a system call for each id would cost more than the id. */
const POOL_BYTES = 4096;
const RANDOM_BYTES = 10;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(offset: number): string {
  return HEX[pool[offset] as number] as string;
}

/** The part that says the time. Under load several ids share a millisecond, and writing it is half the cost of an id. */
let prefixMs = -1;
let prefix = '';

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random
 * bits, so that ids sort by time and cannot be guessed from each other.
 */
export function uuidv7(nowMs: number): string {
  if (used + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += RANDOM_BYTES;
  const ms = Math.max(0, Math.floor(nowMs));
  if (ms !== prefixMs) {
    const time = ms.toString(16).padStart(12, '0').slice(-12);
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-`;
    prefixMs = ms;
  }
  const version = ((pool[at] as number) & 0x0f) | 0x70;
  const variant = ((pool[at + 2] as number) & 0x3f) | 0x80;
  return (
    `${prefix}${HEX[version] as string}${hex(at + 1)}-` +
    `${HEX[variant] as string}${hex(at + 3)}-` +
    `${hex(at + 4)}${hex(at + 5)}${hex(at + 6)}${hex(at + 7)}${hex(at + 8)}${hex(at + 9)}`
  );
}
