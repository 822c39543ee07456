import { DefinitionError } from './definition-error.ts';

/** What every provider takes as a tool name, with room for a gateway's prefix. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Throws DefinitionError unless `name` can be used with every client and model. */
export function assertName(name: unknown, kind: 'tool' | 'prompt' | 'resource'): void {
  if (typeof name === 'string' && NAME.test(name)) return;
  throw new DefinitionError(
    `${kind} ${typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : String(typeof name)}`,
    'a name begins with a letter and has at most 64 letters, digits, `_` and `-`',
  );
}

/**
 * What nobody sees and a model still reads: controls except tab and line feed,
 * format characters except the joiners of emoji and scripts, tag characters.
 */
const UNSEEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}]/u;

/** Longest text that a definition shows to a model; beyond it the list costs more than the call. */
const TEXT_CHARS_MAX = 4_096;

export function assertText(text: unknown, subject: string, member: string): void {
  if (typeof text !== 'string' || text.trim() === '')
    throw new DefinitionError(subject, `the ${member} is missing`);
  if (text.length > TEXT_CHARS_MAX) {
    throw new DefinitionError(subject, `the ${member} is longer than ${String(TEXT_CHARS_MAX)} characters`);
  }
  if (UNSEEN.test(text)) {
    throw new DefinitionError(subject, `the ${member} has control or invisible characters`);
  }
}

/** Throws unless `value` is absent or a number from `min` (default 1) to `max`: a limit is never zero, endless or text. */
export function assertLimit(
  value: unknown,
  max: number,
  { subject, name, min = 1 }: { readonly subject: string; readonly name: string; readonly min?: number },
): void {
  if (value === undefined) return;
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw new DefinitionError(subject, `\`${name}\` must be a number from ${String(min)} to ${String(max)}`);
}
