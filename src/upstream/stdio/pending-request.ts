import { abortedOutcome, failedWithoutAnswer } from '../answer/failures.ts';
import type { RequestFacts } from '../answer/failures.ts';
import type { Reply } from '../answer/reply.ts';
import type { CallSignal } from '../upstream.ts';

export interface PendingSpec<T> {
  readonly id: number;
  readonly method: string;
  readonly signal: CallSignal;
  readonly responseBytesMax: number;
  /** Turns the reply into what the promise of the request resolves to. */
  readonly read: (reply: Reply, request: RequestFacts) => T;
  readonly resolve: (value: T) => void;
  /** The caller gave up after the request was sent. */
  readonly onAbandoned: (request: PendingRequest<unknown>) => void;
}

/** One request to a child: settled once, by its answer, by the end of the child or by the caller's signal. */
export class PendingRequest<T> implements RequestFacts {
  readonly #spec: PendingSpec<T>;
  #withdrawSignal: () => void = noop;
  #isSettled = false;
  /** Bytes of the request may have reached the child. */
  wasSent = false;

  constructor(spec: PendingSpec<T>) {
    this.#spec = spec;
    const withdraw = spec.signal.onAbort(() => {
      this.#onAbort();
    });
    if (!this.#isSettled) this.#withdrawSignal = withdraw;
  }

  get id(): number {
    return this.#spec.id;
  }

  get method(): string {
    return this.#spec.method;
  }

  get responseBytesMax(): number {
    return this.#spec.responseBytesMax;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  settle(reply: Reply): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#withdrawSignal();
    const { read, resolve } = this.#spec;
    resolve(read(reply, this));
  }

  fail(code: 'response_too_large' | 'upstream_invalid_response' | 'upstream_unreachable'): void {
    this.settle({ kind: 'failed', outcome: failedWithoutAnswer(code, this) });
  }

  #onAbort(): void {
    if (this.#isSettled) return;
    this.settle({ kind: 'failed', outcome: abortedOutcome(this.#spec.signal, this) });
    if (this.wasSent) this.#spec.onAbandoned(this as PendingRequest<unknown>);
  }
}

function noop(): void {}
