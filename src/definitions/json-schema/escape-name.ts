/** Characters of a name, a pattern or a value of a schema in a message. */
const NAME_CHARS_MAX = 64;
/** Characters of a path. Deep ones repeat the names of members, which a caller chooses. */
const PATH_CHARS_MAX = 200;

/**
 * Makes a name safe to show: cut, and with everything escaped that could break
 * the line, end the quotation or reverse the text.
 */
export function escapeName(name: string, charsMax: number = NAME_CHARS_MAX): string {
  const cut = name.length > charsMax ? `${name.slice(0, charsMax).toWellFormed()}…` : name.toWellFormed();
  return cut.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}`]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The same for a JSON Pointer. */
export function escapePath(path: string): string {
  return escapeName(path, PATH_CHARS_MAX);
}
