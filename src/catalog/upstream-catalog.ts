import type { Clock } from '../platform/clock.ts';
import { isJsonObject, type JsonObject } from '../platform/json.ts';
import { RESPONSE_BYTES_MAX_DEFAULT, TIMEOUT_MS_DEFAULT } from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import type { Outcome, TargetLimits } from '../pipeline/index.ts';
import { fetchAll, type ListMethod, type Upstream } from '../upstream/index.ts';
import type { ListKind } from '../routing/index.ts';
import { CachedList, type FetchResult } from './cached-list.ts';
import { createRemoteTool, type CompileSchema, type RemoteTool } from './remote-tool.ts';
import { deadlineSignal } from './deadline-signal.ts';

/** What an operator says about one tool of an upstream. */
export interface ToolSettings {
  /** Exposed name before the prefix; undefined: the upstream's own. */
  readonly name: string | undefined;
  /** A tool that is switched off is not listed, and calling it is refused as `tool_disabled`. */
  readonly enabled: boolean;
  /** Complete: the tool's own over its upstream's over the project's. */
  readonly limits: TargetLimits;
}

/** One configured upstream, as the catalog needs it. */
export interface UpstreamSettings {
  readonly name: string;
  /** What its names start with at the aggregated endpoint; `''` for none. */
  readonly prefix: string;
  readonly configRevision: string;
  readonly limits: TargetLimits;
  readonly tools: ReadonlyMap<string, ToolSettings>;
}

export interface UpstreamCatalogOptions {
  readonly upstream: Upstream;
  readonly settings: UpstreamSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly compileSchema: CompileSchema;
}

/** Definitions other than tools: kept as the upstream sent them. */
export interface RemoteDefinition {
  /** Name of a prompt, URI of a resource, URI template of a template. */
  readonly name: string;
  readonly definition: JsonObject;
}

const METHOD: Readonly<Record<ListKind, ListMethod>> = {
  tools: 'tools/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
  prompts: 'prompts/list',
};

const NAME_MEMBER: Readonly<Record<ListKind, string>> = {
  tools: 'name',
  resources: 'uri',
  resourceTemplates: 'uriTemplate',
  prompts: 'name',
};

/** What one upstream offers to one project: its four lists, cached. */
export class UpstreamCatalog {
  readonly upstream: Upstream;
  readonly settings: UpstreamSettings;
  readonly tools: CachedList<ReadonlyMap<string, RemoteTool>>;
  readonly resources: CachedList<ReadonlyMap<string, RemoteDefinition>>;
  readonly resourceTemplates: CachedList<ReadonlyMap<string, RemoteDefinition>>;
  readonly prompts: CachedList<ReadonlyMap<string, RemoteDefinition>>;
  readonly #options: UpstreamCatalogOptions;

  constructor(options: UpstreamCatalogOptions) {
    this.#options = options;
    this.upstream = options.upstream;
    this.settings = options.settings;
    this.tools = new CachedList(() => this.#fetchTools(), options.clock);
    this.resources = new CachedList(() => this.#fetchDefinitions('resources'), options.clock);
    this.resourceTemplates = new CachedList(() => this.#fetchDefinitions('resourceTemplates'), options.clock);
    this.prompts = new CachedList(() => this.#fetchDefinitions('prompts'), options.clock);
  }

  /** Starts fetching everything, so that the first caller finds it ready. */
  warmUp(): void {
    void this.tools.load().then((result) => {
      if (!result.ok) return;
      void this.resources.load();
      void this.resourceTemplates.load();
      void this.prompts.load();
    });
  }

  async #fetch(kind: ListKind): Promise<FetchResult<JsonObject[]>> {
    const signal = deadlineSignal(this.#options.clock, TIMEOUT_MS_DEFAULT);
    const result = await fetchAll(this.upstream, METHOD[kind], {
      signal,
      responseBytesMax: RESPONSE_BYTES_MAX_DEFAULT,
    });
    signal.release();
    const log = this.#options.logger;
    if (!result.ok) {
      log.warn('upstream_list_failed', {
        upstream: this.settings.name,
        list: kind,
        code: codeOf(result.outcome),
      });
      return result;
    }
    for (const dropped of result.dropped) {
      log.warn('definition_dropped', {
        upstream: this.settings.name,
        list: kind,
        name: dropped.name,
        reason: dropped.reason,
      });
    }
    if (result.isTruncated) log.warn('upstream_list_truncated', { upstream: this.settings.name, list: kind });
    return { ok: true, value: result.items };
  }

  async #fetchTools(): Promise<FetchResult<ReadonlyMap<string, RemoteTool>>> {
    const fetched = await this.#fetch('tools');
    if (!fetched.ok) return fetched;
    const tools = new Map<string, RemoteTool>();
    for (const definition of fetched.value) {
      const tool = createRemoteTool(definition, this.#options.compileSchema);
      if (tool !== undefined && !tools.has(tool.name)) tools.set(tool.name, tool);
    }
    return { ok: true, value: tools };
  }

  async #fetchDefinitions(kind: ListKind): Promise<FetchResult<ReadonlyMap<string, RemoteDefinition>>> {
    const fetched = await this.#fetch(kind);
    if (!fetched.ok) return fetched;
    const definitions = new Map<string, RemoteDefinition>();
    for (const definition of fetched.value) {
      const name = isJsonObject(definition) ? definition[NAME_MEMBER[kind]] : undefined;
      if (typeof name === 'string' && !definitions.has(name)) definitions.set(name, { name, definition });
    }
    return { ok: true, value: definitions };
  }
}

/** The catalogue code of an outcome that is not a result, for logs and status lists. */
export function codeOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'failed':
    case 'refused':
      return outcome.refusal.code;
    case 'protocol_error':
      return 'upstream_error';
    case 'cancelled':
      return 'cancelled';
    case 'ok':
    case 'tool_error':
      return 'upstream_invalid_response';
    default:
      return outcome satisfies never;
  }
}
