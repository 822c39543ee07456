import { abortedOutcome, refused, type Call, type Outcome } from '../../pipeline/index.ts';
import type { CancelTimer } from '../../platform/clock.ts';
import {
  HANDLER_ABORT_GRACE_MS,
  HANDLERS_ABANDONED_MAX,
  OVERLOADED_RETRY_MS,
} from '../../platform/limits.ts';
import { CallContext } from '../handler-context.ts';
import type { HandlerPorts } from '../server-options.ts';

export interface RunRequest {
  /** Name for log lines. */
  readonly name: string;
  readonly work: (ctx: CallContext) => Promise<Outcome>;
  /**
   * The work goes on when its caller leaves, until its own deadline: whoever
   * repeats the call with the same key gets its outcome.
   */
  readonly outlivesCaller?: boolean;
}

/**
 * Runs handlers so that a call always ends. A handler is told to stop through
 * its signal; one that does not listen goes on alone, and the call is answered
 * without it. Those that go on are counted, and too many of them close the
 * door, because each holds memory that no other bound sees.
 */
export class HandlerRunner {
  readonly #ports: HandlerPorts;
  readonly #abandonedMax: number;
  #abandoned = 0;

  constructor(ports: HandlerPorts, abandonedMax: number = HANDLERS_ABANDONED_MAX) {
    this.#ports = ports;
    this.#abandonedMax = abandonedMax;
  }

  /** Handlers that still run although their calls are over. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** Starts the work and waits for it as long as the call lives. */
  run(call: Call, request: RunRequest): Promise<Outcome> {
    if (this.#abandoned >= this.#abandonedMax) {
      return Promise.resolve(refused({ code: 'overloaded', retryAfterMs: OVERLOADED_RETRY_MS }));
    }
    const ctx = new CallContext(call, request.name, this.#ports);
    let work: Promise<Outcome>;
    try {
      work = request.work(ctx);
    } catch (error) {
      work = Promise.reject(asError(error));
    }
    return this.#wait(call, work, () => this.#stop(call, ctx, request.outlivesCaller === true));
  }

  /** Waits for work that another call has started; leaves it to that one when this call is aborted. */
  join(call: Call, work: Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const withdraw = call.onAbort(() => {
        resolve(abortedOutcome(call));
      });
      work.then(
        (outcome) => {
          withdraw();
          resolve(outcome);
        },
        (error: unknown) => {
          withdraw();
          reject(asError(error));
        },
      );
    });
  }

  /** Ends the handler of an aborted call; returns a timer to cancel once it has ended. */
  #stop(call: Call, ctx: CallContext, outlivesCaller: boolean): CancelTimer | undefined {
    if (outlivesCaller && call.abortCause === 'caller') {
      return this.#ports.clock.after(call.target.limits.timeoutMs, () => {
        ctx.abort();
      });
    }
    ctx.abort();
    return undefined;
  }

  #wait(call: Call, work: Promise<Outcome>, stop: () => CancelTimer | undefined): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let cancelGrace: CancelTimer | undefined;
      let cancelStop: CancelTimer | undefined;
      let isAbandoned = false;
      const withdraw = call.onAbort(() => {
        cancelStop = stop();
        cancelGrace = this.#ports.clock.after(HANDLER_ABORT_GRACE_MS, () => {
          isAbandoned = true;
          this.#abandoned += 1;
          resolve(abortedOutcome(call));
        });
      });
      const end = (): void => {
        withdraw();
        cancelGrace?.();
        cancelStop?.();
        if (isAbandoned) this.#abandoned -= 1;
      };
      work.then(
        (outcome) => {
          end();
          resolve(outcome);
        },
        (error: unknown) => {
          end();
          // What a handler throws because it was told to stop is no fault of it.
          if (call.aborted) resolve(abortedOutcome(call));
          else reject(asError(error));
        },
      );
    });
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the handler threw something that is no error');
}
