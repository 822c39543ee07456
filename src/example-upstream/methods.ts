import type { Clock } from '../platform/clock.ts';
import type { JsonObject } from '../platform/json.ts';
import { isJsonObject } from '../platform/json.ts';
import type { EraCodec, Revision, RpcError } from '../protocol/index.ts';
import { MODERN_REVISIONS, WIRE_CODES } from '../protocol/index.ts';
import type { CallerPresence } from '../transports/message-handler.ts';
import { checkArguments } from './arguments.ts';
import {
  completeArgument,
  getPrompt,
  PROMPTS,
  readResource,
  RESOURCES,
  RESOURCE_TEMPLATES,
} from './content.ts';
import { describeTool, EXAMPLE_TOOLS, toCallResult } from './tools.ts';

/** One request whose params have the shape that its method asks for. */
export interface MethodCall {
  readonly method: string;
  readonly params: JsonObject;
  /** Tool or prompt name, or resource URI. */
  readonly subject: string;
  readonly codec: EraCodec;
  readonly revision: Revision;
  readonly clock: Clock;
  readonly presence: CallerPresence;
  readonly serverInfo: JsonObject;
}

export type MethodAnswer = { readonly result: JsonObject } | { readonly error: RpcError };

const INSTRUCTIONS =
  'A bundled example server. Read example://guide for things to try; every tool is harmless and safe to retry.';

const CAPABILITIES: JsonObject = { tools: {}, resources: {}, prompts: {}, completions: {} };

const HOUR_MS = 3_600_000;

function invalidParams(message: string): MethodAnswer {
  return { error: { code: WIRE_CODES.invalidParams, message } };
}

/** Every list fits one page, so no cursor can be one of ours. */
function list(call: MethodCall, key: string, items: readonly JsonObject[]): MethodAnswer {
  if (call.params['cursor'] !== undefined) return invalidParams('Unknown cursor.');
  return { result: { [key]: [...items], ...(call.codec.era === 'modern' ? { ttlMs: HOUR_MS } : {}) } };
}

async function callTool(call: MethodCall): Promise<MethodAnswer> {
  const tool = EXAMPLE_TOOLS.find(({ name }) => name === call.subject);
  if (tool === undefined) return invalidParams('Unknown tool.');
  const { arguments: given = {} } = call.params;
  const checked = checkArguments(tool.inputSchema, isJsonObject(given) ? given : {});
  if (!checked.ok) return { result: toCallResult(checked) };
  const { clock, presence } = call;
  return { result: toCallResult(await tool.run(checked.args, { clock, presence })) };
}

function read(call: MethodCall): MethodAnswer {
  const result = readResource(call.subject);
  if (result !== undefined) return { result };
  return {
    error: {
      code: call.codec.resourceNotFoundCode,
      message: 'Resource not found.',
      data: { uri: call.subject },
    },
  };
}

function prompt(call: MethodCall): MethodAnswer {
  const { arguments: given = {} } = call.params;
  const answer = getPrompt(call.subject, isJsonObject(given) ? given : {});
  return answer.ok ? { result: answer.prompt } : invalidParams(answer.message);
}

function complete(call: MethodCall): MethodAnswer {
  const { ref, argument } = call.params;
  const result = isJsonObject(ref) && isJsonObject(argument) ? completeArgument(ref, argument) : undefined;
  return result === undefined ? invalidParams('Nothing to complete under this reference.') : { result };
}

/** Answers one request; the method is one that the codec of its era knows. */
export async function answerMethod(call: MethodCall): Promise<MethodAnswer> {
  switch (call.method) {
    case 'initialize': {
      const { revision: protocolVersion, serverInfo } = call;
      return {
        result: { protocolVersion, capabilities: CAPABILITIES, serverInfo, instructions: INSTRUCTIONS },
      };
    }
    case 'server/discover': {
      const supportedVersions = [...MODERN_REVISIONS];
      return {
        result: { supportedVersions, capabilities: CAPABILITIES, instructions: INSTRUCTIONS, ttlMs: HOUR_MS },
      };
    }
    case 'ping':
      return { result: {} };
    case 'tools/list':
      return list(call, 'tools', EXAMPLE_TOOLS.map(describeTool));
    case 'tools/call':
      return callTool(call);
    case 'resources/list':
      return list(call, 'resources', RESOURCES);
    case 'resources/templates/list':
      return list(call, 'resourceTemplates', RESOURCE_TEMPLATES);
    case 'resources/read':
      return read(call);
    case 'prompts/list':
      return list(call, 'prompts', PROMPTS);
    case 'prompts/get':
      return prompt(call);
    case 'completion/complete':
      return complete(call);
    default:
      return { error: { code: WIRE_CODES.methodNotFound, message: 'Method not found.' } };
  }
}
