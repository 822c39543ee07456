import type { Outcome } from '../../pipeline/outcome.ts';
import { WIRE_CODES } from '../../protocol/index.ts';
import { failure } from '../answer/failures.ts';
import type { Reply } from '../answer/reply.ts';
import type { Session } from '../answer/session.ts';

/**
 * True when a legacy server no longer knows the session: 404 says so
 * (transports of 2025-03-26 and later), and servers built on the official
 * example answer 400. An error that carries our id is an answer to the request
 * instead, so the session lives.
 */
export function isSessionLost(reply: Reply, session: Session): boolean {
  if (session.sessionId === undefined) return false;
  if (reply.kind === 'status') return reply.status === 404 || reply.status === 400;
  if (reply.kind !== 'message' || reply.message.kind !== 'error') return false;
  return reply.message.id === undefined && (reply.status === 404 || reply.status === 400);
}

/** What the caller reads whose request found the session gone. The server did not run it. */
export function sessionLostOutcome(): Outcome {
  return failure('upstream_unreachable', {
    message: 'The session with the upstream had expired and is being renewed. Call again.',
    retryAfterMs: 1,
  });
}

/**
 * True when the server seems to have become another one (upgraded, rolled
 * back, replaced): what was negotiated is then negotiated again for the next
 * request.
 */
export function isEraLost(reply: Reply, session: Session): boolean {
  switch (reply.kind) {
    case 'status':
      return reply.status === 400 || reply.status === 404 || reply.status === 405;
    case 'message': {
      if (reply.message.kind === 'result') return false;
      const { code } = reply.message;
      return (
        code === WIRE_CODES.unsupportedProtocolVersion ||
        (code === WIRE_CODES.headerMismatch && reply.status === 400)
      );
    }
    case 'failed': {
      // A legacy session outlives a broken connection; if it does not, the server says so.
      if (session.sessionId !== undefined) return false;
      const { outcome } = reply;
      return (
        outcome.kind === 'failed' &&
        (outcome.refusal.code === 'upstream_unreachable' ||
          outcome.refusal.code === 'upstream_invalid_response')
      );
    }
    default:
      return reply satisfies never;
  }
}
