/**
 * The public surface: definitions, and the server that is made of them.
 * Importing it loads no database, no HTTP client and no schema library; a test
 * holds that.
 */
export {
  DefinitionError,
  definePrompt,
  defineResource,
  defineTool,
  type ArgumentsOf,
  type CallArgumentsOf,
  type Complete,
  type Content,
  type Effects,
  type EgressInit,
  type ErrorContract,
  type ErrorContracts,
  type FailOptions,
  type HandlerContext,
  type JsonSchemaLiteral,
  type ProgressOptions,
  type ProjectTransaction,
  type PromptDefinition,
  type PromptMessage,
  type PromptOptions,
  type ResourceContent,
  type ResourceDefinition,
  type ResourceOptions,
  type ReturnOf,
  type RunInProject,
  type SchemaLike,
  type StandardSchema,
  type ToolContext,
  type ToolDefinition,
  type ToolLimits,
  type ToolOptions,
  type ToolReturn,
  type VariablesOf,
} from './definitions/index.ts';
export {
  createServer,
  type AuditEntry,
  type AuditOption,
  type AuditWriter,
  type AuthOption,
  type Claim,
  type GuardedFetch,
  type HttpOptions,
  type HttpService,
  type IdempotencyRequest,
  type IdempotencyStore,
  type ProjectDatabase,
  type Server,
  type ServerLimits,
  type ServerOptions,
  type ServerToken,
  type StdioOptions,
  type StdioService,
} from './server/index.ts';
export type { Clock } from './platform/clock.ts';
export type { JsonObject, JsonValue } from './platform/json.ts';
export type { Logger, LogFields } from './platform/logger.ts';
