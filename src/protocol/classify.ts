import type { JsonObject } from '../platform/json.ts';
import {
  capabilitiesFault,
  claimedVersion,
  unclassified,
  unsupportedVersion,
  versionClaimFault,
  type Classification,
  type ClassifiableMessage,
  type Unclassified,
} from './classification.ts';
import { decodeHeaderValue, trimBlanks } from './headers/header-value.ts';
import type { InboundBatch, InboundNotification, InboundRequest } from './jsonrpc/message.ts';
import { NO_META, readRequestMeta } from './request-meta.ts';
import {
  BATCH_REVISION,
  HEADERLESS_REVISION,
  isLegacyRevision,
  isModernRevision,
  MODERN_REVISIONS,
  negotiateLegacy,
  REVISIONS,
  type LegacyRevision,
} from './revisions.ts';
import { WIRE_CODES } from './wire-codes.ts';

/** Values of the mirrored headers as they came; the transport has already refused duplicates. */
export interface MirroredHeaders {
  /** `MCP-Protocol-Version` */
  readonly protocolVersion?: string | undefined;
  /** `Mcp-Method` */
  readonly method?: string | undefined;
  /** `Mcp-Name` */
  readonly name?: string | undefined;
}

/**
 * Decides by which revision an HTTP message is served, and holds the mirrored
 * headers of modern requests against the body. The body decides, not the
 * header: a proxy that strips a header must not change the era.
 *
 * H is `MCP-Protocol-Version`, M is `_meta["io.modelcontextprotocol/protocolVersion"]`,
 * "unknown" is any text that is no served revision. All refusals are HTTP 400.
 * Rows are tried from the top.
 *
 * | message | M | H | answer |
 * | --- | --- | --- | --- |
 * | request | not a string | any | -32602 |
 * | request | string | present, different | -32020 |
 * | request | legacy or unknown | absent or equal | -32022, `supported`: modern ones |
 * | request | 2026-07-28 | absent | -32020 |
 * | request | 2026-07-28 | equal, no `clientCapabilities` | -32602 |
 * | request | 2026-07-28 | equal, `Mcp-Method` or `Mcp-Name` missing, malformed or different | -32020 |
 * | request | 2026-07-28 | equal | modern |
 * | `initialize` | absent | 2026-07-28 | -32020 |
 * | `initialize` | absent | anything else | legacy, negotiated from `params.protocolVersion` |
 * | request | absent | 2026-07-28 | -32602 |
 * | any other | absent | absent | legacy 2025-03-26 |
 * | any other | absent | legacy | legacy, that revision |
 * | any other | absent | unknown | -32022, `supported`: all |
 * | notification | not a string | any | -32602 |
 * | notification | string | absent or different | -32020 |
 * | notification | legacy or unknown | equal | -32022, `supported`: modern ones |
 * | notification | 2026-07-28 or absent | 2026-07-28, `Mcp-Method` different | -32020 |
 * | notification | 2026-07-28 or absent | 2026-07-28 | modern |
 * | response | – | 2026-07-28 | -32600 |
 * | batch | in any entry | any | -32600 |
 * | batch with `initialize` | absent | any | -32600 |
 * | batch | absent | absent or 2025-03-26 | legacy 2025-03-26 |
 * | batch | absent | anything else | -32600 |
 *
 * The version of a header on `initialize` is not judged, because it is being
 * negotiated; the modern one is refused because the modern era has no
 * handshake. Sources: 2026-07-28 `basic/transports/streamable-http`,
 * `basic/versioning`; 2025-11-25 `basic/transports` and `basic/lifecycle`;
 * 2025-03-26 `basic` (batches).
 */
export function classifyHttp(message: ClassifiableMessage, headers: MirroredHeaders): Classification {
  const version = headers.protocolVersion === undefined ? undefined : trimBlanks(headers.protocolVersion);
  switch (message.kind) {
    case 'request':
      return classifyRequest(message, headers, version);
    case 'notification':
      return classifyNotification(message, headers, version);
    case 'batch':
      return classifyBatch(message, version);
    case 'response':
      if (version !== undefined && isModernRevision(version)) {
        return unclassified(
          WIRE_CODES.invalidRequest,
          'Invalid request: this revision has no posted responses.',
        );
      }
      return classifyLegacy(version, {});
  }
}

function classifyRequest(
  message: InboundRequest,
  headers: MirroredHeaders,
  version: string | undefined,
): Classification {
  const claim = claimedVersion(message.params);
  if (claim !== undefined) return classifyModern(message, headers, { claim, version });
  const isModernHeader = version !== undefined && isModernRevision(version);
  if (message.method === 'initialize') {
    if (isModernHeader) return headerMismatch('MCP-Protocol-Version names a revision without initialize');
    const revision = negotiateLegacy(message.params['protocolVersion']);
    return { ok: true, era: 'legacy', revision, meta: readRequestMeta(message.params) };
  }
  return isModernHeader ? versionClaimFault() : classifyLegacy(version, message.params);
}

