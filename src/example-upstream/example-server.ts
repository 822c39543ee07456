import type { Clock } from '../platform/clock.ts';
import type { JsonObject } from '../platform/json.ts';
import type {
  Classified,
  Era,
  InboundBatch,
  InboundRequest,
  InboundSingle,
  RequestId,
  RpcError,
} from '../protocol/index.ts';
import {
  classifyStdio,
  codecFor,
  encodeBatch,
  encodeError,
  encodeResult,
  isLegacyRevision,
  parseInbound,
  readRequestMeta,
  serverInfoMeta,
  WIRE_CODES,
} from '../protocol/index.ts';
import type { InboundMessage, MessageHandler, Reply } from '../transports/message-handler.ts';
import { CallerPresence, ConnectionState } from '../transports/index.ts';
import { answerMethod } from './methods.ts';

export interface ExampleServerOptions {
  readonly clock: Clock;
  readonly version: string;
}

export interface ExampleServer extends MessageHandler {
  /** Ends every call that still runs, without an answer. */
  cancelAll(): void;
}

/** A message in chunks; undefined when nothing is to be sent. */
type Chunks = Buffer[] | undefined;

/** Creates the example server for one stdio connection. Knows nothing of the gateway. */
export function createExampleServer(options: ExampleServerOptions): ExampleServer {
  const connection = new ConnectionState();
  const server = new Answerer(options, connection);
  return {
    handle: async (message): Promise<Reply> => ({
      httpStatus: 200,
      headers: undefined,
      body: await server.answer(message),
    }),
    cancelAll() {
      for (const presence of connection.inFlight.values()) presence.leave();
    },
  };
}

class Answerer {
  readonly #clock: Clock;
  readonly #serverInfo: JsonObject;
  readonly #serverInfoMeta: string;
  readonly #connection: ConnectionState;

  constructor(options: ExampleServerOptions, connection: ConnectionState) {
    this.#clock = options.clock;
    this.#serverInfo = {
      name: 'breakwater-example',
      title: 'Breakwater example server',
      version: options.version,
    };
    this.#serverInfoMeta = serverInfoMeta(this.#serverInfo);
    this.#connection = connection;
  }

  async answer(message: InboundMessage): Promise<Chunks> {
    const inbound = parseInbound(message.bytes);
    if (inbound.kind === 'invalid') return [encodeError(inbound.id, inbound, this.#era())];
    const { legacyRevision } = this.#connection;
    const served = classifyStdio(inbound, { legacyRevision });
    if (inbound.kind === 'batch')
      return this.#answerBatch(inbound, served.ok ? served : toError(served), message.presence);
    // Neither a notification nor a response is ever answered, not even a wrong one.
    if (inbound.kind !== 'request') {
      if (served.ok) this.#notice(inbound);
      return undefined;
    }
    if (!served.ok) return [encodeError(inbound.id, toError(served), this.#era())];
    return this.#answerRequest(inbound, served, message.presence);
  }

  #era(): Era {
    return this.#connection.legacyRevision === undefined ? 'modern' : 'legacy';
  }

  #notice(message: InboundSingle): void {
    if (message.kind !== 'notification' || message.method !== 'notifications/cancelled') return;
    const { requestId } = message.params;
    if (typeof requestId !== 'string' && typeof requestId !== 'number') return;
    const { inFlight } = this.#connection;
    // An id that is not in flight was answered meanwhile, which is no error.
    inFlight.get(requestId)?.leave();
    inFlight.delete(requestId);
  }

  async #answerRequest(
    request: InboundRequest,
    served: Classified,
    presence: CallerPresence,
  ): Promise<Chunks> {
    const { id, method, params } = request;
    const codec = codecFor(served.era);
    const refuse = (error: RpcError): Chunks => [encodeError(id, error, served.era)];
    if (codec.methodClass(method) === undefined) {
      return refuse({ code: WIRE_CODES.methodNotFound, message: 'Method not found.' });
    }
    const subject = codec.subjectOf(method, params);
    if (!subject.ok) return refuse(subject);
    const { inFlight } = this.#connection;
    if (inFlight.has(id)) {
      return refuse({
        code: WIRE_CODES.invalidRequest,
        message: 'Invalid request: the id is already in use.',
      });
    }
    if (method === 'initialize' && isLegacyRevision(served.revision)) {
      this.#connection.legacyRevision = served.revision;
    }
    inFlight.set(id, presence);
    try {
      const answer = await answerMethod({
        method,
        params,
        subject: subject.subject ?? '',
        codec,
        revision: served.revision,
        clock: this.#clock,
        presence,
        serverInfo: this.#serverInfo,
      });
      if (presence.gone) return undefined;
      if ('error' in answer) return refuse(answer.error);
      const splice = { rules: codec.resultRules(method), serverInfoMeta: this.#serverInfoMeta };
      return encodeResult(id, { kind: 'value', value: answer.result }, splice);
    } finally {
      // After a cancellation the id may already belong to another request.
      if (inFlight.get(id) === presence) inFlight.delete(id);
    }
  }

  /** A batch (2025-03-26 only) is answered by one batch; without requests in it, by nothing. */
  async #answerBatch(
    batch: InboundBatch,
    served: Classified | RpcError,
    caller: CallerPresence,
  ): Promise<Chunks> {
    if (!('ok' in served)) return [encodeError(undefined, served, this.#era())];
    const answers = await Promise.all(batch.entries.map((entry) => this.#answerEntry(entry, served, caller)));
    const sent = answers.filter((answer) => answer !== undefined);
    return sent.length === 0 ? undefined : encodeBatch(sent);
  }

  async #answerEntry(entry: InboundSingle, served: Classified, caller: CallerPresence): Promise<Chunks> {
    if (entry.kind === 'invalid') return [encodeError(entry.id, entry, served.era)];
    if (entry.kind !== 'request') {
      this.#notice(entry);
      return undefined;
    }
    const presence = new CallerPresence();
    caller.onLeave(() => {
      presence.leave();
    });
    return this.#answerRequest(entry, { ...served, meta: readRequestMeta(entry.params) }, presence);
  }
}

/** The parts of a refusal that go over the wire. */
function toError(refusal: RpcError & { readonly id?: RequestId }): RpcError {
  const { code, message, data } = refusal;
  return data === undefined ? { code, message } : { code, message, data };
}
