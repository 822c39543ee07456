import type { Clock } from '../platform/clock.ts';
import { uuidv7 } from '../platform/ids.ts';
import { Call, type CallClass, type RequestFault, type RunCall } from '../pipeline/index.ts';
import {
  classifyHttp,
  classifyStdio,
  codecFor,
  isModernRevision,
  negotiateLegacy,
  encodeBatch,
  parseInbound,
  serverInfoMeta,
  traceIdOf,
  WIRE_CODES,
  type ClassifiableMessage,
  type Classification,
  type Classified,
  type Era,
  type InboundBatch,
  type InboundNotification,
  type InboundRequest,
  type InboundSingle,
} from '../protocol/index.ts';
import type { InboundMessage, MessageHandler, Reply } from '../transports/message-handler.ts';
import { errorReply, replyTo } from './reply.ts';
import { identityObject, type ServerIdentity } from './server-identity.ts';

export interface MessageHandlerOptions {
  /** The pipeline, see `buildPipeline`. */
  readonly run: RunCall;
  readonly clock: Clock;
  readonly identity: ServerIdentity;
}

/**
 * The JSON-RPC layer: from bytes to a call of the pipeline, and from its
 * outcome to bytes. One instance serves every transport and every revision.
 */
export function createMessageHandler(options: MessageHandlerOptions): MessageHandler {
  return new JsonRpcLayer(options);
}

const ACCEPTED: Reply = { httpStatus: 202, headers: undefined, body: undefined };

class JsonRpcLayer implements MessageHandler {
  readonly #options: MessageHandlerOptions;
  readonly #serverInfoMeta: string;

  constructor(options: MessageHandlerOptions) {
    this.#options = options;
    this.#serverInfoMeta = serverInfoMeta(identityObject(options.identity));
  }

  handle(message: InboundMessage): Promise<Reply> {
    const inbound = parseInbound(message.bytes);
    return inbound.kind === 'batch' ? this.#batch(message, inbound) : this.#single(message, inbound);
  }

