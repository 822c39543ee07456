import type { Clock } from '../platform/clock.ts';
import type { JsonObject } from '../platform/json.ts';
import type { CallerPresence } from '../transports/message-handler.ts';
import type { CheckedArguments, InputSchema } from './arguments.ts';
import { codePointsOf } from './arguments.ts';

/** What a tool may use besides its arguments. */
export interface ToolContext {
  readonly clock: Clock;
  readonly presence: CallerPresence;
}

/** What a tool says: data that fits its output schema, or a failure in words. */
export type ToolAnswer =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly message: string };

/** One tool: what clients see, and what it does. `run` settles soon after the caller has left. */
export interface ExampleTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: InputSchema;
  readonly outputSchema?: JsonObject;
  readonly run: (args: CheckedArguments, context: ToolContext) => ToolAnswer | Promise<ToolAnswer>;
}

const TEXT_CHARS_MAX = 100_000;
/** Longer than the gateway's default deadline, so that people can watch it; short enough to wait for. */
const WAIT_MS_MAX = 60_000;
const NUMBER_LIMIT = 1e15;

function object(properties: InputSchema['properties'], required: readonly string[]): InputSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

function output(properties: JsonObject): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

const echo: ExampleTool = {
  name: 'echo',
  title: 'Echo text',
  description:
    'Returns the given text unchanged. Use it to check that a connection works. Reads nothing and changes nothing; safe to retry.',
  inputSchema: object(
    {
      text: {
        type: 'string',
        maxLength: TEXT_CHARS_MAX,
        description: `Text to return, at most ${TEXT_CHARS_MAX} characters.`,
      },
    },
    ['text'],
  ),
  outputSchema: output({ text: { type: 'string', description: 'The same text.' } }),
  run: (args) => ({ ok: true, data: { text: args.text('text') } }),
};

function addend(which: string): InputSchema['properties'][string] {
  return {
    type: 'number',
    minimum: -NUMBER_LIMIT,
    maximum: NUMBER_LIMIT,
    description: `${which} addend, from -1e15 to 1e15.`,
  };
}

const addNumbers: ExampleTool = {
  name: 'add_numbers',
  title: 'Add two numbers',
  description: 'Adds two numbers and returns their sum. Reads nothing and changes nothing; safe to retry.',
  inputSchema: object({ a: addend('First'), b: addend('Second') }, ['a', 'b']),
  outputSchema: output({ sum: { type: 'number', description: 'a + b, as a double-precision number.' } }),
  run: (args) => ({ ok: true, data: { sum: args.number('a') + args.number('b') } }),
};

const currentTime: ExampleTool = {
  name: 'current_time',
  title: 'Tell the current time',
  description:
    'Tells the current date and time of the machine that this server runs on, in UTC and in a chosen time zone. Changes nothing; safe to retry.',
  inputSchema: object(
    {
      time_zone: {
        type: 'string',
        minLength: 1,
        maxLength: 64,
        default: 'UTC',
        description: 'IANA time zone name, for example Europe/Berlin. Default UTC.',
      },
    },
    [],
  ),
  outputSchema: output({
    utc: { type: 'string', format: 'date-time', description: 'RFC 3339, UTC.' },
    local: { type: 'string', description: 'Date and time in the chosen zone, YYYY-MM-DD HH:MM:SS.' },
    time_zone: { type: 'string', description: 'The chosen zone.' },
  }),
  run: (args, { clock }) => tellTime(new Date(clock.nowMs()), args.text('time_zone')),
};

function tellTime(now: Date, timeZone: string): ToolAnswer {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    return { ok: true, data: { utc: now.toISOString(), local: format.format(now), time_zone: timeZone } };
  } catch {
    return {
      ok: false,
      message: 'time_zone is not an IANA time zone name. Use one such as Europe/Berlin or UTC.',
    };
  }
}

const countWords: ExampleTool = {
  name: 'count_words',
  title: 'Count words',
  description:
    'Counts the words, characters and lines of a text. Words are what white space separates. Reads nothing and changes nothing; safe to retry.',
  inputSchema: object(
    {
      text: {
        type: 'string',
        maxLength: TEXT_CHARS_MAX,
        description: `Text to count, at most ${TEXT_CHARS_MAX} characters.`,
      },
    },
    ['text'],
  ),
  outputSchema: output({
    words: { type: 'integer', minimum: 0, description: 'Number of words.' },
    characters: { type: 'integer', minimum: 0, description: 'Number of Unicode code points.' },
    lines: { type: 'integer', minimum: 0, description: 'Number of lines; an empty text has none.' },
  }),
  run: (args) => {
    const text = args.text('text');
    const words = text.split(/\s+/u).filter((word) => word !== '').length;
    const lines = text === '' ? 0 : text.split(/\r\n|\n|\r/).length;
    return { ok: true, data: { words, characters: codePointsOf(text), lines } };
  },
};

const wait: ExampleTool = {
  name: 'wait',
  title: 'Wait',
  description:
    'Waits for the given number of milliseconds and then answers. Use it to see what a deadline or a cancellation does: the gateway gives up after 10 seconds by default. Changes nothing; safe to retry.',
  inputSchema: object(
    {
      milliseconds: {
        type: 'integer',
        minimum: 0,
        maximum: WAIT_MS_MAX,
        description: `How long to wait, in milliseconds, 0 to ${WAIT_MS_MAX}.`,
      },
    },
    ['milliseconds'],
  ),
  outputSchema: output({
    waited_ms: { type: 'integer', minimum: 0, description: 'The time waited, in milliseconds.' },
  }),
  run: (args, { clock, presence }) =>
    new Promise((resolve) => {
      const waitedMs = args.number('milliseconds');
      const cancel = clock.after(waitedMs, () => {
        resolve({ ok: true, data: { waited_ms: waitedMs } });
      });
      presence.onLeave(() => {
        cancel();
        resolve({ ok: false, message: 'Cancelled.' });
      });
    }),
};

const fail: ExampleTool = {
  name: 'fail',
  title: 'Fail on purpose',
  description:
    'Always answers with a tool error. Use it to see how errors look to a client; never needed for real work. Changes nothing; safe to retry, with the same result.',
  inputSchema: object({}, []),
  run: () => ({ ok: false, message: 'This tool always fails. Nothing is wrong with the server.' }),
};

/** Every tool, in the order in which they are listed. */
export const EXAMPLE_TOOLS: readonly ExampleTool[] = [echo, addNumbers, currentTime, countWords, wait, fail];

/** None of them changes anything, and repeating a call does no harm. */
const ANNOTATIONS: JsonObject = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** A tool as `tools/list` shows it. */
export function describeTool(tool: ExampleTool): JsonObject {
  const { name, title, description, inputSchema, outputSchema } = tool;
  const definition = { name, title, description, inputSchema: { ...inputSchema }, outputSchema };
  // The schema is JSON by construction; its type is only narrower than JSON's.
  return { ...(definition as unknown as JsonObject), annotations: { title, ...ANNOTATIONS } };
}

/** The answer of a tool as `tools/call` carries it: data as such and, for older clients, as text. */
export function toCallResult(answer: ToolAnswer): JsonObject {
  if (!answer.ok) return { content: [{ type: 'text', text: answer.message }], isError: true };
  const { text } = answer.data;
  const shown = typeof text === 'string' ? text : JSON.stringify(answer.data);
  return { content: [{ type: 'text', text: shown }], structuredContent: answer.data };
}
