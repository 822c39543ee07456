import { isModernRevision } from '../../protocol/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { refused, type Call, type Outcome, type Target } from '../../pipeline/index.ts';
import type { ResourceDefinition, ToolDefinition } from '../../definitions/index.ts';
import { targetLimits, type TargetParts } from './target-parts.ts';
import { ArgumentIntake, runTool } from './tool-target.ts';

/** What a template's variables were in the URI that is read. */
export type UriVariables = Readonly<Record<string, string>>;

/** A target that reads one resource. */
export function resourceTarget(
  resource: ResourceDefinition,
  variables: UriVariables,
  parts: TargetParts,
): Target {
  return {
    upstream: parts.server,
    configRevision: `resource ${resource.name}`,
    remoteName: resource.name,
    limits: targetLimits(parts, resource.limits),
    isRetrySafe: true,
    validateArguments: undefined,
    invoke: (call) =>
      parts.runner.run(call, {
        name: resource.name,
        work: async (ctx) => readOutcome(call, resource, await resource.read(variables, ctx)),
      }),
  };
}

function readOutcome(call: Call, resource: ResourceDefinition, content: unknown): Outcome {
  if (content === undefined) return refused({ code: 'resource_not_found' });
  return contentsOutcome(call, contentOf(content, resource.mimeType), resource.cacheMs);
}

type Entry =
  | { readonly mimeType: string; readonly text: string }
  | { readonly mimeType: string; readonly blob: string };

function contentOf(content: unknown, mimeType: string | undefined): Entry {
  if (typeof content === 'string') return { mimeType: mimeType ?? 'text/plain', text: content };
  if (content instanceof Uint8Array) {
    return {
      mimeType: mimeType ?? 'application/octet-stream',
      blob: Buffer.from(content).toString('base64'),
    };
  }
  return { mimeType: mimeType ?? 'application/json', text: JSON.stringify(content) };
}

function contentsOutcome(call: Call, entry: Entry, cacheMs: number): Outcome {
  const value: JsonObject = { contents: [{ uri: call.request.subject ?? '', ...entry }] };
  // Legacy clients know no cache hints, and some of them refuse members that they do not know.
  if (cacheMs > 0 && isModernRevision(call.request.revision)) value['ttlMs'] = cacheMs;
  return { kind: 'ok', result: { kind: 'value', value } };
}

/** A target that reads the result of a tool as a resource: same handler, same checks, same errors. */
export function exposedToolTarget(tool: ToolDefinition, variables: UriVariables, parts: TargetParts): Target {
  const given = argumentsFrom(tool, variables);
  const intake = new ArgumentIntake(tool);
  return {
    upstream: parts.server,
    configRevision: `tool ${tool.name}`,
    remoteName: tool.name,
    limits: targetLimits(parts, tool.limits),
    isRetrySafe: true,
    validateArguments: undefined,
    async invoke(call) {
      // A URI whose variables are no arguments of the tool names nothing.
      if (intake.check(given).length > 0) return refused({ code: 'resource_not_found' });
      const parsed = await intake.take(given);
      if (!parsed.ok) return refused({ code: 'resource_not_found' });
      const outcome = await runTool(tool, call, { parts, given, args: parsed.value });
      return asResource(call, tool, outcome);
    },
  };
}

function asResource(call: Call, tool: ToolDefinition, outcome: Outcome): Outcome {
  if (outcome.kind === 'tool_error') return declaredErrorOf(outcome);
  if (outcome.kind !== 'ok' || outcome.result.kind !== 'bytes') return outcome;
  const result: unknown = JSON.parse(outcome.result.bytes.toString('utf8'));
  const structured = isJsonObject(result) ? result['structuredContent'] : undefined;
  const entry: Entry =
    structured === undefined
      ? { mimeType: 'text/plain', text: textOf(isJsonObject(result) ? result['content'] : undefined) }
      : { mimeType: 'application/json', text: JSON.stringify(structured) };
  return contentsOutcome(call, entry, tool.resource?.cacheMs ?? 0);
}

function textOf(content: JsonValue | undefined): string {
  if (!Array.isArray(content)) return '';
  return content
    .map((entry) => (isJsonObject(entry) && typeof entry['text'] === 'string' ? entry['text'] : ''))
    .join('');
}

/** Resources have no results with `isError`; the declared error travels as the data of a JSON-RPC error. */
function declaredErrorOf(outcome: Extract<Outcome, { kind: 'tool_error' }>): Outcome {
  const value = outcome.result.kind === 'value' ? outcome.result.value : {};
  const meta = isJsonObject(value['_meta']) ? value['_meta'] : {};
  const error = Object.values(meta).find(isJsonObject) ?? {};
  const message =
    typeof error['message'] === 'string' ? error['message'] : 'The tool behind this resource failed.';
  return { kind: 'protocol_error', code: DECLARED_ERROR_CODE, message, data: error };
}

/** Outside of the range that JSON-RPC and MCP reserve, beside the codes of the refusals. */
const DECLARED_ERROR_CODE = -31_050;

/** Text of a URI as the type that the tool's schema asks for. */
function argumentsFrom(tool: ToolDefinition, variables: UriVariables): JsonObject {
  const properties = tool.input.jsonSchema['properties'];
  const args: JsonObject = {};
  for (const [name, text] of Object.entries(variables)) {
    const property = isJsonObject(properties) ? properties[name] : undefined;
    args[name] = valueOf(text, isJsonObject(property) ? property['type'] : undefined);
  }
  return args;
}

function valueOf(text: string, type: JsonValue | undefined): JsonValue {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text))
    return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
