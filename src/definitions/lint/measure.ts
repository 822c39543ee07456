import { JSON_DEPTH_MAX, LINT_TOOL_CHARS_MAX, LINT_TOOL_NODES_MAX } from '../../platform/limits.ts';

/** What keeps a definition from being examined, to be read after "The definition …". */
export type Oversize = 'is too large' | 'is nested too deeply' | 'has too many values' | 'is not JSON';

export type Measured =
  | { readonly ok: true; readonly chars: number }
  | { readonly ok: false; readonly problem: Oversize };

/**
 * Whether a definition is small enough to be examined, and how many characters
 * of JSON it has, about. Everything after this may recurse, copy and print it:
 * the answer bounds its depth, its values and its text, and a value that
 * refers to itself is too deep. Itself it uses a list instead of the call
 * stack.
 */
export function measureDefinition(definition: unknown): Measured {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: definition, depth: 1 }];
  let chars = 0;
  let nodes = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    nodes += 1;
    if (nodes > LINT_TOOL_NODES_MAX) return { ok: false, problem: 'has too many values' };
    if (typeof value === 'string') chars += value.length + 2;
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) chars += 5;
    else if (typeof value !== 'object') return { ok: false, problem: 'is not JSON' };
    else {
      if (depth > JSON_DEPTH_MAX) return { ok: false, problem: 'is nested too deeply' };
      // Before anything is copied: an array of a million items must not become a million entries here.
      const count = Array.isArray(value) ? value.length : Object.keys(value).length;
      if (count > LINT_TOOL_NODES_MAX) return { ok: false, problem: 'has too many values' };
      for (const [name, member] of Object.entries(value)) {
        if (member === undefined) continue;
        chars += name.length + 3;
        waiting.push({ value: member, depth: depth + 1 });
      }
    }
    if (chars > LINT_TOOL_CHARS_MAX) return { ok: false, problem: 'is too large' };
  }
  return { ok: true, chars };
}
