import { isJsonObject, type JsonValue } from '../../platform/json.ts';
import type { LintModel, ToolModel } from './model.ts';
import type { SchemaNode } from './schema-walk.ts';

/**
 * Characters of JSON per token. Measured over tool lists with common
 * vocabularies it is 4.4 within 15 %, which a tokenizer in the package would
 * not be worth.
 */
const CHARS_PER_TOKEN = 4.4;

export function tokensOf(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

/** Estimated tokens of one tool in the context of a model, and what of them says nothing. */
export interface ToolTokens {
  readonly tool: string;
  readonly total: number;
  readonly description: number;
  readonly inputSchema: number;
  readonly outputSchema: number;
  /** Could be left out without a loss. Part of the total. */
  readonly savings: TokenSavings;
}

export interface TokenSavings {
  /** Members of schemas that tell a model nothing: `$schema`, `$id`, `$comment`, a `title` that repeats the name. */
  readonly noise: number;
  /** Text of the description beyond its first 1,024 characters. */
  readonly longText: number;
  /** Sentences that stand in the description of three tools or more: they belong into the instructions, once. */
  readonly repeatedText: number;
}

export interface TokenReport {
  /**
   * All tools: names, descriptions and input schemas, which is what hosts put
   * into the context at the start of every conversation. Within about 15 %.
   */
  readonly total: number;
  readonly savings: number;
  /** In the order of the list. */
  readonly tools: readonly ToolTokens[];
}

/** Keywords that no model needs. */
const NOISE_KEYWORDS: ReadonlySet<string> = new Set(['$schema', '$id', 'id', '$comment']);

/** Characters from which a description is too long. */
const DESCRIPTION_CHARS_ADVISED = 1_024;

/** Members of one schema object that only cost tokens. */
export function noiseMembers(node: SchemaNode): string[] {
  return Object.entries(node.schema).flatMap(([keyword, value]) => {
    const isNoise =
      (NOISE_KEYWORDS.has(keyword) && typeof value === 'string') ||
      (keyword === 'examples' && Array.isArray(value) && value.length === 0) ||
      (keyword === 'title' && typeof value === 'string' && isEcho(value, node));
    return isNoise ? [keyword] : [];
  });
}

/** `title: "Page Size"` on `page_size`, and the class name that a generator leaves at the root. */
function isEcho(title: string, node: SchemaNode): boolean {
  if (node.name === undefined) return node.parent === undefined;
  const plain = (text: string): string =>
    text
      .slice(0, 200)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
  return plain(title) === plain(node.name);
}

function charsOf(value: JsonValue | undefined): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}

function noiseChars(nodes: readonly SchemaNode[]): number {
  let chars = 0;
  for (const node of nodes) {
    for (const keyword of noiseMembers(node)) chars += keyword.length + 4 + charsOf(node.schema[keyword]);
  }
  return chars;
}

/** Sentences shorter than this repeat by chance. */
const SENTENCE_CHARS_MIN = 24;
/** Tools that share a sentence before it counts as boilerplate. */
const REPEATED_TOOLS_MIN = 3;

function sentencesOf(text: string): string[] {
  const sentences = text.split(/[.!?\n]/).map((sentence) => sentence.trim());
  return [...new Set(sentences.filter((sentence) => sentence.length >= SENTENCE_CHARS_MIN))];
}

function repeatedChars(tools: readonly ToolModel[]): ReadonlyMap<ToolModel, number> {
  const owners = new Map<string, ToolModel[]>();
  for (const tool of tools) {
    for (const sentence of sentencesOf(tool.description)) {
      const sharing = owners.get(sentence);
      if (sharing === undefined) owners.set(sentence, [tool]);
      else sharing.push(tool);
    }
  }
  const chars = new Map<ToolModel, number>();
  for (const [sentence, sharing] of owners) {
    if (sharing.length < REPEATED_TOOLS_MIN) continue;
    // Said once it has to be: the first tool keeps it.
    for (const tool of sharing.slice(1)) chars.set(tool, (chars.get(tool) ?? 0) + sentence.length);
  }
  return chars;
}

/** Estimates what the tools cost a model that is shown all of them. */
export function estimateTokens(model: LintModel): TokenReport {
  const repeated = repeatedChars(model.tools);
  const tools = model.tools.map((tool): ToolTokens => {
    const description = textLength(tool.raw['description']);
    const schema = isJsonObject(tool.raw['inputSchema']) ? charsOf(tool.input) : 0;
    return {
      tool: tool.name,
      // Braces, member names and quotes around the three members.
      total: tokensOf(tool.name.length + description + schema + 44),
      description: tokensOf(description),
      inputSchema: tokensOf(schema),
      outputSchema: tokensOf(charsOf(tool.output)),
      savings: {
        noise: tokensOf(noiseChars(tool.inputNodes)),
        longText: tokensOf(Math.max(0, description - DESCRIPTION_CHARS_ADVISED)),
        repeatedText: tokensOf(repeated.get(tool) ?? 0),
      },
    };
  });
  let total = 0;
  let savings = 0;
  for (const tool of tools) {
    total += tool.total;
    savings += savedTokens(tool);
  }
  return { total, savings, tools };
}

function textLength(value: JsonValue | undefined): number {
  return typeof value === 'string' ? value.length : 0;
}

/** Tokens of one tool that could be saved. Text that is both too long and repeated is saved only once. */
export function savedTokens({ savings }: ToolTokens): number {
  return savings.noise + Math.max(savings.longText, savings.repeatedText);
}
