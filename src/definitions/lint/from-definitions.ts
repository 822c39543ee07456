import { RESPONSE_BYTES_MAX_DEFAULT, TIMEOUT_MS_DEFAULT } from '../../platform/limits.ts';
import type { PromptDefinition } from '../define-prompt.ts';
import type { ResourceDefinition } from '../define-resource.ts';
import type { ToolDefinition } from '../tool-contract.ts';
import type { LintContract, LintInput, LintServer } from './input.ts';

export interface LintedDefinitions {
  readonly tools: readonly ToolDefinition[];
  readonly resources?: readonly ResourceDefinition[];
  readonly prompts?: readonly PromptDefinition[];
  readonly server?: LintServer;
  /** Reasons for exceptions: tool name → rule id → reason. */
  readonly exceptions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a server of the library amounts to for the linter: its listings, and the contracts that stand behind them. */
export function lintInputOf(definitions: LintedDefinitions): LintInput {
  const { tools, resources = [], prompts = [], server, exceptions = {} } = definitions;
  const listed = resources.map(({ listing }) => listing);
  return {
    tools: tools.map(({ listing }) => listing),
    resources: listed.filter((listing) => 'uri' in listing),
    resourceTemplates: listed.filter((listing) => 'uriTemplate' in listing),
    prompts: prompts.map(({ listing }) => listing),
    contracts: Object.fromEntries(tools.map((tool) => [tool.name, contractOf(tool, exceptions[tool.name])])),
    ...(server === undefined ? {} : { server }),
  };
}

function contractOf(tool: ToolDefinition, lint: LintContract['lint']): LintContract {
  return {
    errors: tool.errors,
    timeoutMs: tool.limits.timeoutMs ?? TIMEOUT_MS_DEFAULT,
    responseBytesMax: tool.limits.responseBytesMax ?? RESPONSE_BYTES_MAX_DEFAULT,
    // Every call of the library runs through these guardrails, and none is ever repeated by it.
    rateLimit: true,
    concurrency: true,
    retries: false,
    // A repeated key gets the first result; a call without one acts again.
    isDeduplicated: false,
    ...(lint === undefined ? {} : { lint }),
  };
}
