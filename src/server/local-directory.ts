import { createHash } from 'node:crypto';
import { SERVER_DEFINITIONS_MAX } from '../platform/limits.ts';
import type { JsonObject } from '../platform/json.ts';
import type { Refusal, Target } from '../pipeline/index.ts';
import type { Directory, EndpointView, ListContent, ListKind, Subject } from '../routing/index.ts';
import {
  DefinitionError,
  parseUriTemplate,
  type Complete,
  type PromptDefinition,
  type ResourceDefinition,
  type ToolDefinition,
  type UriTemplate,
} from '../definitions/index.ts';
import { completionTarget } from './targets/completion-target.ts';
import { promptTarget } from './targets/prompt-target.ts';
import { exposedToolTarget, resourceTarget, type UriVariables } from './targets/resource-target.ts';
import type { TargetParts } from './targets/target-parts.ts';
import { toolTarget } from './targets/tool-target.ts';

export interface Definitions {
  readonly tools: readonly ToolDefinition[];
  readonly resources: readonly ResourceDefinition[];
  readonly prompts: readonly PromptDefinition[];
}

/** Something that can be read, whether it was defined as a resource or is a tool that is exposed as one. */
interface Readable {
  readonly template: UriTemplate;
  readonly listing: JsonObject;
  readonly complete: ReadonlyMap<string, Complete>;
  target(variables: UriVariables): Target;
}

/**
 * What the definitions of one server offer: the same to every project, since
 * what differs between projects is the data behind the handlers. Lists are
 * made and serialised once.
 */
export class LocalDirectory implements Directory, EndpointView {
  readonly instructions: string | undefined;
  readonly #tools = new Map<string, Target>();
  readonly #prompts = new Map<string, Target>();
  readonly #readables: readonly Readable[];
  readonly #completions = new Map<string, Target>();
  readonly #lists: Readonly<Record<ListKind, ListContent>>;
  readonly #capabilities: JsonObject;

