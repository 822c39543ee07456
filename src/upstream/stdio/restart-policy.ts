import { STDIO_BACKOFF_MS_MAX, STDIO_BACKOFF_MS_MIN, STDIO_HEALTHY_MS } from '../../platform/limits.ts';

/**
 * When a child that ended by itself may be started again: after one second,
 * doubling up to a minute, and from the start again once a child has lived for
 * a minute. Without it a command that fails at once would be a fork storm as
 * fast as callers can call.
 */
export class RestartPolicy {
  #crashes = 0;
  #notBeforeMs = 0;

  /** Notes an end that nobody asked for. */
  onEnd(nowMs: number, startedMs: number): void {
    if (nowMs - startedMs >= STDIO_HEALTHY_MS) this.#crashes = 0;
    const pauseMs = Math.min(STDIO_BACKOFF_MS_MIN * 2 ** this.#crashes, STDIO_BACKOFF_MS_MAX);
    // Beyond this the pause no longer grows, so counting on would only overflow.
    this.#crashes = Math.min(this.#crashes + 1, 16);
    this.#notBeforeMs = nowMs + pauseMs;
  }

  /** Milliseconds until a start is allowed; 0: now. */
  waitMs(nowMs: number): number {
    return Math.max(0, Math.ceil(this.#notBeforeMs - nowMs));
  }
}
