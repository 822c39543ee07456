import { createAdminRoute } from '../admin/api/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Pipeline } from '../pipeline/index.ts';
import type { Storage } from '../storage/index.ts';
import type { Authenticator } from '../tenancy/index.ts';
import type { SideRoute } from '../transports/index.ts';
import { createHealthRoute } from './health-route.ts';
import type { ProjectRuntimes } from './project-runtimes.ts';

export interface SideRoutesOptions {
  readonly storage: Storage;
  readonly authenticator: Authenticator;
  readonly pipeline: Pipeline;
  readonly runtimes: ProjectRuntimes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is served beside MCP: health, and the admin surface. */
export function createSideRoutes(options: SideRoutesOptions): SideRoute {
  const { storage, pipeline, runtimes, ...rest } = options;
  const health = createHealthRoute({ isReady: () => !pipeline.admission.isDraining });
  const admin = createAdminRoute({
    ...rest,
    administration: storage.administration,
    toolCalls: storage.toolCalls,
    pepper: storage.keys.tokenPepper,
    status: {
      isDraining: () => pipeline.admission.isDraining,
      inFlight: () => pipeline.admission.inFlight,
      breakers: (projectId) => pipeline.breakers(projectId),
      slots: (projectId) => pipeline.slots(projectId),
      upstreams: (projectId) => runtimes.upstreamStates(projectId),
    },
  });
  return (req, res, path) => health(req, res, path) || admin(req, res, path);
}