  /** Throws DefinitionError when two definitions share a name or a URI. */
  constructor(definitions: Definitions, parts: TargetParts, instructions: string | undefined) {
    this.instructions = instructions;
    const { tools, resources, prompts } = definitions;
    for (const tool of tools) addTarget(this.#tools, `tool ${tool.name}`, toolTarget(tool, parts));
    for (const prompt of prompts) {
      addTarget(this.#prompts, `prompt ${prompt.name}`, promptTarget(prompt, parts));
      if (prompt.complete.size > 0) {
        this.#completions.set(`prompt ${prompt.name}`, completionTarget(prompt.name, prompt.complete, parts));
      }
    }
    this.#readables = readablesOf(resources, tools, parts);
    for (const { template, complete } of this.#readables) {
      if (complete.size > 0) {
        this.#completions.set(`resource ${template.text}`, completionTarget(template.text, complete, parts));
      }
    }
    const isTemplate = ({ template }: Readable): boolean => template.variables.length > 0;
    this.#lists = {
      tools: listOf(tools.map((tool) => ({ name: tool.name, listing: tool.listing }))),
      prompts: listOf(prompts.map((prompt) => ({ name: prompt.name, listing: prompt.listing }))),
      resources: listOf(this.#readables.filter((readable) => !isTemplate(readable)).map(named)),
      resourceTemplates: listOf(this.#readables.filter(isTemplate).map(named)),
    };
    this.#capabilities = {
      ...(tools.length === 0 ? {} : { tools: {} }),
      ...(this.#readables.length === 0 ? {} : { resources: {} }),
      ...(prompts.length === 0 ? {} : { prompts: {} }),
      ...(this.#completions.size === 0 ? {} : { completions: {} }),
    };
  }

  view(_projectId: string, endpoint: string | undefined): EndpointView | undefined {
    return endpoint === undefined ? this : undefined;
  }

  capabilities(): JsonObject {
    return this.#capabilities;
  }

  list(kind: ListKind): ListContent {
    return this.#lists[kind];
  }

  allowListName(name: string): string | undefined {
    return this.#tools.has(name) ? name : undefined;
  }

  resolve(subject: Subject): Target | Refusal {
    switch (subject.kind) {
      case 'tool':
        return this.#tools.get(subject.name) ?? { code: 'tool_not_found' };
      case 'prompt':
        return this.#prompts.get(subject.name) ?? { code: 'prompt_not_found' };
      case 'resource':
        return this.#resource(subject.uri);
      case 'completion':
        return this.#completion(subject.ref);
      default:
        return subject satisfies never;
    }
  }

  #resource(uri: string): Target | Refusal {
    for (const readable of this.#readables) {
      const variables = readable.template.match(uri);
      if (variables !== undefined) return readable.target(variables);
    }
    return { code: 'resource_not_found' };
  }

  #completion(ref: { readonly kind: 'prompt' | 'resource'; readonly name: string }): Target | Refusal {
    const target = this.#completions.get(`${ref.kind} ${ref.name}`);
    if (target !== undefined) return target;
    return { code: ref.kind === 'prompt' ? 'prompt_not_found' : 'resource_not_found' };
  }
}

function addTarget(targets: Map<string, Target>, subject: string, target: Target): void {
  const name = target.remoteName;
  if (targets.has(name)) throw new DefinitionError(subject, 'is defined twice');
  if (targets.size >= SERVER_DEFINITIONS_MAX) {
    throw new DefinitionError(subject, `a server has at most ${String(SERVER_DEFINITIONS_MAX)} of a kind`);
  }
  targets.set(name, target);
}

/** Fixed URIs first, so that a template never hides one. */
function readablesOf(
  resources: readonly ResourceDefinition[],
  tools: readonly ToolDefinition[],
  parts: TargetParts,
): Readable[] {
  const all: Readable[] = resources.map((resource) => ({
    template: resource.template,
    listing: resource.listing,
    complete: resource.complete,
    target: (variables) => resourceTarget(resource, variables, parts),
  }));
  for (const tool of tools) {
    if (tool.resource !== undefined) all.push(exposed(tool, tool.resource.uri, parts));
  }
  if (all.length > SERVER_DEFINITIONS_MAX) {
    throw new DefinitionError(
      'resources',
      `a server has at most ${String(SERVER_DEFINITIONS_MAX)} of a kind`,
    );
  }
  const seen = new Set<string>();
  for (const { template } of all) {
    if (seen.has(template.text)) throw new DefinitionError(`resource ${template.text}`, 'is defined twice');
    seen.add(template.text);
  }
  return all.toSorted(
    (a, b) => Math.sign(a.template.variables.length) - Math.sign(b.template.variables.length),
  );
}

const NO_COMPLETION: ReadonlyMap<string, Complete> = new Map();

function exposed(tool: ToolDefinition, uri: string, parts: TargetParts): Readable {
  const template = parseUriTemplate(uri, `tool ${tool.name}`);
  const { title, description } = tool.listing;
  return {
    template,
    listing: {
      [template.variables.length === 0 ? 'uri' : 'uriTemplate']: uri,
      name: tool.name,
      ...(title === undefined ? {} : { title }),
      description: description ?? '',
    },
    complete: NO_COMPLETION,
    target: (variables) => exposedToolTarget(tool, variables, parts),
  };
}

function named({ template, listing }: Readable): { name: string; listing: JsonObject } {
  return { name: template.text, listing };
}

function listOf(entries: readonly { readonly name: string; readonly listing: JsonObject }[]): ListContent {
  const version = createHash('sha256');
  const items = entries.map(({ name, listing }) => {
    const json = JSON.stringify(listing);
    version.update(json);
    return { name, json, allowListName: name };
  });
  return { items, version: version.digest('base64url').slice(0, 16), meta: undefined };
}
