/** Header values by name; an array is sent as several lines, undefined leaves a default out. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpRequest {
  readonly method?: string;
  /** Default `/mcp`. */
  readonly path?: string;
  readonly headers?: Headers;
  readonly body?: string | Buffer;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string | undefined;
}

/** The bytes of one HTTP/1.1 request with the usual headers, which `headers` replaces or removes. */
export function httpBytes(request: HttpRequest): Buffer {
  const body = Buffer.from(request.body ?? '');
  const headers: Record<string, string | readonly string[] | undefined> = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'content-length': String(body.length),
    connection: 'close',
    ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
    ...request.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return (typeof value === 'string' ? [value] : value).map((text) => `${name}: ${text}`);
  });
  const head = [`${request.method ?? 'POST'} ${request.path ?? '/mcp'} HTTP/1.1`, ...lines, '', ''].join(
    '\r\n',
  );
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

export const REVISION = '2026-07-28';
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';

/** `_meta` of a well-formed 2026-07-28 request. */
export const MODERN_META = { [VERSION_KEY]: REVISION, [CAPABILITIES_KEY]: {} };

/** The mirrored headers of a 2026-07-28 request. */
export function modernHeaders(method: string, name?: string): Record<string, string> {
  return {
    'mcp-protocol-version': REVISION,
    'mcp-method': method,
    ...(name === undefined ? {} : { 'mcp-name': headerValue(name) }),
  };
}

/** A header value as the specification encodes it (Streamable HTTP, value encoding). */
export function headerValue(text: string): string {
  return /^[!-~](?:[ -~]*[!-~])?$/.test(text) ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

export interface ModernRequest {
  readonly method: string;
  readonly params?: Record<string, unknown>;
  /** Replaces `_meta`; undefined as a value leaves a member out. */
  readonly meta?: Record<string, unknown> | undefined;
  readonly headers?: Headers;
  readonly token?: string | undefined;
  readonly path?: string;
  readonly id?: number;
}

/** One 2026-07-28 request; `headers` and `meta` spoil it. */
export function modern(request: ModernRequest): HttpRequest {
  const params = request.params ?? {};
  const name = params['name'] ?? params['uri'];
  const { method, token, path, id = 1 } = request;
  const meta = 'meta' in request ? request.meta : MODERN_META;
  return {
    ...(path === undefined ? {} : { path }),
    token,
    headers: { ...modernHeaders(method, typeof name === 'string' ? name : undefined), ...request.headers },
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } }),
  };
}

/**
 * Writes the `_meta` of a modern request into a message that is spoilt
 * elsewhere, as text: parsing it would mend what is being tested.
 */
export function withModernMeta(body: string): string {
  const meta = JSON.stringify(MODERN_META);
  if (body.includes('"params":{')) {
    const comma = body.includes('"params":{}') ? '' : ',';
    return body.replace('"params":{', `"params":{"_meta":${meta}${comma}`);
  }
  return body.replace(/\}$/, `,"params":{"_meta":${meta}}}`);
}
