/** Where a value stands in a text. Lines and columns start at 1; columns count UTF-16 units, as editors do. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Member names and array indexes from the root of a document. `[]` is the whole. */
export type JsonPath = readonly (string | number)[];

/** Positions of one value and of what is inside it. Mirrors the value. */
export interface PositionNode {
  /** UTF-16 offset of the value, or of the member name that leads to it. */
  readonly offset: number;
  readonly children: Map<string | number, PositionNode>;
}

/** Offset of the deepest part of `path` that exists: for a missing member, its parent. */
export function offsetOf(root: PositionNode, path: JsonPath): number {
  let node = root;
  for (const step of path) {
    const child = node.children.get(step);
    if (child === undefined) break;
    node = child;
  }
  return node.offset;
}

/** Turns an offset into line and column. `\r\n`, `\n` and a lone `\r` each end a line. */
export function positionAt(text: string, offset: number): TextPosition {
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < offset; at += 1) {
    const code = text.charCodeAt(at);
    const isCrLf = code === 0x0d && text.charCodeAt(at + 1) === 0x0a;
    if (code === 0x0a || (code === 0x0d && !isCrLf)) {
      line += 1;
      lineStart = at + 1;
    }
  }
  return { line, column: offset - lineStart + 1 };
}

const PLAIN_MEMBER = /^[A-Za-z_$][\w$-]*$/;

/** Writes a path as people read it: `mcpServers.files.args[2]`, `mcpServers["my server"].url`. */
export function formatPath(path: JsonPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_MEMBER.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

const CHARACTER_KINDS: readonly (readonly [RegExp, string])[] = [
  [/["]/, 'a double quote'],
  [/[']/, 'a single quote (JSON strings use double quotes)'],
  [/[\u2018-\u201f]/, 'a typographic quote (JSON strings use straight double quotes)'],
  [/[\u00a0\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/, 'an invisible character'],
  [/[0-9]/, 'a digit'],
  [/\p{L}/u, 'a letter'],
];

/**
 * Names the kind of character at an offset. Only punctuation of JSON itself is
 * shown: anything else could be the first character of a password that lost
 * its quotes.
 */
export function describeCharacter(text: string, offset: number): string {
  const char = text.charAt(offset);
  if (char === '') return 'the end of the file';
  if ('{}[]:,'.includes(char)) return `"${char}"`;
  for (const [pattern, name] of CHARACTER_KINDS) if (pattern.test(char)) return name;
  return 'an unexpected character';
}
