/** Characters that JSON leaves as they are and a terminal or a reader must not get: see `escapeUnseen`. */
const UNSEEN_IN_JSON = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeUnits(char: string): string {
  let escaped = '';
  for (let at = 0; at < char.length; at += 1) {
    escaped += `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/**
 * JSON in which every unseen character is escaped. They can only stand inside
 * strings, where `\u…` means the same, so a parser gets the same value.
 */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  // The line breaks of the indentation are not inside a string.
  return text.replace(UNSEEN_IN_JSON, (char) => (char === '\n' ? char : escapeUnits(char)));
}
