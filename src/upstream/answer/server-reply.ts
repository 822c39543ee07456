import { encodeError, WIRE_CODES } from '../../protocol/index.ts';
import type { RequestId } from '../../protocol/index.ts';

/**
 * The answer to a request that a legacy server sends to its client. We declare
 * no client capability, so only `ping` has one; everything else is an unknown
 * method, which lets the server go on without it.
 */
export function encodeServerReply(id: RequestId, method: string): Buffer {
  if (method === 'ping') return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
  return encodeError(id, { code: WIRE_CODES.methodNotFound, message: 'Method not found' }, 'legacy');
}
