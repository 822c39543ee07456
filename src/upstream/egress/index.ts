export type { Resolve } from './guarded-lookup.ts';
export { classifyNetworkError, errorCode } from './network-error.ts';
export type { ExchangeProgress, NetworkFailure } from './network-error.ts';
export { createEgressPool } from './pool.ts';
export type {
  EgressController,
  EgressHandler,
  EgressPool,
  EgressPoolOptions,
  EgressPoolResult,
  EgressRequest,
  ResponseHeaders,
} from './pool.ts';
export { assertNoEnvironmentProxy } from './proxy-environment.ts';
export { checkUrl } from './url-policy.ts';
export type { EgressPolicy, UrlCheck, UrlRefusalCode } from './url-policy.ts';
