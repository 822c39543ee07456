import { isJsonObject, type JsonObject } from '../platform/json.ts';
import type { Violation } from '../pipeline/index.ts';
import { readParamHeaders, type ParamHeader } from '../protocol/index.ts';

export type CompiledSchema =
  | { readonly ok: true; readonly validate: (value: JsonObject) => readonly Violation[] }
  | { readonly ok: false; readonly problem: string };

/** Compiles a schema of an upstream within bounds; see definitions/json-schema. */
export type CompileSchema = (schema: JsonObject, options: { strictRoot: boolean }) => CompiledSchema;

/** One tool of an upstream, with what is derived from its definition. */
export interface RemoteTool {
  readonly name: string;
  readonly definition: JsonObject;
  readonly inputSchema: JsonObject;
  /** Its annotations say read-only or idempotent. Untrusted: it only decides what an agent is told about retrying. */
  readonly isRetrySafe: boolean;
  /** Arguments that travel in `Mcp-Param-*` headers as well. */
  readonly paramHeaders: readonly ParamHeader[];
  /** Compiled at the first call and kept. */
  inputValidator(): CompiledSchema;
  /** Whether an error object may stand in `structuredContent`; false when the tool has no output schema. */
  admitsAsOutput(value: JsonObject): boolean;
}

/** Undefined when the definition lacks what every tool must have. */
export function createRemoteTool(definition: JsonObject, compile: CompileSchema): RemoteTool | undefined {
  const name = definition['name'];
  const inputSchema = definition['inputSchema'];
  if (typeof name !== 'string' || !isJsonObject(inputSchema)) return undefined;
  const annotations = definition['annotations'];
  const hints = isJsonObject(annotations) ? annotations : {};
  const outputSchema = definition['outputSchema'];
  const headers = readParamHeaders(inputSchema);
  if (!headers.ok) return undefined;
  let input: CompiledSchema | undefined;
  let output: CompiledSchema | undefined;
  return {
    name,
    definition,
    inputSchema,
    paramHeaders: headers.params,
    isRetrySafe: hints['readOnlyHint'] === true || hints['idempotentHint'] === true,
    inputValidator() {
      input ??= compile(inputSchema, { strictRoot: true });
      return input;
    },
    admitsAsOutput(value) {
      if (!isJsonObject(outputSchema)) return false;
      output ??= compile(outputSchema, { strictRoot: false });
      return output.ok && output.validate(value).length === 0;
    },
  };
}
