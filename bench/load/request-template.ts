/** Everything that is the same in each request of one cell. */
export interface CallTemplate {
  readonly url: string;
  readonly tool: string;
  readonly token: string | undefined;
}

/** First id; ten digits, so that every id has the same width and Content-Length never changes. */
const FIRST_ID = 1_000_000_000;
const ID_DIGITS = 10;

/**
 * A `tools/call` request of revision 2026-07-28, encoded once. Only the digits
 * of the id are rewritten in place, so that the generator spends its time on
 * sockets and not on encoding.
 */
export class RequestTemplate {
  readonly #bytes: Buffer;
  readonly #idAt: number;
  #nextId: number;

  constructor(template: CallTemplate, idOffset: number) {
    const url = new URL(template.url);
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: FIRST_ID,
      method: 'tools/call',
      params: {
        name: template.tool,
        arguments: { message: 'ping' },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
    const head = [
      `POST ${url.pathname} HTTP/1.1`,
      `Host: ${url.host}`,
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      'MCP-Protocol-Version: 2026-07-28',
      'Mcp-Method: tools/call',
      `Mcp-Name: ${template.tool}`,
      ...(template.token === undefined ? [] : [`Authorization: Bearer ${template.token}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.#bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
    this.#idAt = this.#bytes.lastIndexOf(`"id":${FIRST_ID}`) + '"id":'.length;
    this.#nextId = FIRST_ID + idOffset;
  }

  /** Bytes to write, a fresh copy, and the id that the answer has to carry. */
  next(): { bytes: Buffer; id: number } {
    const id = this.#nextId;
    this.#nextId += 1;
    const bytes = Buffer.from(this.#bytes);
    bytes.write(String(id), this.#idAt, ID_DIGITS, 'latin1');
    return { bytes, id };
  }
}
