import type { JsonObject, JsonValue } from '../../platform/json.ts';
import { ENCODE_COPY_BYTES_MAX } from '../../platform/limits.ts';
import type { ResultRules } from '../eras/index.ts';
import { META_KEYS } from '../request-meta.ts';
import type { Era } from '../revisions.ts';
import { ASCII } from './ascii.ts';
import type { RequestId, RpcError } from './message.ts';
import { findCacheHints, type CacheHintPlaces } from './scan-response.ts';

/** A result on its way out; structurally the `ResultBody` of the pipeline. */
export type ResultBody =
  | {
      readonly kind: 'bytes';
      /** One JSON object that the scanner has proven. */
      readonly bytes: Buffer;
      readonly isEmpty: boolean;
      readonly hasResultType: boolean;
      readonly hasMeta: boolean;
    }
  | { readonly kind: 'value'; readonly value: JsonObject };

/** What the era adds to a result. */
export interface ResultSplice {
  readonly rules: ResultRules;
  /** JSON text from `serverInfoMeta`; undefined: the server is not named. */
  readonly serverInfoMeta: string | undefined;
  /** `ttlMs` of a cacheable result that has none. Default 0: fresh for nobody. */
  readonly ttlMs?: number;
}

/** The value of `_meta` that names this server, as JSON text; made once per process, not per answer. */
export function serverInfoMeta(serverInfo: JsonObject): string {
  return JSON.stringify({ [META_KEYS.serverInfo]: serverInfo });
}

/**
 * Encodes an answer with a result. Bytes are spliced, not parsed: what the era
 * asks for and the result lacks is written in front of its first member. A
 * `_meta` that is there stays as it is, also when it does not name the server.
 *
 * Returns the chunks to write in order: one buffer up to 16 KiB, and above it
 * the result's own bytes between two small ones, so that a large result is
 * never copied here.
 *
 * Cacheable results always leave with `cacheScope: "private"`, whatever an
 * upstream said: what one project may read is not public. `ttlMs` is kept.
 * Only complete results get the hints (2026-07-28 `server/utilities/caching`).
 */
