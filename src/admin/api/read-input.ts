import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { ADMIN_BODY_BYTES_MAX } from '../../platform/limits.ts';
import { scanJson } from '../../protocol/index.ts';
import { isJsonContentType, readBody, type RequestHeaders } from '../../transports/index.ts';
import { checkShape, type Shape, type Values } from '../contract/index.ts';
import { AdminProblem } from './admin-call.ts';

/** Deep enough for a list in an object, and nothing that a shape could want is deeper. */
const BODY_DEPTH_MAX = 4;

/** The parameters of a query, each once. Throws `invalid_query`. */
export function readQuery(shape: Shape | undefined, target: string): Values {
  const at = target.indexOf('?');
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, text] of new URLSearchParams(at === -1 ? '' : target.slice(at + 1))) {
    if (Object.hasOwn(given, name)) {
      throw new AdminProblem('invalid_query', [{ path: name.slice(0, 64), expected: 'once' }]);
    }
    const isInteger = shape?.[name]?.type === 'integer' && /^\d{1,9}$/.test(text);
    given[name] = isInteger ? Number(text) : text;
  }
  const checked = checkShape(shape ?? {}, given);
  if (!checked.ok) throw new AdminProblem('invalid_query', checked.violations);
  return checked.values;
}

/**
 * The JSON body of a request, checked from the outside in: what it is said to
 * be, its size while it arrives, the text itself, its members. Undefined when
 * the client has gone.
 */
export async function readJson(
  shape: Shape,
  request: { readonly req: IncomingMessage; readonly res: ServerResponse; readonly headers: RequestHeaders },
): Promise<Values | undefined> {
  const { req, res, headers } = request;
  const encoding = headers.contentEncoding?.toLowerCase();
  if (!isJsonContentType(headers.contentType) || (encoding !== undefined && encoding !== 'identity')) {
    throw new AdminProblem('unsupported_media_type');
  }
  if (Number(headers.contentLength ?? 0) > ADMIN_BODY_BYTES_MAX) throw new AdminProblem('body_too_large');
  if (req.headers.expect !== undefined) res.writeContinue();
  const body = await readBody(req, ADMIN_BODY_BYTES_MAX);
  if (!body.ok) {
    if (body.problem === 'gone') return undefined;
    throw new AdminProblem('body_too_large');
  }
  const checked = checkShape(shape, parseObject(body.bytes));
  if (checked.ok) return checked.values;
  throw new AdminProblem(
    checked.problem === 'unknown' ? 'unknown_field' : 'invalid_value',
    checked.violations,
  );
}

function parseObject(bytes: Buffer): JsonObject {
  // Proven before it is parsed: UTF-8, depth, duplicate members, `__proto__`.
  if (!scanJson(bytes, { depthMax: BODY_DEPTH_MAX }).ok) throw new AdminProblem('invalid_json');
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (!isJsonObject(value)) throw new AdminProblem('invalid_json');
  return value;
}
