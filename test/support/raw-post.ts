import { type IncomingHttpHeaders, request } from 'node:http';

export interface RawPostOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; an object is sent as JSON. */
  readonly body?: string | Buffer | object;
}

export interface RawPostResult {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON. Throws when it is not. */
  readonly json: () => unknown;
}

/**
 * One HTTP request as a test wrote it, and the answer as it came: no client
 * library between them that would add, mend or refuse anything.
 */
export function rawPost(url: string, options: RawPostOptions): Promise<RawPostResult> {
  const { body } = options;
  const bytes =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: options.method ?? 'POST',
        agent: false,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...options.headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: text,
            json: () => JSON.parse(text) as unknown,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

/** Headers and body of a 2026-07-28 request, for `rawPost`. */
export function modernRequest(
  method: string,
  params: Record<string, unknown>,
  options: { token?: string; id?: number; name?: string } = {},
): { headers: Record<string, string>; body: object } {
  const name = options.name ?? params['name'] ?? params['uri'];
  return {
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
    body: {
      jsonrpc: '2.0',
      id: options.id ?? 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    },
  };
}
