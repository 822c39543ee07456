export { BUNDLED_SERVER_NAME } from './bundled-server.ts';
export type {
  ConfigProblem,
  ConfigWarning,
  EgressConfig,
  GatewayConfig,
  GatewayLimits,
  HttpConfig,
  HttpServerConfig,
  RefusedServer,
  ServerConfig,
  StdioServerConfig,
  ToolConfig,
} from './gateway-config.ts';
export type { TextPosition } from './json-source.ts';
export type { LoadConfigOptions, LoadConfigResult, ParseConfigOptions } from './load-config.ts';
export { loadConfig, parseConfig } from './load-config.ts';
export type { ReadFile } from './read-config-file.ts';
export { configJsonSchema } from './schema.ts';
export type { SnippetCall, SnippetTarget, SnippetTargetWithToken } from './client-snippets.ts';
export {
  claudeCommand,
  cursorLink,
  curlCommand,
  mcpJsonSnippet,
  shellQuote,
  TOKEN_VARIABLE,
  vsCodeLink,
} from './client-snippets.ts';
export type { ConfigFindings } from './format-problems.ts';
export { findingsToJson, formatFindings } from './format-problems.ts';
