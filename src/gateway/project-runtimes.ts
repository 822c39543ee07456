import type { GatewayConfig, ServerConfig } from '../config/index.ts';
import { compileSchema } from '../definitions/index.ts';
import { ProjectDirectory, UpstreamCatalog } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { PROJECT_RUNTIMES_MAX } from '../platform/limits.ts';
import type { Logger } from '../platform/logger.ts';
import type { Directory, EndpointView } from '../routing/index.ts';
import { createHttpUpstream, createStdioUpstream, type Upstream } from '../upstream/index.ts';
import { GATEWAY_IDENTITY } from './identity.ts';

export interface ProjectRuntimesOptions {
  readonly config: GatewayConfig;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The upstream connections and lists of one project. Nothing in it is shared with another project. */
interface ProjectRuntime {
  readonly upstreams: readonly Upstream[];
  readonly directory: ProjectDirectory;
}

/**
 * Upstream connections per project, made when a project first needs them:
 * a connection carries session state and credentials, so two projects never
 * share one. Past `PROJECT_RUNTIMES_MAX` the one used longest ago is closed.
 */
export class ProjectRuntimes implements Directory {
  readonly #options: ProjectRuntimesOptions;
  readonly #runtimes = new Map<string, ProjectRuntime>();

  constructor(options: ProjectRuntimesOptions) {
    this.#options = options;
  }

  view(projectId: string, endpoint: string | undefined): EndpointView | undefined {
    return this.#runtime(projectId).directory.view(endpoint);
  }

  /** Connects the upstreams of a project in the background, so that its first call finds them ready. */
  warmUp(projectId: string): void {
    this.#runtime(projectId);
  }

  /** The connections of a project as they are now; looking at them makes none. */
  upstreamStates(projectId: string): {
    readonly name: string;
    readonly transport: 'http' | 'stdio';
    readonly revision: string | undefined;
  }[] {
    const open = this.#runtimes.get(projectId)?.upstreams ?? [];
    return this.#options.config.servers.map(({ name, type }) => ({
      name,
      transport: type,
      revision: open.find((upstream) => upstream.name === name)?.info?.revision,
    }));
  }

  async close(): Promise<void> {
    const upstreams = [...this.#runtimes.values()].flatMap((runtime) => runtime.upstreams);
    this.#runtimes.clear();
    await Promise.allSettled(upstreams.map((upstream) => upstream.close()));
  }

  #runtime(projectId: string): ProjectRuntime {
    const existing = this.#runtimes.get(projectId);
    if (existing !== undefined) {
      // Map order is insertion order; moving the key to the end makes the first key the least recently used.
      if (this.#runtimes.size > 1) {
        this.#runtimes.delete(projectId);
        this.#runtimes.set(projectId, existing);
      }
      return existing;
    }
    if (this.#runtimes.size >= PROJECT_RUNTIMES_MAX) this.#closeLeastRecentlyUsed();
    const runtime = this.#create(projectId);
    this.#runtimes.set(projectId, runtime);
    return runtime;
  }

  #closeLeastRecentlyUsed(): void {
    for (const [projectId, runtime] of this.#runtimes) {
      this.#runtimes.delete(projectId);
      for (const upstream of runtime.upstreams) void upstream.close();
      return;
    }
  }

  #create(projectId: string): ProjectRuntime {
    const { config, clock } = this.#options;
    const logger = this.#options.logger.child({ project_id: projectId });
    const catalogs = config.servers.map((server) => {
      const catalog = new UpstreamCatalog({
        upstream: this.#connect(server, logger),
        settings: server,
        clock,
        logger,
        compileSchema,
      });
      catalog.warmUp();
      return catalog;
    });
    return {
      upstreams: catalogs.map((catalog) => catalog.upstream),
      directory: new ProjectDirectory(catalogs, { logger, clock }),
    };
  }

  #connect(server: ServerConfig, logger: Logger): Upstream {
    const { config, clock } = this.#options;
    if (server.type === 'http') {
      return createHttpUpstream({
        name: server.name,
        url: server.url,
        headers: server.headers,
        client: GATEWAY_IDENTITY,
        policy: { origin: 'operator', allowCidrs: config.egress.allow },
        clock,
        logger,
      });
    }
    return createStdioUpstream({
      name: server.name,
      command: server.command,
      args: server.args,
      client: GATEWAY_IDENTITY,
      env: server.env,
      ...(server.cwd === undefined ? {} : { cwd: server.cwd }),
      clock,
      logger,
    });
  }
}
