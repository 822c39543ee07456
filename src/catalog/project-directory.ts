import { createHash } from 'node:crypto';
import { sleep, type Clock } from '../platform/clock.ts';
import type { JsonObject } from '../platform/json.ts';
import { LIST_WAIT_MS } from '../platform/limits.ts';
import { escapeForLog, type Logger } from '../platform/logger.ts';
import type { Refusal, Target } from '../pipeline/index.ts';
import type { EndpointView, ListContent, ListItem, ListKind, Subject } from '../routing/index.ts';
import type { CallSignal } from '../upstream/index.ts';
import { prefixed, unprefixed, type Naming } from './exposed-names.ts';
import { plainTarget, provisionalToolTarget, toolTarget } from './targets.ts';
import { codeOf, type RemoteDefinition, type UpstreamCatalog } from './upstream-catalog.ts';
import type { RemoteTool } from './remote-tool.ts';
import { matchesUriTemplate } from './uri-template.ts';

/** One upstream as one endpoint shows it. */
interface Shown {
  readonly catalog: UpstreamCatalog;
  readonly naming: Naming;
}

/** What an MCP server of ours declares; which of it an upstream has is known only once it is connected. */
const ALL_CAPABILITIES: JsonObject = { tools: {}, resources: {}, prompts: {}, completions: {} };

/** Everything one endpoint shows of a project's upstreams: all of them with prefixes, or one without. */
export class CatalogView implements EndpointView {
  readonly instructions: string | undefined = undefined;
  readonly #shown: readonly Shown[];
  readonly #isAggregated: boolean;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #contents = new Map<
    ListKind,
    { readonly sources: readonly unknown[]; readonly content: ListContent }
  >();

  constructor(
    catalogs: readonly UpstreamCatalog[],
    options: { readonly isAggregated: boolean; readonly logger: Logger; readonly clock: Clock },
  ) {
    this.#isAggregated = options.isAggregated;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#shown = catalogs.map((catalog) => ({
      catalog,
      naming: options.isAggregated ? prefixed(catalog.settings.prefix) : unprefixed,
    }));
  }

  async capabilities(signal: CallSignal): Promise<JsonObject> {
    const only = this.#shown[0];
    if (this.#isAggregated || only === undefined) return ALL_CAPABILITIES;
    const connected = await only.catalog.upstream.connect(signal);
    if (!connected.ok) return ALL_CAPABILITIES;
    const out: JsonObject = { tools: {} };
    for (const name of ['resources', 'prompts', 'completions']) {
      if (connected.info.capabilities[name] !== undefined) out[name] = {};
    }
    return out;
  }

  list(kind: ListKind): ListContent | Promise<ListContent> {
    const results = this.#shown.map((shown) => shown.catalog[kind].get());
    const pending = results.filter((result) => result instanceof Promise);
    if (pending.length > 0) {
      // An upstream that hangs must not take the list of the others with it.
      const enough = Promise.race([Promise.all(pending), sleep(this.#clock, LIST_WAIT_MS)]);
      return enough.then(() => this.#content(kind));
    }
    return this.#content(kind);
  }

  /** Builds the list from what is cached, or hands out the one built before when nothing changed since. */
  #content(kind: ListKind): ListContent {
    const sources = this.#shown.flatMap(({ catalog }) => [catalog[kind].value, catalog[kind].failure]);
    const kept = this.#contents.get(kind);
    if (kept?.sources.every((source, index) => source === sources[index]) === true) return kept.content;
    const content = this.#build(kind);
    this.#contents.set(kind, { sources, content });
    return content;
  }

  #build(kind: ListKind): ListContent {
    const items: ListItem[] = [];
    const taken = new Set<string>();
    const unavailable: JsonObject[] = [];
    for (const { catalog, naming } of this.#shown) {
      const cached = catalog[kind];
      if (cached.failure !== undefined) {
        const state = cached.value === undefined ? 'missing' : 'stale';
        unavailable.push({ upstream: catalog.settings.name, code: codeOf(cached.failure), list: state });
      } else if (cached.value === undefined) {
        unavailable.push({ upstream: catalog.settings.name, code: 'timeout', list: 'pending' });
      }
      for (const entry of cached.value?.values() ?? []) {
        const name = this.#exposedName(kind, entry.name, { catalog, naming });
        if (name === undefined) continue;
        if (taken.has(name)) {
          this.#logger.warn('name_collision', {
            list: kind,
            name: escapeForLog(name),
            upstream: catalog.settings.name,
          });
          continue;
        }
        taken.add(name);
        const allowListName = kind === 'tools' ? (aggregatedToolName(catalog, name, naming) ?? name) : name;
        items.push({ name, json: this.#serialise(kind, name, entry), allowListName });
      }
    }
    const version = createHash('sha256');
    for (const item of items) version.update(item.json);
    return {
      items,
      version: version.digest('base64url').slice(0, 16),
      meta: unavailable.length === 0 ? undefined : { 'dev.breakwater/unavailable_upstreams': unavailable },
    };
  }

  /** Undefined when the entry is not shown: switched off, or its name would be too long. */
  #exposedName(kind: ListKind, name: string, shown: Shown): string | undefined {
    // URIs stay as the upstream wrote them: they also stand inside results, where nobody can rewrite them reliably.
    if (kind === 'resources' || kind === 'resourceTemplates') return name;
    if (kind === 'prompts') return shown.naming.expose(name);
    const settings = shown.catalog.settings.tools.get(name);
    if (settings?.enabled === false) return undefined;
    return shown.naming.expose(settings?.name ?? name);
  }

  #serialise(kind: ListKind, name: string, entry: RemoteTool | RemoteDefinition): string {
    const renamed = kind === 'tools' || kind === 'prompts';
    return JSON.stringify(renamed ? { ...entry.definition, name } : entry.definition);
  }

  allowListName(name: string): string | undefined {
    for (const { catalog, naming } of this.#shown) {
      const allowListName = aggregatedToolName(catalog, name, naming);
      if (allowListName !== undefined) return allowListName;
    }
    return undefined;
  }

  resolve(subject: Subject): Target | Refusal {
    switch (subject.kind) {
      case 'tool':
        return this.#resolveTool(subject.name);
      case 'prompt':
        return this.#resolvePrompt(subject.name);
      case 'resource':
        return this.#resolveResource(subject.uri);
      case 'completion':
        return this.#resolveCompletion(subject.ref);
      default:
        return subject satisfies never;
    }
  }

  #resolveTool(exposed: string): Target | Refusal {
    for (const { catalog, naming } of this.#shown) {
      const bare = naming.strip(exposed);
      if (bare === undefined) continue;
      const remoteName = remoteNameOf(catalog, bare);
      if (remoteName === undefined) continue;
      if (catalog.settings.tools.get(remoteName)?.enabled === false) return { code: 'tool_disabled' };
      const known = catalog.tools.value;
      const tool = known?.get(remoteName);
      if (tool !== undefined) return toolTarget(catalog, tool);
      if (catalog.tools.mayRefreshForMiss) return provisionalToolTarget(catalog, remoteName);
    }
    return { code: 'tool_not_found' };
  }

  #resolvePrompt(exposed: string): Target | Refusal {
    for (const { catalog, naming } of this.#shown) {
      const name = naming.strip(exposed);
      if (name === undefined) continue;
      const known = catalog.prompts.value;
      if (known !== undefined && !known.has(name) && !catalog.prompts.mayRefreshForMiss) continue;
      return plainTarget(catalog, {
        method: 'prompts/get',
        remoteName: name,
        params: ({ request }) => withoutUndefined({ name, arguments: request.params['arguments'] }),
      });
    }
    return { code: 'prompt_not_found' };
  }

  #resolveResource(uri: string): Target | Refusal {
    const owner = this.#resourceOwner(uri);
    if (owner === undefined) return { code: 'resource_not_found', details: { uri: uri.slice(0, 256) } };
    return plainTarget(owner, { method: 'resources/read', remoteName: uri, params: () => ({ uri }) });
  }

  /** Listed URI first, then a template that fits, then the only upstream there is. */
  #resourceOwner(uri: string): UpstreamCatalog | undefined {
    const catalogs = this.#shown.map((shown) => shown.catalog);
    if (catalogs.length === 1) return catalogs[0];
    return (
      catalogs.find((catalog) => catalog.resources.value?.has(uri) === true) ??
      catalogs.find((catalog) => {
        for (const template of catalog.resourceTemplates.value?.keys() ?? []) {
          if (matchesUriTemplate(template, uri)) return true;
        }
        return false;
      })
    );
  }

  #resolveCompletion(ref: { kind: 'prompt' | 'resource'; name: string }): Target | Refusal {
    if (ref.kind === 'resource') {
      const owner =
        this.#shown.find(({ catalog }) => catalog.resourceTemplates.value?.has(ref.name) === true)?.catalog ??
        this.#resourceOwner(ref.name);
      if (owner === undefined) return { code: 'resource_not_found' };
      return completionTarget(owner, { type: 'ref/resource', uri: ref.name }, ref.name);
    }
    for (const { catalog, naming } of this.#shown) {
      const name = naming.strip(ref.name);
      if (name !== undefined && (this.#shown.length === 1 || catalog.prompts.value?.has(name) !== false)) {
        return completionTarget(catalog, { type: 'ref/prompt', name }, name);
      }
    }
    return { code: 'prompt_not_found' };
  }
}

