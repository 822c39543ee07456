import { LATEST_MODERN_REVISION, META_KEYS } from '../protocol/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';
import { CallerPresence, type MessageHandler } from '../transports/index.ts';

export interface ConnectOptions {
  /** Bearer token. Default: the person at this machine, as over stdio. */
  readonly token?: string;
  /** Answer instead of throwing at an HTTP status for strangers; only with a token. */
  readonly transport?: 'http' | 'stdio';
}

/** What one request got. */
export interface RawAnswer {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON-RPC message; undefined where there was none. */
  readonly message: JsonObject | undefined;
}

/** A JSON-RPC error that a test did not expect; `data` is the error object of the server. */
export class RpcFailure extends Error {
  readonly code: number;
  readonly data: JsonValue | undefined;

  constructor(code: number, message: string, data: JsonValue | undefined) {
    super(message);
    this.name = 'RpcFailure';
    this.code = code;
    this.data = data;
  }
}

/** The result of a tool call, taken apart. */
export interface ToolAnswer {
  readonly isError: boolean;
  /** All text content, joined. */
  readonly text: string;
  readonly structured: JsonValue | undefined;
  /** The error object, when `isError`. */
  readonly error: JsonObject | undefined;
  readonly raw: JsonObject;
}

/** A call that runs, and can be cancelled as a client does that goes away. */
export interface RunningCall {
  readonly answer: Promise<RawAnswer>;
  cancel(): void;
}

/**
 * A client in the same process: messages go through the whole JSON-RPC layer
 * and pipeline of the server, only the bytes of a transport are missing.
 */
export class InMemoryClient {
  readonly #handler: MessageHandler;
  readonly #options: ConnectOptions;
  #nextId = 1;

  constructor(handler: MessageHandler, options: ConnectOptions = {}) {
    this.#handler = handler;
    this.#options = options;
  }

  async callTool(name: string, args: object = {}): Promise<ToolAnswer> {
    const result = await this.request('tools/call', { name, arguments: args as JsonObject });
    return toolAnswer(result);
  }

  listTools(): Promise<JsonObject[]> {
    return this.#list('tools/list', 'tools');
  }
  listResources(): Promise<JsonObject[]> {
    return this.#list('resources/list', 'resources');
  }
  listResourceTemplates(): Promise<JsonObject[]> {
    return this.#list('resources/templates/list', 'resourceTemplates');
  }
  listPrompts(): Promise<JsonObject[]> {
    return this.#list('prompts/list', 'prompts');
  }

  /** The first content of a resource, as text; bytes are base64. */
  async readResource(uri: string): Promise<string> {
    const { contents } = await this.request('resources/read', { uri });
    const first = Array.isArray(contents) ? contents[0] : undefined;
    if (!isJsonObject(first)) throw new Error('the resource has no content');
    return String(first['text'] ?? first['blob'] ?? '');
  }

  /** The messages of a prompt, as text. */
  async getPrompt(name: string, args: Readonly<Record<string, string>> = {}): Promise<string[]> {
    const { messages } = await this.request('prompts/get', { name, arguments: { ...args } });
    return (Array.isArray(messages) ? messages : []).map((message) => {
      const content = isJsonObject(message) ? message['content'] : undefined;
      return isJsonObject(content) ? String(content['text'] ?? '') : '';
    });
  }

  /** Suggestions for an argument of a prompt, or a variable of a resource template. */
  async complete(
    ref: { readonly prompt: string } | { readonly template: string },
    argument: { readonly name: string; readonly value: string },
  ): Promise<string[]> {
    const asked =
      'prompt' in ref
        ? { type: 'ref/prompt', name: ref.prompt }
        : { type: 'ref/resource', uri: ref.template };
    const { completion } = await this.request('completion/complete', {
      ref: asked,
      argument: { ...argument },
    });
    const values = isJsonObject(completion) ? completion['values'] : undefined;
    return Array.isArray(values) ? values.map(String) : [];
  }

  /** Sends a request and returns its result; throws RpcFailure for a JSON-RPC error. */
  async request(method: string, params: JsonObject = {}): Promise<JsonObject> {
    const { message } = await this.start(method, params).answer;
    const error = message?.['error'];
    if (isJsonObject(error))
      throw new RpcFailure(Number(error['code']), String(error['message']), error['data']);
    const result = message?.['result'];
    if (!isJsonObject(result)) throw new Error(`${method} was not answered`);
    return result;
  }

  /** Sends a request without waiting for it. */
  start(method: string, params: JsonObject = {}): RunningCall {
    const id = this.#nextId++;
    const presence = new CallerPresence();
    const meta: JsonObject = {
      [META_KEYS.protocolVersion]: LATEST_MODERN_REVISION,
      [META_KEYS.clientCapabilities]: {},
    };
    const given = params['_meta'];
    const full: JsonObject = { ...params, _meta: isJsonObject(given) ? { ...meta, ...given } : meta };
    const { token } = this.#options;
    const answer = this.#handler.handle({
      bytes: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params: full })),
      transport: this.#options.transport ?? (token === undefined ? 'stdio' : 'http'),
      endpoint: undefined,
      credential: token === undefined ? { kind: 'local' } : { kind: 'bearer', token },
      headers: mirrored(method, params),
      presence,
    });
    return {
      answer: answer.then(({ httpStatus, headers, body }) => ({
        httpStatus,
        headers: headers ?? {},
        message:
          body === undefined
            ? undefined
            : (JSON.parse(Buffer.concat([...body]).toString('utf8')) as JsonObject),
      })),
      cancel() {
        presence.leave();
      },
    };
  }

  async #list(method: string, member: string): Promise<JsonObject[]> {
    const all: JsonObject[] = [];
    let cursor: JsonValue | undefined;
    do {
      const result = await this.request(method, cursor === undefined ? {} : { cursor });
      const items = result[member];
      if (Array.isArray(items)) all.push(...items.filter(isJsonObject));
      cursor = result['nextCursor'];
    } while (typeof cursor === 'string');
    return all;
  }
}

/** A client of a server in this process. */
export function connect(
  server: { readonly handler: MessageHandler },
  options: ConnectOptions = {},
): InMemoryClient {
  return new InMemoryClient(server.handler, options);
}

/** The headers that have to repeat the body (2026-07-28, Streamable HTTP). */
function mirrored(
  method: string,
  params: JsonObject,
): { protocolVersion: string; method: string; name?: string } {
  const base = { protocolVersion: LATEST_MODERN_REVISION, method };
  const named =
    method === 'tools/call' || method === 'prompts/get'
      ? params['name']
      : method === 'resources/read'
        ? params['uri']
        : undefined;
  return typeof named === 'string' ? { ...base, name: named } : base;
}

function toolAnswer(raw: JsonObject): ToolAnswer {
  const content = Array.isArray(raw['content']) ? raw['content'] : [];
  const text = content
    .map((entry) => (isJsonObject(entry) && typeof entry['text'] === 'string' ? entry['text'] : ''))
    .join('');
  const isError = raw['isError'] === true;
  const meta = isJsonObject(raw['_meta']) ? raw['_meta'] : {};
  const error = meta['dev.breakwater/error'];
  return {
    isError,
    text,
    structured: raw['structuredContent'],
    error: isError && isJsonObject(error) ? error : undefined,
    raw,
  };
}
