import type { JsonValue } from '../../../platform/json.ts';
import { LINT_TEXT_CHARS_MAX } from '../../../platform/limits.ts';
import type { ToolModel } from '../model.ts';
import { pointer } from '../pointer.ts';

/** A text of a definition that reaches the model. */
export interface PlacedText {
  /** JSON Pointer into the tool. */
  readonly path: string;
  readonly text: string;
  /** A value of the schema (`default`, `enum`, `const`, `examples`) and not prose. */
  readonly isValue: boolean;
}

const PROSE_MEMBERS = ['title', 'description'] as const;
const VALUE_MEMBERS = ['default', 'const', 'enum', 'examples', 'example'] as const;

/** Every text of a tool: attacks hide in defaults and nested descriptions as well as in the first one. */
export function textsOf(tool: ToolModel): PlacedText[] {
  const texts: PlacedText[] = [];
  const add = (value: JsonValue | undefined, path: string, isValue: boolean): void => {
    if (typeof value === 'string') texts.push({ path, text: value.slice(0, LINT_TEXT_CHARS_MAX), isValue });
    else if (isValue && Array.isArray(value)) {
      value.forEach((item, index) => {
        if (typeof item === 'string') add(item, pointer(path, index), true);
      });
    }
  };
  for (const member of PROSE_MEMBERS) add(tool.raw[member], `/${member}`, false);
  add(tool.annotations['title'], '/annotations/title', false);
  for (const node of [...tool.inputNodes, ...tool.outputNodes]) {
    for (const member of PROSE_MEMBERS) add(node.schema[member], pointer(node.path, member), false);
    for (const member of VALUE_MEMBERS) add(node.schema[member], pointer(node.path, member), true);
  }
  return texts;
}

const IDENTIFIER = /[A-Za-z0-9_-]+/g;

/** Identifiers of code in a text, as written: words with an underscore or a capital inside. */
export function identifiersIn(text: string): string[] {
  return (text.slice(0, LINT_TEXT_CHARS_MAX).match(IDENTIFIER) ?? []).filter(
    (word) => /[a-z0-9]_[a-z0-9]/i.test(word) || /[a-z][A-Z]/.test(word),
  );
}
