import {
  capabilitiesFault,
  claimedVersion,
  unclassified,
  unsupportedVersion,
  versionClaimFault,
  type Classification,
  type ClassifiableMessage,
} from './classification.ts';
import { batchFault } from './classify.ts';
import type { InboundNotification, InboundRequest } from './jsonrpc/message.ts';
import { NO_META, readRequestMeta } from './request-meta.ts';
import {
  BATCH_REVISION,
  isModernRevision,
  LATEST_MODERN_REVISION,
  MODERN_REVISIONS,
  negotiateLegacy,
  type LegacyRevision,
} from './revisions.ts';
import { WIRE_CODES } from './wire-codes.ts';

/** What one stdio connection remembers. */
export interface StdioState {
  /** The revision that `initialize` negotiated; undefined before it, and for good with a modern client. */
  readonly legacyRevision: LegacyRevision | undefined;
}

/**
 * Decides by which revision a stdio message is served. The one fact that a
 * connection remembers is its handshake; the caller stores the revision that
 * `initialize` got. M is `_meta["io.modelcontextprotocol/protocolVersion"]`.
 *
 * | message | M | handshake | answer |
 * | --- | --- | --- | --- |
 * | request | not a string | any | -32602 |
 * | request | legacy or unknown | any | -32022, `supported`: modern ones |
 * | request | 2026-07-28, no `clientCapabilities` | any | -32602 |
 * | request | 2026-07-28 | any | modern |
 * | `initialize` | absent | any | legacy, negotiated from `params.protocolVersion` |
 * | `ping` | absent | none | legacy, newest (allowed before the handshake) |
 * | request | absent | none | -32602 |
 * | request | absent | done | legacy, negotiated revision |
 * | notification | string | any | modern, or -32022 |
 * | notification | absent | none | modern |
 * | notification | absent | done | legacy, negotiated revision |
 * | response | – | none | -32600 |
 * | response | – | done | legacy, negotiated revision |
 * | batch | in any entry, or with `initialize` | any | -32600 |
 * | batch | absent | done with 2025-03-26 | legacy 2025-03-26 |
 * | batch | absent | anything else | -32600 |
 *
 * Without a handshake a request without `_meta` is answered as the modern era
 * asks, because a legacy client would have begun with `initialize`; so a
 * client that probes with a bare request still learns what is missing.
 * Sources: 2026-07-28 `basic/transports/stdio`, `basic/versioning`; 2025-11-25
 * `basic/lifecycle`.
 */
export function classifyStdio(message: ClassifiableMessage, state: StdioState): Classification {
  switch (message.kind) {
    case 'request':
      return classifyRequest(message, state);
    case 'notification':
      return classifyNotification(message, state);
    case 'response':
      if (state.legacyRevision === undefined) {
        return unclassified(
          WIRE_CODES.invalidRequest,
          'Invalid request: this revision has no posted responses.',
        );
      }
      return { ok: true, era: 'legacy', revision: state.legacyRevision, meta: NO_META };
    case 'batch': {
      const fault = batchFault(message);
      if (fault !== undefined) return fault;
      if (state.legacyRevision !== BATCH_REVISION) {
        return unclassified(WIRE_CODES.invalidRequest, 'Invalid request: this revision has no batches.');
      }
      return { ok: true, era: 'legacy', revision: BATCH_REVISION, meta: NO_META };
    }
  }
}

function classifyRequest(message: InboundRequest, state: StdioState): Classification {
  const claim = claimedVersion(message.params);
  if (claim === null) return versionClaimFault();
  if (claim !== undefined) {
    if (!isModernRevision(claim)) return unsupportedVersion(claim, MODERN_REVISIONS);
    const fault = capabilitiesFault(message.params);
    return fault ?? { ok: true, era: 'modern', revision: claim, meta: readRequestMeta(message.params) };
  }
  const meta = readRequestMeta(message.params);
  if (message.method === 'initialize') {
    return { ok: true, era: 'legacy', revision: negotiateLegacy(message.params['protocolVersion']), meta };
  }
  if (state.legacyRevision !== undefined) {
    return { ok: true, era: 'legacy', revision: state.legacyRevision, meta };
  }
  if (message.method === 'ping')
    return { ok: true, era: 'legacy', revision: negotiateLegacy(undefined), meta };
  return versionClaimFault();
}

function classifyNotification(message: InboundNotification, state: StdioState): Classification {
  const claim = claimedVersion(message.params);
  if (claim === null) return versionClaimFault();
  if (claim !== undefined && !isModernRevision(claim)) return unsupportedVersion(claim, MODERN_REVISIONS);
  const meta = readRequestMeta(message.params);
  if (claim !== undefined) return { ok: true, era: 'modern', revision: claim, meta };
  return state.legacyRevision === undefined
    ? { ok: true, era: 'modern', revision: LATEST_MODERN_REVISION, meta }
    : { ok: true, era: 'legacy', revision: state.legacyRevision, meta };
}
