import { UPSTREAM_RETRY_AFTER_MS_MAX, UPSTREAM_RETRY_AFTER_MS_MIN } from '../../platform/limits.ts';
import type { ResponseHeaders } from '../egress/index.ts';

/** What kind of body is announced; `other` is read by nobody. */
export type BodyKind = 'json' | 'sse' | 'other';

/** One value of a header; undefined when it is absent or given more than once. */
function single(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

export function bodyKind(headers: ResponseHeaders): BodyKind {
  const type = single(headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  return type === 'text/event-stream' ? 'sse' : 'other';
}

/** True for any content coding: none was offered, and its size cannot be trusted. */
export function isEncoded(headers: ResponseHeaders): boolean {
  const coding = headers['content-encoding'];
  return coding !== undefined && coding !== '' && coding !== 'identity';
}

/** The announced length, undefined when there is none that can be read. */
export function contentLength(headers: ResponseHeaders): number | undefined {
  const text = single(headers, 'content-length');
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * `Retry-After` in milliseconds, as seconds or as a date (RFC 9110, section
 * 10.2.3), clamped: an upstream must not be able to send callers away for a
 * day, nor to invite them back at once.
 */
export function retryAfterMs(headers: ResponseHeaders, nowMs: number): number | undefined {
  const text = single(headers, 'retry-after');
  if (text === undefined) return undefined;
  const ms = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : parseDate(text) - nowMs;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(Math.ceil(ms), UPSTREAM_RETRY_AFTER_MS_MIN), UPSTREAM_RETRY_AFTER_MS_MAX);
}

/** `Date.parse` takes almost anything for a date; an HTTP date begins with the day of the week. */
function parseDate(text: string): number {
  return /^[A-Z][a-z]{2}[a-z]*, /.test(text) ? Date.parse(text) : Number.NaN;
}

/** A session id is visible ASCII (transports, 2025-11-25); anything else is not sent back. */
export function sessionId(headers: ResponseHeaders): string | undefined {
  const id = single(headers, 'mcp-session-id');
  return id !== undefined && id.length <= 1024 && /^[\u0021-\u007e]+$/.test(id) ? id : undefined;
}
