import type { Outcome } from '../../pipeline/outcome.ts';
import type { Clock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import {
  RESPONSE_BYTES_MAX_DEFAULT,
  UPSTREAM_FAREWELL_MS,
  UPSTREAM_NEGOTIATE_MS,
  UPSTREAM_PENDING_MAX,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { encodeNotification, encodeRequest, LATEST_MODERN_REVISION } from '../../protocol/index.ts';
import type { RequestId } from '../../protocol/index.ts';
import { Deadline } from '../answer/deadline.ts';
import { abortedOutcome, failure, refusal } from '../answer/failures.ts';
import { outcomeOfReply } from '../answer/map-reply.ts';
import {
  discoverParams,
  type DiscoverVerdict,
  initializeParams,
  noCommonRevision,
  readDiscover,
  readInitialize,
} from '../answer/negotiate.ts';
import type { Reply } from '../answer/reply.ts';
import { encodeServerReply } from '../answer/server-reply.ts';
import { createHopParams } from '../answer/session.ts';
import type { ClientInfo, Session } from '../answer/session.ts';
import { SharedAttempt } from '../answer/shared-attempt.ts';
import type { EgressPool, EgressPoolResult } from '../egress/index.ts';
import type { CallSignal, Upstream, UpstreamInfo, UpstreamRequestOptions } from '../upstream.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeHost, ExchangeSpec } from './exchange.ts';
import { baseHeaders, legacyHeaders, modernHeaders } from './request-headers.ts';
import { isEraLost, isSessionLost, sessionLostOutcome } from './session-loss.ts';

type Connected = { ok: true; info: UpstreamInfo } | { ok: false; outcome: Outcome };
type Negotiated = { ok: true; session: Session } | { ok: false; outcome: Outcome };

export interface HttpUpstreamParts {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly client: ClientInfo;
  readonly pool: EgressPoolResult;
  /** Checked, names and values in turn. */
  readonly configuredHeaders: readonly string[];
}

interface Message {
  readonly id: number | undefined;
  readonly method: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly signal: CallSignal;
  readonly responseBytesMax: number;
}

/** Best-effort messages that may be under way at once; more are not sent. */
const FAREWELLS_MAX = 32;

/**
 * An MCP server behind Streamable HTTP, of either era. One request is one POST
 * and one promise; nothing of a downstream caller goes with it but its params.
 */
export class HttpUpstream implements Upstream, ExchangeHost {
  readonly name: string;
  readonly clock: Clock;
  readonly #logger: Logger;
  readonly #client: ClientInfo;
  readonly #pool: EgressPool | undefined;
  readonly #blocked: Outcome | undefined;
  readonly #headers: readonly string[];
  readonly #attempt = new SharedAttempt<Negotiated>();
  #session: Session | undefined;
  #nextId = 1;
  #pending = 0;
  #farewells = 0;
  #isClosed = false;

  constructor(parts: HttpUpstreamParts) {
    this.name = parts.name;
    this.clock = parts.clock;
    this.#logger = parts.logger;
    this.#client = parts.client;
    this.#headers = baseHeaders(parts.client, parts.configuredHeaders);
    if (parts.pool.ok) this.#pool = parts.pool.pool;
    else this.#blocked = refusal({ code: 'destination_blocked', details: { reason: parts.pool.code } });
  }

  get info(): UpstreamInfo | undefined {
    return this.#session?.info;
  }

  async connect(signal: CallSignal): Promise<Connected> {
    const negotiated = await this.#negotiated(signal);
    return negotiated.ok ? { ok: true, info: negotiated.session.info } : negotiated;
  }

  request(method: string, params: JsonObject, options: UpstreamRequestOptions): Promise<Outcome> {
    const early = this.#earlyOutcome(method, options.signal);
    if (early !== undefined) return Promise.resolve(early);
    const session = this.#session;
    if (session === undefined || (session.sessionId !== undefined && method !== 'tools/call')) {
      return this.#requestWithSession(method, params, options);
    }
    return this.#send(session, { method, params, options });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    const session = this.#session;
    this.#isClosed = true;
    this.#session = undefined;
    if (session?.sessionId !== undefined) await this.#endSession(session);
    await this.#pool?.destroy();
  }

  onServerRequest(id: RequestId, method: string): void {
    const session = this.#session;
    // A modern server must not ask, and a modern client must not answer: transports of 2026-07-28.
    if (session?.info.era !== 'legacy') return;
    this.#farewell(session, encodeServerReply(id, method));
  }

  onAbandoned(id: number): void {
    const session = this.#session;
    // For a modern server the closed connection is the cancellation; a legacy one goes on until it is told.
    if (session?.info.era !== 'legacy') return;
    this.#farewell(
      session,
      encodeNotification('notifications/cancelled', { requestId: id, reason: 'The caller went away.' }),
    );
  }

  onOver(): void {
    this.#pending -= 1;
  }

  onNetworkError(code: string): void {
    this.#logger.debug('upstream_network_error', { upstream: this.name, code });
  }

  #earlyOutcome(method: string, signal: CallSignal): Outcome | undefined {
    if (this.#blocked !== undefined) return this.#blocked;
    if (signal.aborted) return abortedOutcome(signal, { method, wasSent: false });
    if (this.#isClosed) return failure('upstream_unreachable');
    return this.#pending >= UPSTREAM_PENDING_MAX ? refusal({ code: 'concurrency_limited' }) : undefined;
  }

  /** The slower way: connects first, and for what may be repeated renews a lost session once. */
  async #requestWithSession(
    method: string,
    params: JsonObject,
    options: UpstreamRequestOptions,
  ): Promise<Outcome> {
    const first = await this.#negotiated(options.signal);
    if (!first.ok) return first.outcome;
    const outcome = await this.#send(first.session, { method, params, options });
    const isLost = first.session.sessionId !== undefined && this.#session !== first.session;
    if (!isLost || method === 'tools/call' || !isRetryOfLostSession(outcome)) return outcome;
    const second = await this.#negotiated(options.signal);
    return second.ok ? this.#send(second.session, { method, params, options }) : second.outcome;
  }

  #send(
    session: Session,
    request: { method: string; params: JsonObject; options: UpstreamRequestOptions },
  ): Promise<Outcome> {
    const { method, options } = request;
    const params = session.hopParams(request.params);
    const id = this.#nextId++;
    const { revision } = session.info;
    const headers =
      session.info.era === 'modern'
        ? modernHeaders(this.#headers, { revision, method, params }, options.headers)
        : legacyHeaders(this.#headers, session);
    const body = encodeRequest(id, method, params);
    const { signal, responseBytesMax } = options;
    return this.#exchange({ id, method, headers, body, signal, responseBytesMax }, (reply, exchange) =>
      this.#readReply(reply, exchange, session),
    );
  }

  #readReply(reply: Reply, exchange: Exchange<Outcome>, session: Session): Outcome {
    if (reply.kind === 'message' && reply.message.kind === 'result') return outcomeOfReply(reply, exchange);
    if (isSessionLost(reply, session)) {
      this.#forget(session);
      return sessionLostOutcome();
    }
    if (isEraLost(reply, session)) this.#forget(session);
    return outcomeOfReply(reply, exchange);
  }

  /** Forgets a session unless another caller has already replaced it. */
  #forget(session: Session): void {
    if (this.#session === session) this.#session = undefined;
  }

  #negotiated(signal: CallSignal): Promise<Negotiated> {
    const early = this.#earlyOutcome('initialize', signal);
    if (early !== undefined) return Promise.resolve({ ok: false, outcome: early });
    if (this.#session !== undefined) return Promise.resolve({ ok: true, session: this.#session });
    return this.#attempt.join(
      () => this.#negotiate(),
      signal,
      () => ({ ok: false, outcome: abortedOutcome(signal, { method: 'initialize', wasSent: false }) }),
    );
  }

  async #negotiate(): Promise<Negotiated> {
    const deadline = new Deadline(this.clock, UPSTREAM_NEGOTIATE_MS);
    const negotiated = await this.#probe(deadline);
    deadline.release();
    if (negotiated.ok && !this.#isClosed) {
      this.#session = negotiated.session;
      const { era, revision } = negotiated.session.info;
      this.#logger.info('upstream_connected', { upstream: this.name, era, revision });
    } else if (!negotiated.ok) {
      const { outcome } = negotiated;
      const code =
        outcome.kind === 'failed' || outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
      this.#logger.warn('upstream_connect_failed', { upstream: this.name, code });
    }
    return negotiated;
  }

  async #probe(signal: CallSignal): Promise<Negotiated> {
    const first = await this.#discover(signal);
    const verdict = first.kind === 'again' ? await this.#discover(signal) : first;
    switch (verdict.kind) {
      case 'modern':
        return { ok: true, session: this.#newSession(verdict.info, undefined) };
      case 'legacy':
        return this.#shakeHands(signal);
      case 'again':
        return { ok: false, outcome: noCommonRevision() };
      case 'failed':
        return { ok: false, outcome: verdict.outcome };
      default:
        return verdict satisfies never;
    }
  }

  async #discover(signal: CallSignal): Promise<DiscoverVerdict> {
    const method = 'server/discover';
    const params = discoverParams(this.#client);
    const revision = LATEST_MODERN_REVISION;
    const headers = modernHeaders(this.#headers, { revision, method, params }, undefined);
    const id = this.#nextId++;
    const body = encodeRequest(id, method, params);
    const message = { id, method, headers, body, signal, responseBytesMax: RESPONSE_BYTES_MAX_DEFAULT };
    return readDiscover(await this.#exchange(message, (reply) => reply));
  }

  async #shakeHands(signal: CallSignal): Promise<Negotiated> {
    const method = 'initialize';
    const id = this.#nextId++;
    const body = encodeRequest(id, method, initializeParams(this.#client));
    const message = {
      id,
      method,
      headers: this.#headers,
      body,
      signal,
      responseBytesMax: RESPONSE_BYTES_MAX_DEFAULT,
    };
    const { reply, sessionId } = await this.#exchange<{ reply: Reply; sessionId: string | undefined }>(
      message,
      (read, exchange) => ({ reply: read, sessionId: exchange.sessionId }),
    );
    const verdict = readInitialize(reply);
    if (!verdict.ok) return verdict;
    const session = this.#newSession(verdict.info, sessionId);
    const confirmed = await this.#notify(session, encodeNotification('notifications/initialized'), signal);
    return confirmed.kind === 'status' && confirmed.status < 400
      ? { ok: true, session }
      : { ok: false, outcome: outcomeOfReply(confirmed, { method, wasSent: true }) };
  }

  #newSession(info: UpstreamInfo, sessionId: string | undefined): Session {
    return { info, sessionId, hopParams: createHopParams(info, this.#client) };
  }

  #notify(session: Session, body: Buffer, signal: CallSignal): Promise<Reply> {
    const headers = legacyHeaders(this.#headers, session);
    const responseBytesMax = RESPONSE_BYTES_MAX_DEFAULT;
    return this.#exchange(
      { id: undefined, method: '', headers, body, signal, responseBytesMax },
      (reply) => reply,
    );
  }

  /** Sends something that nobody waits for, within a bound of its own. */
  #farewell(session: Session, body: Buffer): void {
    if (this.#farewells >= FAREWELLS_MAX || this.#isClosed) return;
    this.#farewells += 1;
    const deadline = new Deadline(this.clock, UPSTREAM_FAREWELL_MS);
    void this.#notify(session, body, deadline).then(() => {
      this.#farewells -= 1;
      deadline.release();
    });
  }

  async #endSession(session: Session): Promise<void> {
    const deadline = new Deadline(this.clock, UPSTREAM_FAREWELL_MS);
    await new Promise<Reply>((resolve) => {
      const spec = {
        id: undefined,
        method: '',
        signal: deadline,
        responseBytesMax: RESPONSE_BYTES_MAX_DEFAULT,
      };
      this.#dispatch(
        { ...spec, host: this, read: (reply) => reply, resolve },
        { method: 'DELETE', headers: legacyHeaders(this.#headers, session), body: null },
      );
    });
    deadline.release();
  }

  #exchange<T>(message: Message, read: ExchangeSpec<T>['read']): Promise<T> {
    const { id, method, signal, responseBytesMax, headers, body } = message;
    return new Promise((resolve) => {
      this.#dispatch(
        { id, method, signal, responseBytesMax, host: this, read, resolve },
        { method: 'POST', headers, body },
      );
    });
  }

  #dispatch<T>(
    spec: ExchangeSpec<T>,
    request: { method: 'POST' | 'DELETE'; headers: readonly string[]; body: Buffer | null },
  ): void {
    this.#pending += 1;
    this.#pool?.dispatch(request, new Exchange(spec));
  }
}

/** What `sessionLostOutcome` made, and nothing else, is repeated with the new session. */
function isRetryOfLostSession(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.refusal.code === 'upstream_unreachable';
}
