import { request, type IncomingHttpHeaders } from 'node:http';

export interface AdminRequest {
  /** Any URL of the gateway. */
  readonly url: string;
  readonly method?: string;
  /** With `/admin/v1`, and the query. */
  readonly path: string;
  readonly token?: string | undefined;
  /** An object is sent as JSON; a text as it is. */
  readonly body?: object | string | Buffer | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AdminAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}

/** One request to the admin surface, on a connection of its own. */
export function adminRequest(wanted: AdminRequest): Promise<AdminAnswer> {
  const { body } = wanted;
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = body === undefined ? undefined : Buffer.from(isRaw ? (body as string) : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const req = request(
      new URL(wanted.path, wanted.url),
      {
        method: wanted.method ?? 'GET',
        agent: false,
        headers: {
          ...(wanted.token === undefined ? {} : { authorization: `Bearer ${wanted.token}` }),
          ...(bytes === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': bytes.length }),
          ...wanted.headers,
        },
      },
      (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('error', reject);
        res.on('end', () => {
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text,
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        });
      },
    );
    req.on('error', reject);
    req.end(bytes);
  });
}