/** The name that the aggregated endpoint shows for what `naming` shows as `shown`. */
function aggregatedToolName(catalog: UpstreamCatalog, shown: string, naming: Naming): string | undefined {
  const bare = naming.strip(shown);
  return bare === undefined ? undefined : prefixed(catalog.settings.prefix).expose(bare);
}

/** Undoes an operator's renaming; a name that was renamed away is unknown. */
function remoteNameOf(catalog: UpstreamCatalog, bare: string): string | undefined {
  for (const [remote, settings] of catalog.settings.tools) {
    if (settings.name === bare) return remote;
  }
  const renamed = catalog.settings.tools.get(bare)?.name;
  return renamed === undefined || renamed === bare ? bare : undefined;
}

function completionTarget(catalog: UpstreamCatalog, ref: JsonObject, remoteName: string): Target {
  return plainTarget(catalog, {
    method: 'completion/complete',
    remoteName,
    params: ({ request }) =>
      withoutUndefined({ ref, argument: request.params['argument'], context: request.params['context'] }),
  });
}

function withoutUndefined(params: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}

/** All views of one project, made once. */
export class ProjectDirectory {
  readonly #aggregated: CatalogView;
  readonly #single = new Map<string, CatalogView>();

  constructor(
    catalogs: readonly UpstreamCatalog[],
    parts: { readonly logger: Logger; readonly clock: Clock },
  ) {
    this.#aggregated = new CatalogView(catalogs, { isAggregated: true, ...parts });
    for (const catalog of catalogs) {
      this.#single.set(catalog.settings.name, new CatalogView([catalog], { isAggregated: false, ...parts }));
    }
  }

  view(endpoint: string | undefined): EndpointView | undefined {
    return endpoint === undefined ? this.#aggregated : this.#single.get(endpoint);
  }
}
