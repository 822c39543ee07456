/**
 * Characters that a person does not see and a model reads: zero-width spaces
 * and joiners of words, bidirectional controls, tag characters, supplementary
 * variation selectors, and controls other than line breaks and tabs. Joiners
 * and emoji selectors are left out: emoji, Persian and Hindi need them.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e007f}\u{e0100}-\u{e01ef}]/gu;

/** The first hidden character of a text, as `U+200B`; undefined when there is none. */
export function hiddenCharacter(text: string): string | undefined {
  const found = text.match(HIDDEN)?.[0]?.codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
}

export function withoutHidden(text: string): string {
  return text.replace(HIDDEN, '');
}
