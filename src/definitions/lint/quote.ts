/**
 * Characters that are not seen, that change how their neighbours are shown, or
 * that a terminal obeys: controls, formatting and bidirectional characters, tag
 * characters and variation selectors, line separators, lone surrogates, and
 * code points that mean nothing yet.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Characters of a definition that one message quotes: enough to find the place, too few to carry instructions. */
const QUOTED_CHARS_MAX = 64;

function escapeCharacter(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Makes every unseen character of a text visible, as `\u{200b}`. Line breaks are among them. */
export function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, escapeCharacter);
}

/** Cuts a text at `charsMax` UTF-16 units, never through a character, and says so with an ellipsis. */
export function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const cut = text.slice(0, charsMax);
  const last = cut.charCodeAt(cut.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${isHalf ? cut.slice(0, -1) : cut}…`;
}

/**
 * A piece of a definition for a message: cut, escaped, between backticks, and
 * without a backtick inside, so that it stays one piece in a terminal and one
 * code span in Markdown.
 */
export function quote(text: string, charsMax: number = QUOTED_CHARS_MAX): string {
  return `\`${escapeUnseen(cutText(text, charsMax)).replaceAll('`', '\\u{60}')}\``;
}

/** Names that one message lists; the rest is counted. */
const LISTED_MAX = 5;

/** `` `a`, `b` and 3 more ``. */
export function quoteList(texts: readonly string[], listedMax: number = LISTED_MAX): string {
  const shown = texts.slice(0, listedMax).map((text) => quote(text));
  const rest = texts.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
