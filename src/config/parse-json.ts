import type { JsonObject, JsonValue } from '../platform/json.ts';
import { JSON_DEPTH_MAX, JSON_NODES_MAX, JSON_NUMBER_CHARS_MAX } from '../platform/limits.ts';
import type { JsonPath, PositionNode, TextPosition } from './json-source.ts';
import { describeCharacter, offsetOf, positionAt } from './json-source.ts';

/** A syntax error: what should stand at a place, and what kind of thing stands there. */
export interface JsonSyntaxProblem {
  readonly position: TextPosition;
  readonly expected: string;
  readonly found: string;
}

export type ParseJsonResult =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** Members that repeat an earlier name of the same object. The first value is the one kept. */
      readonly duplicates: readonly JsonPath[];
      /** Position of a value, or of its nearest existing ancestor. */
      readonly locate: (path: JsonPath) => TextPosition;
    }
  | { readonly ok: false; readonly problem: JsonSyntaxProblem };

/**
 * Parses JSON (RFC 8259) and accepts what the files of MCP clients contain
 * besides: a byte order mark, `//` and block comments, and a comma after the
 * last member. Never throws. Bounded to JSON_DEPTH_MAX levels and
 * JSON_NODES_MAX values; the caller bounds the text.
 */
export function parseJson(text: string): ParseJsonResult {
  const parser = new JsonParser(text);
  try {
    const { value, node } = parser.parseDocument();
    return {
      ok: true,
      value,
      duplicates: parser.duplicates,
      locate: (path) => positionAt(text, offsetOf(node, path)),
    };
  } catch (error) {
    if (!(error instanceof SyntaxStop)) throw error;
    const { offset, expected, found } = error;
    return { ok: false, problem: { position: positionAt(text, offset), expected, found } };
  }
}

/** Unwinds the recursive descent; never leaves this file. */
class SyntaxStop extends Error {
  readonly offset: number;
  readonly expected: string;
  readonly found: string;

  constructor(offset: number, expected: string, found: string) {
    super('syntax');
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }
}

interface Parsed {
  readonly value: JsonValue;
  readonly node: PositionNode;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z0-9_$.+-]+/y;
const LITERALS: Readonly<Record<string, JsonValue>> = { true: true, false: false, null: null };

