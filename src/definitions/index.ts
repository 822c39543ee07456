export type { AdaptedSchema, Parsed } from './adapt-schema.ts';
export { assertLimit, assertName, assertText } from './checks.ts';
export {
  definePrompt,
  type PromptDefinition,
  type PromptMessage,
  type PromptOptions,
} from './define-prompt.ts';
export {
  defineResource,
  type Complete,
  type ResourceContent,
  type ResourceDefinition,
  type ResourceOptions,
} from './define-resource.ts';
export { defineTool, type ToolOptions, type ToolReturn } from './define-tool.ts';
export { DefinitionError } from './definition-error.ts';
export { IDEMPOTENCY_KEY } from './describe-tool.ts';
export {
  DeclaredFailure,
  type EgressInit,
  type FailOptions,
  type HandlerContext,
  type ProgressOptions,
  type ProjectTransaction,
  type RunInProject,
  type ToolContext,
} from './handler-context.ts';
export type { ArgumentsOf, CallArgumentsOf, JsonSchemaLiteral, ReturnOf, SchemaLike } from './infer.ts';
export * from './json-schema/index.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';
export type {
  Content,
  Effects,
  ErrorContract,
  ErrorContracts,
  ExposedResource,
  ToolDefinition,
  ToolLimits,
} from './tool-contract.ts';
export { parseUriTemplate, type UriTemplate, type VariablesOf } from './uri-template.ts';
