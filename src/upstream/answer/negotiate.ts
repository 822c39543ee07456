import type { Outcome } from '../../pipeline/outcome.ts';
import { isJsonObject } from '../../platform/json.ts';
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import {
  isLegacyRevision,
  isModernRevision,
  LATEST_LEGACY_REVISION,
  LATEST_MODERN_REVISION,
  WIRE_CODES,
} from '../../protocol/index.ts';
import type { UpstreamInfo } from '../upstream.ts';
import { failure } from './failures.ts';
import { outcomeOfMessage } from './map-message.ts';
import { outcomeOfReply } from './map-reply.ts';
import type { Reply } from './reply.ts';
import { modernMeta } from './session.ts';
import type { ClientInfo } from './session.ts';

/** What the answer to `server/discover` says about the server. */
export type DiscoverVerdict =
  | { readonly kind: 'modern'; readonly info: UpstreamInfo }
  /** The server has refused the probe's revision and names it as supported: ask once more. */
  | { readonly kind: 'again' }
  /** No modern server: shake hands. */
  | { readonly kind: 'legacy' }
  /** No evidence about the era, or no common revision. */
  | { readonly kind: 'failed'; readonly outcome: Outcome };

export type HandshakeVerdict =
  | { readonly ok: true; readonly info: UpstreamInfo }
  | { readonly ok: false; readonly outcome: Outcome };

/** Longest `instructions` that are kept, characters. */
const INSTRUCTIONS_CHARS_MAX = 32 * 1024;

/** HTTP statuses that say nothing about the era of a server: the probe is repeated at the next connect. */
const NO_ERA_EVIDENCE: ReadonlySet<number> = new Set([401, 403, 407, 408, 429]);

export function discoverParams(client: ClientInfo): JsonObject {
  return { _meta: modernMeta(LATEST_MODERN_REVISION, client) };
}

export function initializeParams(client: ClientInfo): JsonObject {
  return {
    protocolVersion: LATEST_LEGACY_REVISION,
    capabilities: {},
    clientInfo: { name: client.name, version: client.version },
  };
}

/**
 * Reads the answer to the probe. Only a discover result or a recognised modern
 * error proves a modern server; every other answer of a reachable server means
 * legacy, whatever its code (basic/versioning.mdx and transports/stdio.mdx of
 * 2026-07-28 forbid to rely on one code).
 */
export function readDiscover(reply: Reply): DiscoverVerdict {
  switch (reply.kind) {
    case 'status':
    case 'failed': {
      const outcome = outcomeOfReply(reply, DISCOVER);
      const isUnknown = reply.kind === 'status' && reply.status >= 400 && reply.status < 500;
      if (isUnknown && !NO_ERA_EVIDENCE.has(reply.status)) return { kind: 'legacy' };
      const isGarbage = outcome.kind === 'failed' && outcome.refusal.code === 'upstream_invalid_response';
      return isGarbage ? { kind: 'legacy' } : { kind: 'failed', outcome };
    }
    case 'message': {
      const { message } = reply;
      return message.kind === 'result'
        ? readDiscoverResult(message.result.bytes)
        : readDiscoverError(message.code, message.data);
    }
    default:
      return reply satisfies never;
  }
}

const DISCOVER = { method: 'server/discover', wasSent: true } as const;

function readDiscoverResult(bytes: Buffer): DiscoverVerdict {
  const result = parseResult(bytes);
  const supported = result?.['supportedVersions'];
  // A server that answers any method with some object has not said that it is modern.
  if (result === undefined || !Array.isArray(supported)) return { kind: 'legacy' };
  const revision = supported.find((version) => typeof version === 'string' && isModernRevision(version));
  if (typeof revision !== 'string') return fallBack(supported);
  const meta = result['_meta'];
  const serverInfo = isJsonObject(meta) ? meta['io.modelcontextprotocol/serverInfo'] : undefined;
  return { kind: 'modern', info: upstreamInfo('modern', revision, { ...result, serverInfo }) };
}

function readDiscoverError(code: number, data: JsonValue | undefined): DiscoverVerdict {
  if (code === WIRE_CODES.unsupportedProtocolVersion) {
    const supported = isJsonObject(data) ? data['supported'] : undefined;
    return fallBack(Array.isArray(supported) ? supported : []);
  }
  const isModern = code === WIRE_CODES.headerMismatch || code === WIRE_CODES.missingRequiredClientCapability;
  return isModern ? { kind: 'failed', outcome: failure('upstream_error') } : { kind: 'legacy' };
}

/**
 * The client picks one of the named revisions and asks again (basic/versioning
 * of 2026-07-28). Ours can be among them although it was refused, while old and
 * new replicas of a server share an address. A server without our modern
 * revision may still name a legacy one.
 */
function fallBack(supported: readonly JsonValue[]): DiscoverVerdict {
  if (supported.includes(LATEST_MODERN_REVISION)) return { kind: 'again' };
  const isLegacyServed = supported.some(
    (version) => typeof version === 'string' && isLegacyRevision(version),
  );
  return isLegacyServed ? { kind: 'legacy' } : { kind: 'failed', outcome: noCommonRevision() };
}

/** Reads the answer to `initialize`. A revision that we do not speak ends the attempt. */
export function readInitialize(reply: Reply): HandshakeVerdict {
  if (reply.kind !== 'message') {
    return { ok: false, outcome: outcomeOfReply(reply, { method: 'initialize', wasSent: true }) };
  }
  if (reply.message.kind === 'error') return { ok: false, outcome: handshakeError(reply) };
  const result = parseResult(reply.message.result.bytes);
  const revision = result?.['protocolVersion'];
  if (result === undefined || typeof revision !== 'string') {
    return { ok: false, outcome: failure('upstream_invalid_response') };
  }
  if (!isLegacyRevision(revision)) return { ok: false, outcome: noCommonRevision() };
  return { ok: true, info: upstreamInfo('legacy', revision, result) };
}

/** A JSON-RPC error to the handshake concerns this hop, so it is never passed on as the caller's. */
function handshakeError(reply: Extract<Reply, { kind: 'message' }>): Outcome {
  const outcome = outcomeOfMessage(reply.message, 'initialize');
  return outcome.kind === 'protocol_error' ? failure('upstream_error') : outcome;
}

/** What a connect fails with when the two sides share no revision, or cannot settle on the one they share. */
export function noCommonRevision(): Outcome {
  return failure('upstream_invalid_response', {
    message: 'The upstream speaks no protocol revision that this gateway knows.',
  });
}

function upstreamInfo(era: UpstreamInfo['era'], revision: string, result: JsonObject): UpstreamInfo {
  const { capabilities, instructions, serverInfo } = result;
  return {
    era,
    revision,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string'
      ? { instructions: instructions.slice(0, INSTRUCTIONS_CHARS_MAX) }
      : {}),
    ...(isJsonObject(serverInfo) ? { serverInfo } : {}),
  };
}

/** The scanner has proven the bytes; an object comes out unless the memory is gone. */
function parseResult(bytes: Buffer): JsonObject | undefined {
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  return isJsonObject(value) ? value : undefined;
}
