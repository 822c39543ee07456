import { SCHEMA_PATTERN_CHARS_MAX, SCHEMA_PATTERN_SIZE_MAX } from '../../platform/limits.ts';
import { loadRe2 } from './lazy-modules.ts';
import type { Meter } from './meter.ts';

export interface CompiledPattern {
  test(text: string): boolean;
}

export type PatternResult =
  | { readonly kind: 'compiled'; readonly pattern: CompiledPattern }
  /** A regular expression, but not one that can be matched in linear time. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'invalid' };

/** A match costs something even on the empty string. */
const MATCH_STEPS_MIN = 16;

/**
 * The patterns of one schema, on an engine whose time grows with the length of
 * the text and nothing else: the engine of JavaScript takes 30 s for 28
 * characters against `^(a+)+$`.
 *
 * Look-around and back-references have no linear-time form. A schema that uses
 * them is honest more often than not, so such a pattern is not checked here;
 * the upstream still checks it. Of the classes, `\s` and `\b` know only ASCII.
 */
export class Patterns {
  readonly #meter: Meter;
  readonly #results = new Map<string, PatternResult>();
  #size = 0;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Compiles `source`, or takes it from an earlier call. */
  get(source: string): PatternResult {
    let result = this.#results.get(source);
    if (result === undefined) {
      result = this.#compile(source);
      this.#results.set(source, result);
    }
    return result;
  }

  /** True once the patterns together are larger than a schema may have. */
  get isTooLarge(): boolean {
    return this.#size > SCHEMA_PATTERN_SIZE_MAX;
  }

  #compile(source: string): PatternResult {
    if (source.length > SCHEMA_PATTERN_CHARS_MAX || !isRegularExpression(source)) return { kind: 'invalid' };
    const { RE2JS } = loadRe2();
    try {
      const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
      const size = compiled.programSize();
      this.#size += size;
      const meter = this.#meter;
      return {
        kind: 'compiled',
        pattern: {
          test(text) {
            meter.spendOnPattern(MATCH_STEPS_MIN + text.length * size);
            return compiled.test(text);
          },
        },
      };
    } catch {
      return { kind: 'unsupported' };
    }
  }
}

/** Only parses it, which takes linear time. With `u` as JSON Schema wants it, or as people write it. */
function isRegularExpression(source: string): boolean {
  for (const flags of ['u', '']) {
    try {
      new RegExp(source, flags);
      return true;
    } catch {
      // The other reading may do.
    }
  }
  return false;
}
