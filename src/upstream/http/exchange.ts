import type { Clock } from '../../platform/clock.ts';
import {
  UPSTREAM_ERROR_BODY_BYTES_MAX,
  UPSTREAM_LINGER_MS,
  UPSTREAM_REPLIES_MAX,
} from '../../platform/limits.ts';
import { createSseParser, scanResponse } from '../../protocol/index.ts';
import type { RequestId, ScannedMessage, SseParser } from '../../protocol/index.ts';
import { abortedOutcome, failedWithoutAnswer } from '../answer/failures.ts';
import type { RequestFacts } from '../answer/failures.ts';
import type { Reply } from '../answer/reply.ts';
import type { EgressController, EgressHandler, ResponseHeaders } from '../egress/index.ts';
import type { CallSignal } from '../upstream.ts';
import { networkOutcome } from './network-outcome.ts';
import { bodyKind, contentLength, isEncoded, retryAfterMs, sessionId } from './response-headers.ts';

/** What the upstream does for its exchanges. */
export interface ExchangeHost {
  readonly clock: Clock;
  /** The server asked something of its client while it was answering. */
  onServerRequest(id: RequestId, method: string): void;
  /** The caller gave up after the request was sent. */
  onAbandoned(id: number): void;
  /** The exchange holds no socket any more. */
  onOver(): void;
  /** Code of a transport error, for the log. */
  onNetworkError(code: string): void;
}

export interface ExchangeSpec<T> {
  /** JSON-RPC id that the answer must carry; undefined for a notification, whose answer is only a status. */
  readonly id: number | undefined;
  readonly method: string;
  readonly signal: CallSignal;
  readonly responseBytesMax: number;
  readonly host: ExchangeHost;
  /** Turns the reply into what the promise of the request resolves to. */
  readonly read: (reply: Reply, exchange: Exchange<T>) => T;
  readonly resolve: (value: T) => void;
}

type Reading = 'head' | 'json' | 'error-json' | 'sse' | 'nothing';

/** Makes the HTTP client destroy the socket; nobody reads it. */
const ABANDONED = new Error('the exchange was abandoned');

/**
 * One HTTP exchange, from the queue to the end of its socket's use. It is
 * settled once, by the answer, by a problem or by the caller's signal, and
 * over once, when the HTTP client lets go of it; the second may come later, because a
 * stream can go on after the answer.
 */
export class Exchange<T> implements EgressHandler, RequestFacts {
  readonly #spec: ExchangeSpec<T>;
  #withdrawSignal: () => void = noop;
  #controller: EgressController | undefined;
  #reading: Reading = 'head';
  #status = 0;
  #retryAfterMs: number | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #sse: SseParser | undefined;
  #serverRequests = 0;
  #isSettled = false;
  #isOver = false;
  #cancelLinger: (() => void) | undefined;
  /** Bytes of the request may have left. */
  wasSent = false;
  /** `Mcp-Session-Id` of the answer. */
  sessionId: string | undefined;

