import { JSON_DEPTH_MAX } from '../../platform/limits.ts';

/**
 * Up to this many names of one object are compared byte by byte, which needs no
 * allocation; envelopes and params have fewer. From the next one on a Set is
 * cheaper, and with thousands of names the comparison would be quadratic.
 */
const LINEAR_NAMES_MAX = 16;

/**
 * The member names of the objects that are open, one level per nesting depth,
 * to find duplicates. Reused between texts, so that the usual message
 * allocates nothing here.
 */
export class KeyTable {
  readonly #starts = new Int32Array((JSON_DEPTH_MAX + 2) * LINEAR_NAMES_MAX);
  readonly #ends = new Int32Array((JSON_DEPTH_MAX + 2) * LINEAR_NAMES_MAX);
  readonly #counts = new Int32Array(JSON_DEPTH_MAX + 2);
  readonly #sets: (Set<string> | undefined)[] = Array.from({ length: JSON_DEPTH_MAX + 2 });
  #hasSets = false;
  #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Starts a text; names are given as offsets into it. */
  reset(bytes: Buffer): void {
    this.#bytes = bytes;
    if (this.#hasSets) this.#sets.fill(undefined);
    this.#hasSets = false;
  }

  /** Starts an object at `level`. */
  open(level: number): void {
    this.#counts[level] = 0;
    this.#sets[level] = undefined;
  }

  /** Adds a name without escapes, whose bytes are therefore its value. False: it is there already. */
  add(level: number, start: number, end: number): boolean {
    if (this.#sets[level] !== undefined)
      return this.addDecoded(level, this.#bytes.toString('utf8', start, end));
    const count = this.#counts[level] as number;
    const base = level * LINEAR_NAMES_MAX;
    for (let k = base; k < base + count; k++) {
      if (this.#isSame(k, start, end)) return false;
    }
    if (count === LINEAR_NAMES_MAX) return this.addDecoded(level, this.#bytes.toString('utf8', start, end));
    this.#starts[base + count] = start;
    this.#ends[base + count] = end;
    this.#counts[level] = count + 1;
    return true;
  }

  /** Adds a name by its value, for names with escapes. False: it is there already. */
  addDecoded(level: number, name: string): boolean {
    const set = this.#sets[level] ?? this.#toSet(level);
    if (set.has(name)) return false;
    set.add(name);
    return true;
  }

  #isSame(slot: number, start: number, end: number): boolean {
    const bytes = this.#bytes;
    const from = this.#starts[slot] as number;
    const length = end - start;
    if ((this.#ends[slot] as number) - from !== length) return false;
    for (let k = 0; k < length; k++) {
      if (bytes[from + k] !== bytes[start + k]) return false;
    }
    return true;
  }

  #toSet(level: number): Set<string> {
    const set = new Set<string>();
    const base = level * LINEAR_NAMES_MAX;
    const count = this.#counts[level] as number;
    for (let k = base; k < base + count; k++) {
      set.add(this.#bytes.toString('utf8', this.#starts[k], this.#ends[k]));
    }
    this.#sets[level] = set;
    this.#hasSets = true;
    return set;
  }
}
