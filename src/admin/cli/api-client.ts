import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { CLI_ANSWER_BYTES_MAX, CLI_REQUEST_MS } from '../../platform/limits.ts';
import { ADMIN_PREFIX } from '../contract/index.ts';
import { EXIT } from './exit-codes.ts';
import { terminalText } from './terminal-text.ts';
import { memberText } from './member.ts';

/** Why a command ends without having done its work. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: number;
  /** The error object of the gateway, if it was the gateway that said no. */
  readonly answer: JsonObject | undefined;

  constructor(exitCode: number, message: string, answer?: JsonObject) {
    super(message);
    this.exitCode = exitCode;
    this.answer = answer;
  }
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the prefix of the admin surface. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: JsonObject;
}

/** Where the gateway is when nobody says. */
const URL_DEFAULT = 'http://127.0.0.1:8787';

/** Talks to the admin surface of the gateway that `BREAKWATER_URL` and `BREAKWATER_TOKEN` name. */
export class ApiClient {
  readonly #origin: URL;
  readonly #token: string;

  /** Throws `CliFailure` when the environment does not name a gateway and a token. */
  constructor(env: NodeJS.ProcessEnv) {
    this.#origin = originOf(env['BREAKWATER_URL'] ?? '');
    this.#token = (env['BREAKWATER_TOKEN'] ?? '').trim();
    if (!/^[\u0021-\u007e]+$/.test(this.#token)) {
      throw new CliFailure(
        EXIT.refused,
        'BREAKWATER_TOKEN must be an admin token. `breakwater serve` shows one when it starts for the first time.',
      );
    }
  }

  /** The answer of one request. Throws `CliFailure` for everything but success. */
  async request(wanted: ApiRequest): Promise<JsonObject> {
    const response = await this.#send(wanted);
    const answer = parse(await this.#wrap(readAll(response)));
    if (isOk(response)) {
      if (answer !== undefined) return answer;
      throw notBreakwater(this.#origin);
    }
    throw failureOf(response, answer, this.#origin);
  }

  /** Every item of a list, page by page, at most `limit`. */
  async list(
    wanted: Omit<ApiRequest, 'method'>,
    limit: number = Number.POSITIVE_INFINITY,
  ): Promise<JsonObject[]> {
    const items: JsonObject[] = [];
    let after: string | undefined;
    do {
      const size = Math.min(500, limit - items.length);
      const query = { ...wanted.query, limit: size, after };
      const page = await this.request({ ...wanted, method: 'GET', query });
      const rows = Array.isArray(page['items']) ? page['items'].filter(isJsonObject) : [];
      items.push(...rows);
      after = typeof page['next'] === 'string' && rows.length > 0 ? page['next'] : undefined;
    } while (after !== undefined && items.length < limit);
    return items;
  }

  /** Copies a long answer to `output` as it arrives. Throws when it breaks off: what was written is incomplete. */
  async download(wanted: Omit<ApiRequest, 'method'>, output: Writable): Promise<void> {
    const response = await this.#send({ ...wanted, method: 'GET' });
    if (!isOk(response)) {
      throw failureOf(response, parse(await this.#wrap(readAll(response))), this.#origin);
    }
    try {
      await pipeline(response, output, { end: false });
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      throw new CliFailure(EXIT.failed, `the export broke off and is incomplete (${terminalText(reason)})`);
    }
  }

  #send(wanted: ApiRequest): Promise<IncomingMessage> {
    const url = new URL(`${ADMIN_PREFIX}${wanted.path}`, this.#origin);
    for (const [name, value] of Object.entries(wanted.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const body = wanted.body === undefined ? undefined : Buffer.from(JSON.stringify(wanted.body), 'utf8');
    const headers: Record<string, string | number> = {
      accept: 'application/json',
      authorization: `Bearer ${this.#token}`,
    };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = body.length;
    }
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return this.#wrap(
      new Promise((resolve, reject) => {
        const request: ClientRequest = send(url, { method: wanted.method, headers, timeout: CLI_REQUEST_MS });
        request.on('timeout', () => {
          request.destroy(new Error(`no answer within ${String(CLI_REQUEST_MS / 1_000)} s`));
        });
        request.on('error', reject);
        request.on('response', resolve);
        request.end(body);
      }),
    );
  }

  async #wrap<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      const reason = code ?? (error instanceof Error ? error.message : 'unknown');
      throw new CliFailure(
        EXIT.unreachable,
        `cannot reach the gateway at ${this.#origin.origin} (${terminalText(reason)}). Is \`breakwater serve\` running? Its address goes into BREAKWATER_URL.`,
      );
    }
  }
}

function originOf(text: string): URL {
  try {
    const url = new URL(text === '' ? URL_DEFAULT : text);
    // The address that `serve` prints ends with /mcp; whoever copies it means the gateway.
    if (url.protocol === 'http:' || url.protocol === 'https:') return new URL(url.origin);
  } catch {
    // Answered below.
  }
  throw new CliFailure(EXIT.usage, `BREAKWATER_URL is not an address like ${URL_DEFAULT}.`);
}

function isOk(response: IncomingMessage): boolean {
  return response.statusCode === 200 || response.statusCode === 201;
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let total = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    total += part.length;
    if (total > CLI_ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts, total);
}

function parse(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function notBreakwater(origin: URL): CliFailure {
  return new CliFailure(
    EXIT.unreachable,
    `what answers at ${origin.origin} is not the admin API of Breakwater.`,
  );
}

const EXIT_OF_STATUS: Readonly<Record<number, number>> = {
  400: EXIT.usage,
  401: EXIT.refused,
  403: EXIT.refused,
  404: EXIT.notFound,
  422: EXIT.usage,
};

function failureOf(response: IncomingMessage, answer: JsonObject | undefined, origin: URL): CliFailure {
  const status = response.statusCode ?? 0;
  // The edge of the HTTP server answers in another shape: a path or a host that is not served there.
  if (answer === undefined || typeof answer['code'] !== 'string') return notBreakwater(origin);
  const violations = Array.isArray(answer['violations']) ? answer['violations'].filter(isJsonObject) : [];
  const details = violations
    .map((row) => ` ${memberText(row, 'path')}: ${memberText(row, 'expected')}.`)
    .join('');
  const message = terminalText(`${memberText(answer, 'message')}${details}`);
  return new CliFailure(EXIT_OF_STATUS[status] ?? EXIT.failed, message, answer);
}
