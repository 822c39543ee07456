import { isJsonObject, type JsonObject } from '../platform/json.ts';
import { RATE_CALLS_MAX } from '../platform/limits.ts';
import { silentLogger } from '../platform/logger.ts';
import type { ToolDefinition } from '../definitions/index.ts';
import { createServer, type ServerOptions } from '../server/index.ts';
import { connect, type InMemoryClient } from './in-memory-client.ts';
import { createRandom, generateValue } from './generate-value.ts';

/** One way in which a tool does not keep what it advertises. */
export interface ToolProblem {
  readonly tool: string;
  /** Error code that the call ended with, or `accepted` where it had to be refused. */
  readonly code: string;
  readonly message: string;
  readonly args: JsonObject;
}

export interface FuzzOptions {
  /** Valid calls per tool that are tried. Default 100. */
  readonly runs?: number;
  /** The same seed makes the same calls. Default 1. */
  readonly seed?: number;
  /** What the handlers need: a database, a guarded `fetch`. */
  readonly server?: Pick<ServerOptions, 'database' | 'fetch' | 'limits'>;
}

export interface FuzzReport {
  readonly problems: readonly ToolProblem[];
  /** Calls that were made per tool; 0 means that no valid arguments could be generated, and nothing was tested. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Answers that are no fault of the tool: it declared them, or its own limits made them. */
const FINE: ReadonlySet<string> = new Set(['rate_limited', 'concurrency_limited']);

/**
 * Calls every read-only tool with arguments that its schema admits, and with
 * some that it must refuse, through a whole server in memory. Valid arguments
 * have to end in a result or a declared error: `internal` means that the
 * handler threw or its output breaks its schema. Tools that write are left out.
 */
export async function fuzzReadOnlyTools(
  tools: readonly ToolDefinition[],
  options: FuzzOptions = {},
): Promise<FuzzReport> {
  const random = createRandom(options.seed ?? 1);
  const problems: ToolProblem[] = [];
  const calls: Record<string, number> = {};
  const reading = tools.filter((tool) => tool.effects === 'read');
  const server = createServer({
    name: 'fuzz',
    version: '0',
    tools: reading,
    logger: silentLogger,
    ...options.server,
    limits: { ...options.server?.limits, rate: { calls: RATE_CALLS_MAX, windowMs: 1_000 } },
  });
  const client = connect(server);
  for (const tool of reading) {
    calls[tool.name] = 0;
    for (let run = 0; run < (options.runs ?? 100); run += 1) {
      const args = generateValue(tool.input.jsonSchema, random);
      if (!isJsonObject(args) || tool.input.check(args).length > 0 || !(await tool.input.parse(args)).ok)
        continue;
      calls[tool.name] = (calls[tool.name] ?? 0) + 1;
      const found = await problemOf(client, tool, args);
      if (found !== undefined) problems.push(found);
    }
    problems.push(...(await acceptedSurplus(client, tool)));
  }
  await server.close();
  return { problems, calls };
}

async function problemOf(
  client: InMemoryClient,
  tool: ToolDefinition,
  args: JsonObject,
): Promise<ToolProblem | undefined> {
  const { isError, error } = await client.callTool(tool.name, args);
  if (!isError) return undefined;
  const code = String(error?.['code'] ?? 'unknown');
  if (Object.hasOwn(tool.errors, code) || FINE.has(code)) return undefined;
  return { tool: tool.name, code, message: String(error?.['message'] ?? ''), args };
}

/** A member that nobody declared has to be refused, unless the schema leaves its root open. */
async function acceptedSurplus(client: InMemoryClient, tool: ToolDefinition): Promise<ToolProblem[]> {
  const { additionalProperties, unevaluatedProperties } = tool.input.jsonSchema;
  if (additionalProperties !== false && unevaluatedProperties !== false) return [];
  const args = { 'surplus-member-of-a-fuzz': 1 };
  const { error } = await client.callTool(tool.name, args);
  if (error?.['code'] === 'invalid_arguments' || error?.['code'] === 'rate_limited') return [];
  return [{ tool: tool.name, code: 'accepted', message: 'a member that is not declared was accepted', args }];
}

/**
 * Compiles every schema and checks the examples of every tool against it, what
 * a running server leaves to the first call. Throws with all problems at once.
 */
export function assertToolsUsable(tools: readonly ToolDefinition[]): void {
  const problems: string[] = [];
  for (const tool of tools) {
    try {
      tool.output?.check({});
      tool.input.check({});
      for (const [index, example] of tool.examples.entries()) {
        const [violation] = tool.input.check(example);
        if (violation !== undefined)
          problems.push(
            `tool ${tool.name}: example ${String(index + 1)} ${violation.path} ${violation.expected}`,
          );
      }
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
