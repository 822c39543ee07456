import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import {
  invalidArguments,
  refused,
  type Call,
  type Outcome,
  type Target,
  type Violation,
} from '../../pipeline/index.ts';
import {
  DeclaredFailure,
  IDEMPOTENCY_KEY,
  type Parsed,
  type ToolDefinition,
} from '../../definitions/index.ts';
import type { CallContext } from '../handler-context.ts';
import { onceForKey } from './once-for-key.ts';
import { targetLimits, type TargetParts } from './target-parts.ts';
import { declaredError, toolResult } from './tool-result.ts';

/** The target of one tool; made once, serves every call. */
export function toolTarget(tool: ToolDefinition, parts: TargetParts): Target {
  const intake = new ArgumentIntake(tool);
  return {
    upstream: parts.server,
    // Part of the breaker's key: a tool that fails must not cut off its neighbours on the same server.
    configRevision: `tool ${tool.name}`,
    remoteName: tool.name,
    limits: targetLimits(parts, tool.limits),
    isRetrySafe: tool.isRetrySafe,
    validateArguments: (args) => intake.check(args),
    admitsErrorAsOutput: (error) => tool.output === undefined || tool.output.check(error).length === 0,
    async invoke(call) {
      const given = argumentsOf(call);
      const parsed = await intake.take(given);
      if (!parsed.ok) return refused(invalidArguments(parsed.violations));
      return runTool(tool, call, { parts, given, args: parsed.value });
    },
  };
}

/** Arguments of a `tools/call`; absent ones are an empty object. */
function argumentsOf(call: Call): JsonObject {
  const args = call.request.params['arguments'];
  return isJsonObject(args) ? args : {};
}

export interface ToolRun {
  readonly parts: TargetParts;
  /** As the caller wrote them. */
  readonly given: JsonObject;
  /** Validated, with defaults. */
  readonly args: unknown;
}

/** Runs the handler of a tool under the call's signal, once per idempotency key. */
export function runTool(tool: ToolDefinition, call: Call, { parts, given, args }: ToolRun): Promise<Outcome> {
  const key = tool.takesIdempotencyKey ? given[IDEMPOTENCY_KEY] : undefined;
  const work = (ctx: CallContext): Promise<Outcome> => runHandler(tool, call, { ctx, args });
  if (typeof key !== 'string') return parts.runner.run(call, { name: tool.name, work });
  return onceForKey(call, { tool, key, given, parts, work });
}

async function runHandler(
  tool: ToolDefinition,
  call: Call,
  { ctx, args }: { readonly ctx: CallContext; readonly args: unknown },
): Promise<Outcome> {
  let returned: unknown;
  try {
    returned = await tool.handler(args, ctx);
  } catch (error) {
    if (error instanceof DeclaredFailure) return declaredError(tool, call, error);
    throw error;
  }
  return { kind: 'ok', result: await toolResult(tool, returned) };
}

/**
 * Validates arguments in two steps: against the advertised JSON Schema, then
 * by the rules of the schema library, whose result is what the handler gets.
 * Both happen before any allowance is spent on the call; only a library that
 * answers later is waited for inside the target.
 */
export class ArgumentIntake {
  readonly #tool: ToolDefinition;
  /** What the second step made of arguments that `check` has passed. */
  readonly #parsed = new WeakMap<JsonObject, Parsed | Promise<Parsed>>();

  constructor(tool: ToolDefinition) {
    this.#tool = tool;
  }

  check(args: JsonObject): readonly Violation[] {
    const violations = this.#tool.input.check(args);
    if (violations.length > 0) return violations;
    const parsed = this.#parse(args);
    if (parsed instanceof Promise) {
      // Whoever waits for it handles the rejection; an aborted call never does.
      parsed.catch(() => {});
      this.#parsed.set(args, parsed);
      return [];
    }
    if (!parsed.ok) return parsed.violations;
    this.#parsed.set(args, parsed);
    return [];
  }

  take(args: JsonObject): Parsed | Promise<Parsed> {
    const known = this.#parsed.get(args);
    if (known !== undefined) {
      this.#parsed.delete(args);
      return known;
    }
    return this.#parse(args);
  }

  #parse(args: JsonObject): Parsed | Promise<Parsed> {
    if (!this.#tool.takesIdempotencyKey) return this.#tool.input.parse(args);
    const { [IDEMPOTENCY_KEY]: _key, ...own } = args;
    return this.#tool.input.parse(own);
  }
}
