import type { ServerResponse } from 'node:http';
import type { Clock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import { ADMIN_EXPORT_STALL_MS } from '../../platform/limits.ts';
import { ADMIN_ERRORS, type AdminErrorCode, type Violation } from '../contract/index.ts';
import type { TextStream } from './admin-call.ts';

/** How long to wait before an overloaded gateway is asked again. */
const RETRY_AFTER_MS = 1_000;

/** Answers may show what one project alone may see, and once a token. */
const PRIVATE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

export function sendJson(res: ServerResponse, status: number, body: JsonObject): void {
  send(res, { status, body });
}

export interface Failure {
  readonly code: AdminErrorCode;
  readonly requestId: string;
  readonly violations?: readonly Violation[];
  /** For `method_not_allowed`. */
  readonly allow?: readonly string[];
}

/** The one error shape, never with an echo of a value that was sent. */
export function sendFailure(res: ServerResponse, failure: Failure): void {
  const { code, violations = [] } = failure;
  const { httpStatus, message, retryable } = ADMIN_ERRORS[code];
  const headers: Record<string, string> = { 'breakwater-error': code };
  if (code === 'unauthorized') headers['www-authenticate'] = 'Bearer realm="breakwater"';
  if (failure.allow !== undefined) headers['allow'] = failure.allow.join(', ');
  if (retryable) headers['retry-after'] = String(RETRY_AFTER_MS / 1_000);
  // What is left of the body is not worth reading.
  if (code === 'body_too_large') headers['connection'] = 'close';
  const body = {
    status: 'error',
    code,
    message,
    retryable,
    ...(retryable ? { retry_after_ms: RETRY_AFTER_MS } : {}),
    request_id: failure.requestId,
    ...(violations.length === 0 ? {} : { violations: violations.map((violation) => ({ ...violation })) }),
  };
  send(res, { status: httpStatus, body, headers });
}

interface Sendable {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(res: ServerResponse, { status, body, headers }: Sendable): void {
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...PRIVATE,
    ...headers,
  });
  res.end(bytes);
}

/**
 * Sends a stream at the speed of its reader. The first piece is made before
 * the status is sent, so that a database that is away is an error and not an
 * empty file; a later failure breaks the connection off, which no client can
 * take for the end.
 */
export async function sendStream(res: ServerResponse, stream: TextStream, clock: Clock): Promise<void> {
  const parts = stream.parts[Symbol.asyncIterator]();
  try {
    let part = await parts.next();
    res.writeHead(200, { 'content-type': stream.contentType, ...PRIVATE });
    while (part.done !== true) {
      if (!res.write(part.value) && !(await hasDrained(res, clock))) {
        res.destroy();
        return;
      }
      part = await parts.next();
    }
    res.end();
  } catch (error) {
    if (!res.headersSent) throw error;
    res.destroy();
  } finally {
    await parts.return?.();
  }
}

/** False when the reader is gone, or takes nothing for too long. */
function hasDrained(res: ServerResponse, clock: Clock): Promise<boolean> {
  if (res.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (isDrained: boolean): void => {
      cancel();
      res.off('drain', onDrain);
      res.off('close', onClose);
      resolve(isDrained);
    };
    const onDrain = (): void => {
      settle(true);
    };
    const onClose = (): void => {
      settle(false);
    };
    const cancel = clock.after(ADMIN_EXPORT_STALL_MS, onClose);
    res.on('drain', onDrain);
    res.on('close', onClose);
  });
}
