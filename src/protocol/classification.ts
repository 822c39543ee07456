import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';
import { PROTOCOL_VERSION_CHARS_MAX } from '../platform/limits.ts';
import type {
  InboundBatch,
  InboundNotification,
  InboundRequest,
  InboundResponse,
} from './jsonrpc/message.ts';
import { META_KEYS, type RequestMeta } from './request-meta.ts';
import type { Era, Revision } from './revisions.ts';
import { isHeaderText } from './trace-context.ts';
import { WIRE_CODES } from './wire-codes.ts';

/** A message that parsing has accepted. */
export type ClassifiableMessage = InboundRequest | InboundNotification | InboundResponse | InboundBatch;

export interface Classified {
  readonly ok: true;
  readonly era: Era;
  readonly revision: Revision;
  /** Of a request or notification; empty for a batch, whose entries each have their own (`readRequestMeta`). */
  readonly meta: RequestMeta;
}

export interface Unclassified {
  readonly ok: false;
  /** For HTTP; stdio has no use for it. */
  readonly httpStatus: 400;
  readonly code: number;
  /** Ours; never a part of what was received. */
  readonly message: string;
  readonly data?: JsonValue;
}

export type Classification = Classified | Unclassified;

export function unclassified(code: number, message: string): Unclassified {
  return { ok: false, httpStatus: 400, code, message };
}

/** The version that `params._meta` claims. Undefined: no claim. Null: a claim that is no string. */
export function claimedVersion(params: JsonObject): string | null | undefined {
  const meta = params['_meta'];
  if (!isJsonObject(meta)) return undefined;
  const version = meta[META_KEYS.protocolVersion];
  if (version === undefined || typeof version === 'string') return version;
  return null;
}

/** -32602 unless `_meta` declares the client's capabilities, which every modern request must. */
export function capabilitiesFault(params: JsonObject): Unclassified | undefined {
  const meta = params['_meta'];
  if (isJsonObject(meta) && isJsonObject(meta[META_KEYS.clientCapabilities])) return undefined;
  return unclassified(
    WIRE_CODES.invalidParams,
    `Invalid params: _meta["${META_KEYS.clientCapabilities}"] must be an object.`,
  );
}

export function versionClaimFault(): Unclassified {
  return unclassified(
    WIRE_CODES.invalidParams,
    `Invalid params: _meta["${META_KEYS.protocolVersion}"] must be a string.`,
  );
}

/**
 * -32022 with the versions to choose from. The specification wants the
 * requested one repeated; a text that no version can be is cut to nothing.
 */
export function unsupportedVersion(requested: string, supported: readonly string[]): Unclassified {
  return {
    ok: false,
    httpStatus: 400,
    code: WIRE_CODES.unsupportedProtocolVersion,
    message: 'Unsupported protocol version.',
    data: {
      supported: [...supported],
      requested: isHeaderText(requested, PROTOCOL_VERSION_CHARS_MAX) ? requested : '',
    },
  };
}
