export { fetchAll } from './catalog.ts';
export type { DroppedItem, FetchAllOptions, FetchAllResult, ListMethod } from './catalog.ts';
export { createHttpUpstream, createStdioUpstream } from './create-upstream.ts';
export type { HttpUpstreamOptions, StdioUpstreamOptions } from './create-upstream.ts';
export { assertNoEnvironmentProxy, checkUrl } from './egress/index.ts';
export type { EgressPolicy, Resolve, UrlCheck, UrlRefusalCode } from './egress/index.ts';
export { checkConfiguredHeaders } from './http/configured-headers.ts';
export type { ConfiguredHeaders, HeaderProblem } from './http/configured-headers.ts';
export type { CallSignal, Upstream, UpstreamInfo, UpstreamRequestOptions } from './upstream.ts';