  constructor(spec: ExchangeSpec<T>) {
    this.#spec = spec;
    this.#withdrawSignal = spec.signal.onAbort(() => {
      this.#onAbort();
    });
  }

  get method(): string {
    return this.#spec.method;
  }

  onRequestStart(controller: EgressController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(ABANDONED);
    else this.wasSent = true;
  }

  onResponseStart(_controller: EgressController, status: number, headers: ResponseHeaders): void {
    // Informational answers announce nothing, and do not extend the deadline either.
    if (status < 200 || this.#isSettled) return;
    this.#status = status;
    this.sessionId = sessionId(headers);
    if (status === 429) this.#retryAfterMs = retryAfterMs(headers, this.#spec.host.clock.nowMs());
    this.#reading = this.#chooseReading(headers);
    if (this.#reading === 'sse') this.#sse = createSseParser({ eventBytesMax: this.#spec.responseBytesMax });
    if (this.#reading === 'nothing') {
      this.#settle(this.#statusReply());
      this.#linger();
    }
  }

  onResponseData(controller: EgressController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#isSettled) {
      // The rest of an answer that nobody waits for: a short one leaves the socket usable.
      if (this.#bytes > UPSTREAM_ERROR_BODY_BYTES_MAX) controller.abort(ABANDONED);
    } else if (this.#reading === 'error-json' && this.#bytes > UPSTREAM_ERROR_BODY_BYTES_MAX) {
      this.#settle(this.#statusReply());
      controller.abort(ABANDONED);
    } else if (this.#bytes > this.#spec.responseBytesMax) {
      this.#giveUp('response_too_large');
    } else if (this.#reading === 'sse') {
      this.#readEvents(chunk);
    } else {
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    if (!this.#isSettled) this.#settle(this.#reading === 'sse' ? this.#invalid() : this.#readBody());
    this.#end();
  }

  onResponseError(_controller: EgressController | undefined, error: Error): void {
    if (!this.#isSettled) {
      const progress = this.#status > 0 ? 'answering' : this.wasSent ? 'sent' : 'not_sent';
      const { outcome, code } = networkOutcome(error, progress, this);
      this.#spec.host.onNetworkError(code);
      this.#settle({ kind: 'failed', outcome });
    }
    this.#end();
  }

  /** Which body is worth reading. Settles the exchange when the head alone shows that none is. */
  #chooseReading(headers: ResponseHeaders): Reading {
    const status = this.#status;
    if (this.#spec.id === undefined) return 'nothing';
    const kind = isEncoded(headers) ? 'other' : bodyKind(headers);
    if (status === 200) {
      const isTooLarge = (contentLength(headers) ?? 0) > this.#spec.responseBytesMax;
      if (kind !== 'other' && !isTooLarge) return kind;
      this.#giveUp(isTooLarge ? 'response_too_large' : 'upstream_invalid_response');
      return 'nothing';
    }
    const mayHoldError = status >= 400 && status !== 401 && status !== 403 && status !== 429;
    return mayHoldError && kind === 'json' ? 'error-json' : 'nothing';
  }

  #readBody(): Reply {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [];
    const message = bytes === undefined ? undefined : scanResponse(bytes);
    if (message?.kind === 'result' && this.#status === 200 && message.id === this.#spec.id) {
      return { kind: 'message', status: 200, message };
    }
    if (message?.kind === 'error' && this.#isErrorForUs(message.id)) {
      return { kind: 'message', status: this.#status, message };
    }
    return this.#status === 200 ? this.#invalid() : this.#statusReply();
  }

  /**
   * A server that refuses a request with 4xx often could not read its id, and
   * one POST carries one request, so an absent id means ours there. A 5xx may
   * come from a proxy: only our own id proves that the server answered.
   */
  #isErrorForUs(id: RequestId | undefined): boolean {
    if (id !== undefined) return id === this.#spec.id;
    return this.#status >= 400 && this.#status < 500 && this.#status !== 408;
  }

  #readEvents(chunk: Buffer): void {
    const feed = this.#sse?.feed(chunk);
    if (feed?.ok === false) return this.#giveUp('response_too_large');
    for (const event of feed?.events ?? []) {
      // The first answer counts; what follows it is nobody's.
      if (this.#isSettled) break;
      this.#readEvent(scanResponse(event));
    }
    if (this.#isSettled) this.#linger();
  }

  #readEvent(message: ScannedMessage): void {
    switch (message.kind) {
      case 'notification':
        return;
      case 'request':
        this.#serverRequests += 1;
        if (this.#serverRequests <= UPSTREAM_REPLIES_MAX) {
          this.#spec.host.onServerRequest(message.id, message.method);
        }
        return;
      case 'result':
      case 'error':
        // An answer that is not ours cannot be followed by one that is: a stream carries one request.
        this.#settle(
          message.id === this.#spec.id ? { kind: 'message', status: 200, message } : this.#invalid(),
        );
        return;
      case 'invalid':
        this.#settle(this.#invalid());
        return;
      default:
        message satisfies never;
    }
  }

  /** A stream ends with its final response; one that does not is cut, but the socket of one that does is kept. */
  #linger(): void {
    this.#sse = undefined;
    this.#bytes = 0;
    this.#cancelLinger ??= this.#spec.host.clock.after(UPSTREAM_LINGER_MS, () => {
      this.#controller?.abort(ABANDONED);
    });
  }

  #onAbort(): void {
    if (this.#isSettled) return;
    this.#settle({ kind: 'failed', outcome: abortedOutcome(this.#spec.signal, this) });
    this.#controller?.abort(ABANDONED);
    if (this.wasSent && this.#spec.id !== undefined) this.#spec.host.onAbandoned(this.#spec.id);
  }

  #giveUp(code: 'response_too_large' | 'upstream_invalid_response'): void {
    this.#settle({ kind: 'failed', outcome: failedWithoutAnswer(code, this) });
    this.#controller?.abort(ABANDONED);
  }

  #invalid(): Reply {
    return { kind: 'failed', outcome: failedWithoutAnswer('upstream_invalid_response', this) };
  }

  #statusReply(): Reply {
    return { kind: 'status', status: this.#status, retryAfterMs: this.#retryAfterMs };
  }

  #settle(reply: Reply): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#chunks = [];
    this.#withdrawSignal();
    const { read, resolve } = this.#spec;
    resolve(read(reply, this));
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelLinger?.();
    this.#spec.host.onOver();
  }
}

function noop(): void {}