class JsonParser {
  readonly #text: string;
  #at = 0;
  #nodes = 0;
  readonly #path: (string | number)[] = [];
  readonly duplicates: JsonPath[] = [];

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  parseDocument(): Parsed {
    this.#skipBlank();
    const parsed = this.#parseValue();
    this.#skipBlank();
    if (this.#at < this.#text.length) this.#fail('nothing after the document');
    return parsed;
  }

  #fail(expected: string, offset: number = this.#at): never {
    throw new SyntaxStop(offset, expected, describeCharacter(this.#text, offset));
  }

  #parseValue(): Parsed {
    this.#nodes += 1;
    if (this.#nodes > JSON_NODES_MAX) {
      throw new SyntaxStop(this.#at, `at most ${JSON_NODES_MAX} values`, 'more');
    }
    const node: PositionNode = { offset: this.#at, children: new Map() };
    const char = this.#text.charAt(this.#at);
    if (char === '{' || char === '[') {
      if (this.#path.length >= JSON_DEPTH_MAX) {
        throw new SyntaxStop(this.#at, `at most ${JSON_DEPTH_MAX} levels of nesting`, 'more');
      }
      return { value: char === '{' ? this.#parseObject(node) : this.#parseArray(node), node };
    }
    if (char === '"') return { value: this.#parseString(), node };
    return { value: this.#parseScalar(), node };
  }

  #parseObject(node: PositionNode): JsonObject {
    const value: JsonObject = {};
    this.#at += 1;
    this.#skipBlank();
    while (this.#text.charAt(this.#at) !== '}') {
      const nameOffset = this.#at;
      if (this.#text.charAt(this.#at) !== '"') this.#fail('a member name in double quotes or "}"');
      const name = this.#parseString();
      // An own member of this name would become the prototype of a later copy.
      if (name === '__proto__') throw new SyntaxStop(nameOffset, 'another member name', 'the name __proto__');
      this.#skipBlank();
      if (this.#text.charAt(this.#at) !== ':') this.#fail('":"');
      this.#at += 1;
      this.#skipBlank();
      this.#path.push(name);
      const member = this.#parseValue();
      if (Object.hasOwn(value, name)) this.duplicates.push([...this.#path]);
      else {
        value[name] = member.value;
        node.children.set(name, { offset: nameOffset, children: member.node.children });
      }
      this.#path.pop();
      this.#endOfMember('}');
    }
    this.#at += 1;
    return value;
  }

  #parseArray(node: PositionNode): JsonValue[] {
    const value: JsonValue[] = [];
    this.#at += 1;
    this.#skipBlank();
    while (this.#text.charAt(this.#at) !== ']') {
      this.#path.push(value.length);
      const item = this.#parseValue();
      this.#path.pop();
      node.children.set(value.length, item.node);
      value.push(item.value);
      this.#endOfMember(']');
    }
    this.#at += 1;
    return value;
  }

  #endOfMember(close: '}' | ']'): void {
    this.#skipBlank();
    const char = this.#text.charAt(this.#at);
    if (char === ',') {
      this.#at += 1;
      this.#skipBlank();
    } else if (char !== close) this.#fail(`"," or "${close}"`);
  }

  #parseString(): string {
    const start = this.#at;
    let at = start + 1;
    for (let code = this.#text.charCodeAt(at); code !== 0x22; code = this.#text.charCodeAt(at)) {
      if (Number.isNaN(code)) throw new SyntaxStop(start, 'a closing double quote', 'the end of the file');
      if (code === 0x0a || code === 0x0d) {
        throw new SyntaxStop(start, 'a closing double quote', 'the end of the line');
      }
      if (code < 0x20) throw new SyntaxStop(at, 'a string without control characters', 'a control character');
      at += code === 0x5c ? 2 : 1;
    }
    this.#at = at + 1;
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      throw new SyntaxStop(
        start,
        'a string in which every \\ starts a JSON escape (write \\\\ for one)',
        'another escape',
      );
    }
  }

  #parseScalar(): JsonValue {
    const start = this.#at;
    WORD.lastIndex = start;
    const word = WORD.exec(this.#text)?.[0] ?? '';
    if (Object.hasOwn(LITERALS, word)) {
      this.#at += word.length;
      return LITERALS[word] ?? null;
    }
    NUMBER.lastIndex = start;
    const digits = NUMBER.exec(this.#text)?.[0] ?? '';
    if (digits === '' || digits !== word) this.#fail('a JSON value');
    const number = Number(digits);
    if (digits.length > JSON_NUMBER_CHARS_MAX || !Number.isFinite(number)) {
      throw new SyntaxStop(
        start,
        `a number of at most ${JSON_NUMBER_CHARS_MAX} characters`,
        'another number',
      );
    }
    this.#at += digits.length;
    return number;
  }

  /** Skips white space and comments. A comment that never ends is an error at its start. */
  #skipBlank(): void {
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === ' ' || char === '\t' || char === '\n' || char === '\r') this.#at += 1;
      else if (char === '/') this.#skipComment();
      else return;
    }
  }

  #skipComment(): void {
    const start = this.#at;
    const second = this.#text.charAt(start + 1);
    if (second === '/') {
      while (this.#at < this.#text.length && !'\n\r'.includes(this.#text.charAt(this.#at))) this.#at += 1;
      return;
    }
    if (second !== '*') this.#fail('a JSON value, or a comment that starts with // or /*');
    const end = this.#text.indexOf('*/', start + 2);
    if (end === -1) throw new SyntaxStop(start, 'the end of the comment, */', 'the end of the file');
    this.#at = end + 2;
  }
}
