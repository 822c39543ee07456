import type { JsonObject } from '../../platform/json.ts';
import type { UpstreamInfo } from '../upstream.ts';

/** The name and version under which the gateway speaks to upstreams. */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/** What was negotiated with one upstream. */
export interface Session {
  readonly info: UpstreamInfo;
  readonly hopParams: HopParams;
  /** Legacy HTTP only: the server's `Mcp-Session-Id`. */
  readonly sessionId: string | undefined;
}

const META_PREFIX = 'io.modelcontextprotocol/';

/**
 * Makes the params of each request as this hop sends them. Envelope members of
 * `_meta` are ours: versions, client and capabilities describe this hop, and a
 * progress token would have to be unique among all callers, so it is dropped
 * as long as progress is not forwarded. Trace context and foreign keys stay.
 */
export type HopParams = (params: JsonObject) => JsonObject;

export function createHopParams(info: UpstreamInfo, client: ClientInfo): HopParams {
  if (info.era === 'legacy') return legacyParams;
  // Made once, because it is the same for every request.
  const envelope = modernMeta(info.revision, client);
  const members = Object.entries(envelope);
  return (params) => {
    const kept = keptMeta(params['_meta']);
    // Written in one by one: a second spread into one literal takes the slow way, microseconds for every call.
    if (kept !== undefined) for (const [key, value] of members) kept[key] = value;
    return { ...params, _meta: kept ?? envelope };
  };
}

function legacyParams(params: JsonObject): JsonObject {
  if (params['_meta'] === undefined) return params;
  const meta = keptMeta(params['_meta']);
  const { _meta: _dropped, ...rest } = params;
  return meta === undefined ? rest : { ...rest, _meta: meta };
}

/** The `_meta` that every modern request carries: basic/index.mdx of 2026-07-28. */
export function modernMeta(revision: string, client: ClientInfo): JsonObject {
  return {
    [`${META_PREFIX}protocolVersion`]: revision,
    [`${META_PREFIX}clientInfo`]: { name: client.name, version: client.version },
    [`${META_PREFIX}clientCapabilities`]: {},
  };
}

function keptMeta(meta: JsonObject[string]): JsonObject | undefined {
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) return undefined;
  const kept: JsonObject = {};
  let count = 0;
  for (const key of Object.keys(meta)) {
    if (key === 'progressToken' || key.startsWith(META_PREFIX)) continue;
    kept[key] = meta[key];
    count += 1;
  }
  return count === 0 ? undefined : kept;
}
