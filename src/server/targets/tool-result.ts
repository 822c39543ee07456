import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { ERROR_META_KEY, type Call, type Outcome, type ResultBody } from '../../pipeline/index.ts';
import type { DeclaredFailure, ToolDefinition } from '../../definitions/index.ts';

/** A handler returned what its definition does not admit. Its message names places, never values. */
export class OutputProblem extends Error {
  constructor(tool: string, problem: string) {
    super(`the output of tool ${tool} ${problem}`);
    this.name = 'OutputProblem';
  }
}

/**
 * Turns what a handler returned into a result. With an output schema the value
 * is checked in the form in which it is sent (a member that is undefined is
 * absent there, a date is text), and throws OutputProblem when it does not
 * match: a client would throw the whole answer away.
 */
export async function toolResult(tool: ToolDefinition, returned: unknown): Promise<ResultBody> {
  const { output } = tool;
  if (output === undefined) return contentResult(tool, returned);
  const parsed = await output.parse(returned);
  if (!parsed.ok)
    throw new OutputProblem(tool.name, `does not match its schema: ${listed(parsed.violations)}`);
  const text = jsonText(tool, parsed.value);
  const sent: unknown = JSON.parse(text);
  if (!isJsonObject(sent)) throw new OutputProblem(tool.name, 'is not an object');
  const violations = output.check(sent);
  if (violations.length > 0)
    throw new OutputProblem(tool.name, `does not match its schema: ${listed(violations)}`);
  const bytes = Buffer.from(
    `{"content":[{"type":"text","text":${JSON.stringify(text)}}],"structuredContent":${text}}`,
  );
  return { kind: 'bytes', bytes, isEmpty: false, hasResultType: false, hasMeta: false };
}

function contentResult(tool: ToolDefinition, returned: unknown): ResultBody {
  const content = typeof returned === 'string' ? [{ type: 'text', text: returned }] : returned;
  if (!Array.isArray(content) || !content.every(isContent)) {
    throw new OutputProblem(
      tool.name,
      'is neither text nor a list of content, and the tool has no output schema',
    );
  }
  const bytes = Buffer.from(`{"content":${jsonText(tool, content)}}`);
  return { kind: 'bytes', bytes, isEmpty: false, hasResultType: false, hasMeta: false };
}

function isContent(entry: unknown): boolean {
  if (!isJsonObject(entry)) return false;
  switch (entry['type']) {
    case 'text':
      return typeof entry['text'] === 'string';
    case 'image':
    case 'audio':
      return typeof entry['data'] === 'string' && typeof entry['mimeType'] === 'string';
    case 'resource_link':
      return typeof entry['uri'] === 'string' && typeof entry['name'] === 'string';
    default:
      return false;
  }
}

function jsonText(tool: ToolDefinition, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    throw new OutputProblem(tool.name, 'cannot be written as JSON');
  }
  if (text === undefined) throw new OutputProblem(tool.name, 'is undefined');
  return text;
}

function listed(violations: readonly { readonly path: string; readonly expected: string }[]): string {
  return violations.map(({ path, expected }) => `${path} ${expected}`.trim()).join('; ');
}

const RESERVED: ReadonlySet<string> = new Set([
  'status',
  'code',
  'message',
  'retryable',
  'retry_after_ms',
  'request_id',
  '__proto__',
]);

/**
 * The answer for a declared error: the shape of every other error, with the
 * tool's own code. Throws when the tool did not declare it, which types alone
 * cannot rule out.
 */
export function declaredError(tool: ToolDefinition, call: Call, failure: DeclaredFailure): Outcome {
  const contract = Object.hasOwn(tool.errors, failure.code) ? tool.errors[failure.code] : undefined;
  if (contract === undefined)
    throw new Error(`tool ${tool.name} failed with a code that it does not declare`);
  const { message, retryAfterMs, details } = failure.options;
  const error: JsonObject = {
    status: 'error',
    code: failure.code,
    message: message ?? contract.recovery,
    retryable: contract.retryable,
    ...(contract.retryable && retryAfterMs !== undefined
      ? { retry_after_ms: Math.max(1, Math.ceil(retryAfterMs)) }
      : {}),
    request_id: call.request.requestId,
    ...(message === undefined ? {} : { recovery: contract.recovery }),
  };
  for (const [name, value] of Object.entries(details ?? {})) {
    if (!RESERVED.has(name) && value !== undefined) error[name] = value;
  }
  const admitted = tool.output === undefined || tool.output.check(error).length === 0;
  return {
    kind: 'tool_error',
    result: {
      kind: 'value',
      value: {
        content: [{ type: 'text', text: JSON.stringify(error) }],
        isError: true,
        ...(admitted ? { structuredContent: error } : {}),
        _meta: { [ERROR_META_KEY]: error },
      },
    },
  };
}