export function encodeResult(id: RequestId, body: ResultBody, splice: ResultSplice): Buffer[] {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{`;
  if (body.kind === 'value') return [encodeValue(head, body.value, splice)];
  const hints = splice.rules.isCacheable ? findCacheHints(body.bytes) : undefined;
  const isComplete = hints?.resultType === undefined || hints.resultType === 'complete';
  const cache = hints !== undefined && isComplete ? hints : undefined;
  const added = addedMembers(splice, {
    hasResultType: body.hasResultType,
    hasMeta: body.hasMeta,
    needsTtl: cache !== undefined && !cache.hasTtlMs,
    needsScope: cache !== undefined && cache.scopeStart < 0,
  });
  const comma = added !== '' && !body.isEmpty ? ',' : '';
  return joinChunks(Buffer.from(`${head}${added}${comma}`), withPrivateScope(body.bytes, cache));
}

interface Lacks {
  readonly hasResultType: boolean;
  readonly hasMeta: boolean;
  readonly needsTtl: boolean;
  readonly needsScope: boolean;
}

function addedMembers(splice: ResultSplice, lacks: Lacks): string {
  const members: string[] = [];
  if (splice.rules.needsResultType && !lacks.hasResultType) members.push('"resultType":"complete"');
  if (lacks.needsTtl) members.push(`"ttlMs":${splice.ttlMs ?? 0}`);
  if (lacks.needsScope) members.push('"cacheScope":"private"');
  if (splice.rules.namesServer && splice.serverInfoMeta !== undefined && !lacks.hasMeta) {
    members.push(`"_meta":${splice.serverInfoMeta}`);
  }
  return members.join(',');
}

function encodeValue(head: string, value: JsonObject, splice: ResultSplice): Buffer {
  const resultType = value['resultType'];
  const isCacheable = splice.rules.isCacheable && (resultType === undefined || resultType === 'complete');
  const text = JSON.stringify(isCacheable ? { ...value, cacheScope: 'private' } : value);
  const added = addedMembers(splice, {
    hasResultType: resultType !== undefined,
    hasMeta: value['_meta'] !== undefined,
    needsTtl: isCacheable && value['ttlMs'] === undefined,
    needsScope: false,
  });
  const comma = added !== '' && text !== '{}' ? ',' : '';
  return Buffer.from(`${head}${added}${comma}${text.slice(1)}}`);
}

/** The result from behind its brace, with the value of a `cacheScope` that it has replaced. */
function withPrivateScope(bytes: Buffer, cache: CacheHintPlaces | undefined): Buffer[] {
  if (cache === undefined || cache.scopeStart < 0) return [bytes.subarray(1)];
  return [bytes.subarray(1, cache.scopeStart), Buffer.from('"private"'), bytes.subarray(cache.scopeEnd)];
}

const CLOSING_BRACE = Buffer.from('}');

function joinChunks(head: Buffer, rest: Buffer[]): Buffer[] {
  const chunks = [head, ...rest, CLOSING_BRACE];
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.length;
  return bytes <= ENCODE_COPY_BYTES_MAX ? [Buffer.concat(chunks, bytes)] : chunks;
}

/**
 * Encodes an answer with an error. An unknown id is left out in the modern era,
 * whose schema knows no null, and is null in the legacy era, as JSON-RPC 2.0 §5 says.
 */
export function encodeError(id: RequestId | undefined, error: RpcError, era: Era): Buffer {
  const { code, message, data } = error;
  const members = data === undefined ? { code, message } : { code, message, data };
  if (id !== undefined) return encodeMessage({ jsonrpc: '2.0', id, error: members });
  return encodeMessage(
    era === 'modern' ? { jsonrpc: '2.0', error: members } : { jsonrpc: '2.0', id: null, error: members },
  );
}

/** Encodes a request for an upstream; without `params` when they are undefined. */
export function encodeRequest(id: RequestId, method: string, params?: JsonObject): Buffer {
  return encodeMessage(
    params === undefined ? { jsonrpc: '2.0', id, method } : { jsonrpc: '2.0', id, method, params },
  );
}

export function encodeNotification(method: string, params?: JsonObject): Buffer {
  return encodeMessage(
    params === undefined ? { jsonrpc: '2.0', method } : { jsonrpc: '2.0', method, params },
  );
}

function encodeMessage(message: { readonly [member: string]: JsonValue }): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** The chunks of a batch answer (2025-03-26): the messages between brackets. */
export function encodeBatch(messages: readonly (readonly Buffer[])[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (const message of messages) {
    chunks.push(Buffer.from(chunks.length === 0 ? '[' : ','), ...message);
  }
  chunks.push(Buffer.from(chunks.length === 0 ? '[]' : ']'));
  return chunks;
}

/** Bytes of a message in chunks, for `Content-Length`. */
export function chunksLength(chunks: readonly Buffer[]): number {
  let bytes = 0;
  for (const chunk of chunks) bytes += chunk.length;
  return bytes;
}

/**
 * The same JSON on one line, for stdio and for one `data:` line of an event
 * stream. An upstream may send indented JSON; raw line ends can only stand
 * between tokens there (RFC 8259 §7), so a space in their place changes
 * nothing. Copies only when there is one.
 */
export function toSingleLine(json: Buffer): Buffer {
  if (json.indexOf(ASCII.lineFeed) < 0 && json.indexOf(ASCII.carriageReturn) < 0) return json;
  const line = Buffer.from(json);
  for (let i = 0; i < line.length; i++) {
    if (line[i] === ASCII.lineFeed || line[i] === ASCII.carriageReturn) line[i] = ASCII.space;
  }
  return line;
}
