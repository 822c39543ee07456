import type { JsonObject } from '../platform/json.ts';
import { codePointsOf } from './arguments.ts';

const GUIDE_URI = 'example://guide';
const GREETING_TEMPLATE = 'example://greeting/{name}';
const GREETING_PREFIX = 'example://greeting/';
const GREETING_NAME_CHARS_MAX = 64;

const GUIDE = `# What to try next

This server is bundled with Breakwater, so that there is something to call before anything is configured.

1. Call \`echo\` or \`add_numbers\` and look at the answer.
2. Call \`wait\` with 15000 milliseconds. The deadline of 10 seconds ends the call, and the error says so.
3. Call \`echo\` 61 times within a minute. The last call is refused and says when to try again.
4. Call \`fail\` to see what a tool error looks like.
5. Read \`example://greeting/Ada\`, a resource from a template.
6. Put your own servers into \`breakwater.json\` and start with \`breakwater serve --config breakwater.json\`.
`;

/** `resources/list` */
export const RESOURCES: readonly JsonObject[] = [
  {
    uri: GUIDE_URI,
    name: 'guide',
    title: 'What to try next',
    description: 'A short list of things to try with this example server and the gateway in front of it.',
    mimeType: 'text/markdown',
  },
];

/** `resources/templates/list` */
export const RESOURCE_TEMPLATES: readonly JsonObject[] = [
  {
    uriTemplate: GREETING_TEMPLATE,
    name: 'greeting',
    title: 'A greeting',
    description: 'Greets somebody by name. The name is percent-encoded, at most 64 characters.',
    mimeType: 'text/plain',
  },
];

/** The contents of a resource; undefined when there is no such resource. */
export function readResource(uri: string): JsonObject | undefined {
  if (uri === GUIDE_URI) return { contents: [{ uri, mimeType: 'text/markdown', text: GUIDE }] };
  const name = uri.startsWith(GREETING_PREFIX) ? decodeName(uri.slice(GREETING_PREFIX.length)) : undefined;
  if (name === undefined) return undefined;
  return { contents: [{ uri, mimeType: 'text/plain', text: `Hello, ${name}!` }] };
}

function decodeName(encoded: string): string | undefined {
  if (/[/?#]/.test(encoded)) return undefined;
  try {
    const name = decodeURIComponent(encoded);
    const length = codePointsOf(name);
    return length >= 1 && length <= GREETING_NAME_CHARS_MAX ? name : undefined;
  } catch {
    return undefined;
  }
}

/** `prompts/list` */
export const PROMPTS: readonly JsonObject[] = [
  {
    name: 'summarize_text',
    title: 'Summarise a text',
    description: 'Asks for a summary of a text in three sentences.',
    arguments: [{ name: 'text', title: 'Text', description: 'The text to summarise.', required: true }],
  },
];

/** What `prompts/get` answers: the prompt, nothing for an unknown name, or what is wrong with its arguments. */
export type PromptAnswer =
  | { readonly ok: true; readonly prompt: JsonObject }
  | { readonly ok: false; readonly message: string };

/** Fills a prompt in. */
export function getPrompt(name: string, args: JsonObject): PromptAnswer {
  if (name !== 'summarize_text') return { ok: false, message: 'Unknown prompt.' };
  const { text } = args;
  if (typeof text !== 'string' || Object.keys(args).length !== 1) {
    return { ok: false, message: 'The prompt needs exactly one argument, the string text.' };
  }
  const request = `Summarise the following text in three sentences. Keep names and numbers.\n\n${text}`;
  return {
    ok: true,
    prompt: {
      description: 'Asks for a summary of a text in three sentences.',
      messages: [{ role: 'user', content: { type: 'text', text: request } }],
    },
  };
}

const NAMES: readonly string[] = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Grace', 'Katherine'];
const TEXTS: readonly string[] = [
  'A breakwater protects a harbour from the force of waves.',
  'The quick brown fox jumps over the lazy dog.',
];

/** Suggestions for an argument, at most 100 as the specification asks; undefined for an unknown reference. */
export function completeArgument(ref: JsonObject, argument: JsonObject): JsonObject | undefined {
  const candidates = candidatesFor(ref, argument['name']);
  if (candidates === undefined) return undefined;
  const { value } = argument;
  const typed = typeof value === 'string' ? value.toLowerCase() : '';
  const values = candidates.filter((candidate) => candidate.toLowerCase().startsWith(typed));
  return { completion: { values, total: values.length, hasMore: false } };
}

function candidatesFor(ref: JsonObject, argumentName: unknown): readonly string[] | undefined {
  if (ref['type'] === 'ref/resource' && ref['uri'] === GREETING_TEMPLATE)
    return argumentName === 'name' ? NAMES : undefined;
  if (ref['type'] === 'ref/prompt' && ref['name'] === 'summarize_text')
    return argumentName === 'text' ? TEXTS : undefined;
  return undefined;
}
