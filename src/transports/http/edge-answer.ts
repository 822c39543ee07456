import type { ServerResponse } from 'node:http';

/** Catalogue of what the HTTP edge itself answers, before any message is read. */
export type EdgeProblem =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden_host'
  | 'forbidden_origin'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'unsupported_encoding'
  | 'too_many_bad_requests'
  | 'too_many_headers'
  | 'shutting_down'
  | 'http_version_not_supported';

interface EdgeEntry {
  readonly httpStatus: number;
  /** JSON-RPC code of the body: -32600, "invalid request"; the edge has no better one. */
  readonly message: string;
  /** Whether the connection can go on; not when unread body bytes are still coming. */
  readonly closes: boolean;
}

const EDGE: Readonly<Record<EdgeProblem, EdgeEntry>> = {
  bad_request: { httpStatus: 400, message: 'The HTTP request is malformed.', closes: true },
  unauthorized: {
    httpStatus: 401,
    message: 'A valid token is required before a body of this size is read.',
    closes: true,
  },
  forbidden_host: { httpStatus: 403, message: 'This Host is not served here.', closes: true },
  forbidden_origin: { httpStatus: 403, message: 'This Origin is not allowed.', closes: true },
  not_found: { httpStatus: 404, message: 'There is no such endpoint. MCP is served at /mcp.', closes: true },
  method_not_allowed: { httpStatus: 405, message: 'Only POST is served here.', closes: true },
  not_acceptable: {
    httpStatus: 406,
    message: 'The client must accept application/json.',
    closes: true,
  },
  body_too_large: { httpStatus: 413, message: 'The request body is larger than allowed.', closes: true },
  unsupported_media_type: {
    httpStatus: 415,
    message: 'Content-Type must be application/json.',
    closes: true,
  },
  unsupported_encoding: { httpStatus: 415, message: 'Content-Encoding must be absent.', closes: true },
  too_many_bad_requests: {
    httpStatus: 429,
    message: 'Too many bad requests came from this address. Wait a minute.',
    closes: true,
  },
  too_many_headers: { httpStatus: 431, message: 'The request has too many headers.', closes: true },
  shutting_down: { httpStatus: 503, message: 'The gateway is shutting down. Connect again.', closes: true },
  http_version_not_supported: { httpStatus: 505, message: 'Only HTTP/1.1 is served here.', closes: true },
};

const INVALID_REQUEST = -32600;

/**
 * Answers at the edge: a JSON-RPC error without id (the request was not read),
 * never an echo of what came in.
 */
export function answerEdge(res: ServerResponse, problem: EdgeProblem): void {
  const entry = EDGE[problem];
  const body = JSON.stringify({
    jsonrpc: '2.0',
    error: { code: INVALID_REQUEST, message: entry.message, data: { status: 'error', code: problem } },
  });
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'breakwater-error': problem,
  };
  if (problem === 'method_not_allowed') headers['allow'] = 'POST';
  if (problem === 'unauthorized') headers['www-authenticate'] = 'Bearer realm="breakwater"';
  if (problem === 'too_many_bad_requests') headers['retry-after'] = 60;
  if (problem === 'shutting_down') headers['retry-after'] = 1;
  if (entry.closes) headers['connection'] = 'close';
  res.writeHead(entry.httpStatus, headers);
  res.end(body);
}

/** The status that each edge problem answers, for the pinned HTTP matrix. */
export function edgeStatus(problem: EdgeProblem): number {
  return EDGE[problem].httpStatus;
}
