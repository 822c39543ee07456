import type { JsonObject } from '../platform/json.ts';
import type { RateLimit } from '../pipeline/target.ts';
import type { AdaptedSchema } from './adapt-schema.ts';
import type { ToolContext } from './handler-context.ts';

/** What a tool does to the world. `destructive` writes lose something that was there. */
export type Effects = 'read' | 'write' | 'destructive';

/** One error that a tool can end with, declared so that models know it beforehand. */
export interface ErrorContract {
  /** The same call can succeed later without anyone changing anything. */
  readonly retryable: boolean;
  /** What the agent should do about it, as a sentence. */
  readonly recovery: string;
}

export type ErrorContracts = Readonly<Record<string, ErrorContract>>;

/** Limits of one tool, beside those of the server. */
export interface ToolLimits {
  readonly timeoutMs?: number;
  readonly responseBytesMax?: number;
  readonly rate?: RateLimit;
}

/** Content of a tool result that has no output schema. */
export type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string }
  | {
      readonly type: 'resource_link';
      readonly uri: string;
      readonly name: string;
      readonly description?: string;
      readonly mimeType?: string;
    };

/** The tool's result, readable as a resource as well. */
export interface ExposedResource {
  /** A URI, or a template whose variables are arguments of the tool. */
  readonly uri: string;
  /** How long a client may keep what it read. Default 0. */
  readonly cacheMs: number;
}

/** A tool, checked and ready to be served. Made by `defineTool` only. */
export interface ToolDefinition {
  readonly kind: 'tool';
  readonly name: string;
  /** The definition as `tools/list` shows it. */
  readonly listing: JsonObject;
  readonly effects: Effects;
  /** Read-only or idempotent: it may be called again after an unknown outcome. */
  readonly isRetrySafe: boolean;
  /** It takes an idempotency key, which the runtime handles and the handler never sees. */
  readonly takesIdempotencyKey: boolean;
  readonly input: AdaptedSchema;
  readonly output: AdaptedSchema | undefined;
  readonly errors: ErrorContracts;
  readonly limits: ToolLimits;
  readonly examples: readonly JsonObject[];
  readonly resource: ExposedResource | undefined;
  readonly handler: (args: unknown, ctx: ToolContext) => unknown;
}