function classifyModern(
  message: InboundRequest,
  headers: MirroredHeaders,
  versions: { claim: string | null; version: string | undefined },
): Classification {
  const { claim, version } = versions;
  if (claim === null) return versionClaimFault();
  if (version !== undefined && version !== claim)
    return headerMismatch('MCP-Protocol-Version differs from the body');
  if (!isModernRevision(claim)) return unsupportedVersion(claim, MODERN_REVISIONS);
  if (version === undefined) return headerMismatch('MCP-Protocol-Version is missing');
  const fault =
    capabilitiesFault(message.params) ??
    methodHeaderFault(message, headers) ??
    nameHeaderFault(message, headers);
  return fault ?? { ok: true, era: 'modern', revision: claim, meta: readRequestMeta(message.params) };
}

function methodHeaderFault(message: InboundRequest, headers: MirroredHeaders): Unclassified | undefined {
  if (headers.method === undefined) return headerMismatch('Mcp-Method is missing');
  return trimBlanks(headers.method) === message.method
    ? undefined
    : headerMismatch('Mcp-Method differs from the body');
}

/** A name that is not even a string has no header to agree with; the method's own check refuses it. */
function nameHeaderFault(message: InboundRequest, headers: MirroredHeaders): Unclassified | undefined {
  const member = mirroredMember(message.method);
  if (member === undefined) return undefined;
  if (headers.name === undefined) return headerMismatch('Mcp-Name is missing');
  const decoded = decodeHeaderValue(headers.name);
  if (!decoded.ok) return headerMismatch('Mcp-Name is not encoded correctly');
  const name = message.params[member];
  if (typeof name !== 'string') return undefined;
  return decoded.value === name ? undefined : headerMismatch('Mcp-Name differs from the body');
}

/** The member of `params` that `Mcp-Name` mirrors; undefined for methods without one. */
export function mirroredMember(method: string): 'name' | 'uri' | undefined {
  if (method === 'tools/call' || method === 'prompts/get') return 'name';
  return method === 'resources/read' ? 'uri' : undefined;
}

/**
 * The standard headers are required on requests only; the specification does
 * not say what a modern client notification over HTTP carries, so a missing
 * one is accepted there and a contradicting one is not.
 */
function classifyNotification(
  message: InboundNotification,
  headers: MirroredHeaders,
  version: string | undefined,
): Classification {
  const claim = claimedVersion(message.params);
  if (claim === null) return versionClaimFault();
  if (claim !== undefined && claim !== version) {
    return headerMismatch('MCP-Protocol-Version is missing or differs from the body');
  }
  if (claim !== undefined && !isModernRevision(claim)) return unsupportedVersion(claim, MODERN_REVISIONS);
  if (version === undefined || !isModernRevision(version)) return classifyLegacy(version, message.params);
  if (headers.method !== undefined && trimBlanks(headers.method) !== message.method) {
    return headerMismatch('Mcp-Method differs from the body');
  }
  return { ok: true, era: 'modern', revision: version, meta: readRequestMeta(message.params) };
}

function classifyLegacy(version: string | undefined, params: JsonObject): Classification {
  if (version !== undefined && !isLegacyRevision(version)) return unsupportedVersion(version, REVISIONS);
  const revision: LegacyRevision = version ?? HEADERLESS_REVISION;
  return { ok: true, era: 'legacy', revision, meta: readRequestMeta(params) };
}

function classifyBatch(batch: InboundBatch, version: string | undefined): Classification {
  if (version !== undefined && version !== BATCH_REVISION) {
    return unclassified(WIRE_CODES.invalidRequest, 'Invalid request: this revision has no batches.');
  }
  return batchFault(batch) ?? { ok: true, era: 'legacy', revision: BATCH_REVISION, meta: NO_META };
}

/** What no batch may carry, whatever the transport. */
export function batchFault(batch: InboundBatch): Unclassified | undefined {
  for (const entry of batch.entries) {
    if (entry.kind !== 'request' && entry.kind !== 'notification') continue;
    if (claimedVersion(entry.params) !== undefined) {
      return unclassified(WIRE_CODES.invalidRequest, 'Invalid request: this revision has no batches.');
    }
    if (entry.method === 'initialize') {
      return unclassified(WIRE_CODES.invalidRequest, 'Invalid request: initialize must not be in a batch.');
    }
  }
  return undefined;
}

function headerMismatch(fault: string): Unclassified {
  return unclassified(WIRE_CODES.headerMismatch, `Header mismatch: ${fault}.`);
}