  /** Not async, like `handle`: an async function that returns a promise takes three more turns of the microtask queue. */
  #single(message: InboundMessage, inbound: InboundSingle): Promise<Reply> {
    switch (inbound.kind) {
      case 'invalid': {
        const { code, message: text } = inbound;
        return Promise.resolve(
          errorReply({ code, message: text }, { httpStatus: 400, id: inbound.id, era: presumedEra(message) }),
        );
      }
      case 'response': {
        const error = { code: WIRE_CODES.invalidRequest, message: 'This server has sent no request.' };
        return Promise.resolve(
          errorReply(error, { httpStatus: 400, id: undefined, era: presumedEra(message) }),
        );
      }
      case 'request':
      case 'notification': {
        const classified = classify(message, inbound);
        if (!classified.ok) {
          const { code, message: text, data } = classified;
          const error = data === undefined ? { code, message: text } : { code, message: text, data };
          const id = inbound.kind === 'request' ? inbound.id : undefined;
          const context = { httpStatus: classified.httpStatus, id, era: presumedEra(message) };
          return Promise.resolve(errorReply(error, context));
        }
        return inbound.kind === 'request'
          ? this.#request(message, inbound, classified)
          : this.#notification(message, inbound, classified);
      }
      default:
        return inbound satisfies never;
    }
  }

  async #request(message: InboundMessage, inbound: InboundRequest, accepted: Classified): Promise<Reply> {
    const { id } = inbound;
    const connection = message.connection;
    if (connection?.inFlight.has(id) === true) {
      const error = { code: WIRE_CODES.invalidRequest, message: 'A request with this id is still running.' };
      return errorReply(error, { httpStatus: 400, id, era: accepted.era });
    }
    const call = this.#openCall(message, inbound, accepted);
    message.presence.onLeave(() => {
      call.abort('caller');
    });
    connection?.inFlight.set(id, message.presence);
    try {
      const outcome = await this.#options.run(call);
      if (inbound.method === 'initialize' && outcome.kind === 'ok' && connection !== undefined) {
        connection.legacyRevision = negotiateLegacy(inbound.params['protocolVersion']);
      }
      return replyTo(outcome, { id, era: accepted.era, call, serverInfoMeta: this.#serverInfoMeta });
    } finally {
      connection?.inFlight.delete(id);
    }
  }

  /** Notifications are authenticated like requests; what they may start here is nothing but a cancellation. */
  async #notification(
    message: InboundMessage,
    inbound: InboundNotification,
    accepted: Classified,
  ): Promise<Reply> {
    const cancelled = inbound.params['requestId'];
    if (
      inbound.method === 'notifications/cancelled' &&
      (typeof cancelled === 'string' || typeof cancelled === 'number')
    ) {
      // Over HTTP without sessions nothing says whose request the id means, and
      // ids repeat between clients; there, closing the connection cancels.
      message.connection?.inFlight.get(cancelled)?.leave();
    }
    if (message.transport === 'stdio') return ACCEPTED;
    const call = this.#openCall(message, inbound, accepted);
    const outcome = await this.#options.run(call);
    if (outcome.kind === 'ok') return ACCEPTED;
    const context = { id: undefined, era: accepted.era, call, serverInfoMeta: this.#serverInfoMeta };
    const reply = replyTo(outcome, context);
    // A notification that is not accepted has an HTTP error status (2026-07-28, Streamable HTTP, sending messages).
    if (reply.httpStatus >= 300) return reply;
    return { ...reply, httpStatus: outcome.kind === 'protocol_error' ? 400 : 503 };
  }

  #openCall(
    message: InboundMessage,
    inbound: InboundRequest | InboundNotification,
    accepted: Classified,
  ): Call {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const judged = judge(inbound, accepted.era);
    const { traceparent } = accepted.meta;
    return new Call(
      {
        requestId: uuidv7(nowMs),
        method: inbound.method,
        params: inbound.params,
        subject: judged.subject,
        revision: accepted.revision,
        transport: message.transport,
        endpoint: message.endpoint,
        credential: message.credential,
        requestBytes: message.bytes.length,
        paramHeaders: message.headers.params,
        fault: judged.fault,
        traceId: traceparent === undefined ? undefined : traceIdOf(traceparent),
      },
      judged.callClass,
      { nowMs, monotonicMs: clock.monotonicMs() },
    );
  }

  /** Only 2025-03-26 knows batches; its answers come back as one array (JSON-RPC 2.0 §6). */
  async #batch(message: InboundMessage, batch: InboundBatch): Promise<Reply> {
    const classified = classify(message, batch);
    if (!classified.ok) {
      const { code, message: text, httpStatus } = classified;
      return errorReply({ code, message: text }, { httpStatus, id: undefined, era: presumedEra(message) });
    }
    const replies = await Promise.all(batch.entries.map((entry) => this.#single(message, entry)));
    // Who is refused is refused as a whole: the entries share one token.
    const barred = replies.find((reply) => reply.httpStatus === 401 || reply.httpStatus === 403);
    if (barred !== undefined) return barred;
    // A notification has no answer in a batch, not even that it was refused.
    const answers = replies.flatMap(({ body }, index) =>
      body === undefined || batch.entries[index]?.kind === 'notification' ? [] : [body],
    );
    return answers.length === 0
      ? ACCEPTED
      : { httpStatus: 200, headers: undefined, body: encodeBatch(answers) };
  }
}

interface Judged {
  readonly callClass: CallClass;
  readonly subject: string | undefined;
  readonly fault: RequestFault | undefined;
}

/** Nothing is done for a request that nobody can be told the result of. */
const WITHOUT_ID: RequestFault = {
  code: WIRE_CODES.invalidRequest,
  message: 'Invalid request: this method needs an id.',
};

/** What a method asks for, in its era. A fault makes it a control call: nothing will be dispatched for it. */
function judge(inbound: InboundRequest | InboundNotification, era: Era): Judged {
  const codec = codecFor(era);
  if (inbound.kind === 'notification') {
    const isRequest = codec.methodClass(inbound.method) !== undefined;
    return { callClass: 'control', subject: undefined, fault: isRequest ? WITHOUT_ID : undefined };
  }
  const callClass = codec.methodClass(inbound.method);
  if (callClass === undefined) {
    const fault = { code: WIRE_CODES.methodNotFound, message: 'Method not found.' };
    return { callClass: 'control', subject: undefined, fault };
  }
  const subject = codec.subjectOf(inbound.method, inbound.params);
  if (!subject.ok) {
    const fault = { code: subject.code, message: subject.message };
    return { callClass: 'control', subject: undefined, fault };
  }
  return { callClass, subject: subject.subject, fault: undefined };
}

function classify(message: InboundMessage, inbound: ClassifiableMessage): Classification {
  return message.connection === undefined
    ? classifyHttp(inbound, message.headers)
    : classifyStdio(inbound, message.connection);
}

/** The era in which a message is answered that could not be classified. */
function presumedEra(message: InboundMessage): Era {
  const version = message.headers.protocolVersion?.trim();
  if (version !== undefined) return isModernRevision(version) ? 'modern' : 'legacy';
  return message.connection !== undefined && message.connection.legacyRevision === undefined
    ? 'modern'
    : 'legacy';
}
