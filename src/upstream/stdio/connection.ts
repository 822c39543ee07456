import type { Clock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import {
  RESPONSE_BYTES_MAX_DEFAULT,
  STDIO_DISCARD_BYTES_MAX,
  STDIO_IN_FLIGHT_MAX,
  STDIO_NOISE_LINES_MAX,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { encodeNotification, encodeRequest, scanResponse } from '../../protocol/index.ts';
import type { RequestId } from '../../protocol/index.ts';
import { failedWithoutAnswer, refusal } from '../answer/failures.ts';
import { encodeServerReply } from '../answer/server-reply.ts';
import { Child } from './child.ts';
import type { ChildCommand } from './child.ts';
import { findOwnId } from './find-id.ts';
import { LineReader } from './line-reader.ts';
import { PendingRequest } from './pending-request.ts';
import type { PendingSpec } from './pending-request.ts';
import { createRedactor } from './redact.ts';
import { StderrLog } from './stderr-log.ts';

export interface ConnectionOptions {
  readonly name: string;
  readonly command: ChildCommand;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: readonly string[];
  /** Called once when the child is gone; every request has been settled by then. */
  readonly onDown: () => void;
}

const NEWLINE = Buffer.from('\n');

/** Noise that is written to the log before only its count is kept. */
const NOISE_LINES_LOGGED = 5;
const NOISE_CHARS_LOGGED = 200;
const NOISE_BYTES_READ = 8 * 1024;

/**
 * JSON-RPC with one child process: requests by id, answers in any order. All
 * callers share the child; what one of them gets wrong fails only its own
 * request, as far as the id of an answer can be read at all.
 */
export class StdioConnection {
  readonly #options: ConnectionOptions;
  readonly #child: Child;
  readonly #redact: (text: string) => string;
  readonly #pending = new Map<RequestId, PendingRequest<unknown>>();
  readonly startedMonotonicMs: number;
  #nextId = 1;
  #noiseLines = 0;
  /** A legacy server may ask its client; a modern one must not, and gets no answer. */
  answersServer = true;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.startedMonotonicMs = options.clock.monotonicMs();
    this.#redact = createRedactor(options.secrets);
    const { clock, logger, name: upstream } = options;
    const stderr = new StderrLog({ clock, logger, upstream, redact: this.#redact });
    const lines = new LineReader(
      {
        onLine: (line) => this.#onLine(line),
        onLongLine: (start, end) => this.#onLongLine(start, end),
        onDiscard: (bytes) => this.#onDiscard(bytes),
      },
      () => this.#lineBytesMax(),
    );
    this.#child = new Child(options.command, clock, {
      onStdout: (chunk) => lines.push(chunk),
      onStderr: (chunk) => stderr.push(chunk),
      onDown: (reason) => this.#onDown(reason),
    });
  }

  get isDown(): boolean {
    return this.#child.isDown;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends one request; settles it at once when it cannot be sent. */
  send<T>(
    message: { method: string; params: JsonObject },
    spec: Omit<PendingSpec<T>, 'id' | 'onAbandoned'>,
  ): void {
    const id = this.#nextId++;
    const pending = new PendingRequest<T>({
      ...spec,
      id,
      onAbandoned: (abandoned) => this.#onAbandoned(abandoned),
    });
    // An aborted signal has settled it already.
    if (pending.isSettled) return;
    if (this.#pending.size >= STDIO_IN_FLIGHT_MAX) {
      return pending.settle({ kind: 'failed', outcome: refusal({ code: 'concurrency_limited' }) });
    }
    const isWritten = this.#write(encodeRequest(id, message.method, message.params));
    if (!isWritten) {
      return pending.settle({
        kind: 'failed',
        outcome: failedWithoutAnswer('upstream_unreachable', pending),
      });
    }
    pending.wasSent = true;
    this.#pending.set(id, pending as PendingRequest<unknown>);
  }

  notify(method: string, params?: JsonObject): void {
    this.#write(encodeNotification(method, params));
  }

  kill(reason: string): void {
    this.#child.kill(reason);
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }

  #write(message: Buffer): boolean {
    return this.#child.write(Buffer.concat([message, NEWLINE], message.length + 1));
  }

  #onAbandoned(pending: PendingRequest<unknown>): void {
    this.#pending.delete(pending.id);
    this.notify('notifications/cancelled', { requestId: pending.id, reason: 'The caller went away.' });
  }

  #onLine(line: Buffer): void {
    const message = scanResponse(line);
    switch (message.kind) {
      case 'result':
      case 'error': {
        this.#noiseLines = 0;
        const pending = message.id === undefined ? undefined : this.#take(message.id);
        // Unknown ids are answers that came after their request was given up.
        if (pending === undefined) return;
        if (line.length > pending.responseBytesMax) return pending.fail('response_too_large');
        return pending.settle({ kind: 'message', status: 200, message });
      }
      case 'request':
        this.#noiseLines = 0;
        if (this.answersServer) this.#write(encodeServerReply(message.id, message.method));
        return;
      case 'notification':
        this.#noiseLines = 0;
        return;
      case 'invalid':
        return this.#onNoise(line, message.problem);
      default:
        message satisfies never;
    }
  }

  /** An answer that breaks the protocol fails its request; any other line is a stray print. */
  #onNoise(line: Buffer, problem: string): void {
    const id = findOwnId(line.subarray(0, 512), line.subarray(-512));
    const pending = id === undefined ? undefined : this.#take(id);
    if (pending !== undefined) return pending.fail('upstream_invalid_response');
    this.#noiseLines += 1;
    const { logger, name } = this.#options;
    if (this.#noiseLines <= NOISE_LINES_LOGGED) {
      // Cut after the replacement, or a value at the cut would be shown in part.
      const text = this.#redact(line.toString('utf8', 0, NOISE_BYTES_READ)).slice(0, NOISE_CHARS_LOGGED);
      logger.warn('upstream_stdout_noise', { upstream: name, problem, line: text, count: this.#noiseLines });
    }
    if (this.#noiseLines > STDIO_NOISE_LINES_MAX) this.kill('stdout_noise');
  }

  /** The request of an over-long answer is found by its id; if there is none to be found, no request can go on. */
  #onLongLine(start: Buffer, end: Buffer): void {
    const id = findOwnId(start, end);
    const pending = id === undefined ? undefined : this.#take(id);
    if (pending !== undefined) return pending.fail('response_too_large');
    // The id of a request that was given up meanwhile: its answer is nobody's.
    if (id !== undefined && id < this.#nextId) return;
    this.#failAll('response_too_large');
  }

  #onDiscard(bytes: number): void {
    if (bytes <= STDIO_DISCARD_BYTES_MAX) return;
    this.#failAll('response_too_large');
    this.kill('endless_line');
  }

  #onDown(reason: string): void {
    const { logger, name } = this.#options;
    logger.info('upstream_process_ended', { upstream: name, reason, in_flight: this.#pending.size });
    this.#failAll('upstream_unreachable');
    this.#options.onDown();
  }

  #failAll(code: 'response_too_large' | 'upstream_unreachable'): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.fail(code);
  }

  #take(id: RequestId): PendingRequest<unknown> | undefined {
    const pending = this.#pending.get(id);
    if (pending !== undefined) this.#pending.delete(id);
    return pending;
  }

  /** Whoever of those in flight allows most decides what is held; the others are checked when their line is read. */
  #lineBytesMax(): number {
    let max = 0;
    for (const pending of this.#pending.values()) max = Math.max(max, pending.responseBytesMax);
    return max === 0 ? RESPONSE_BYTES_MAX_DEFAULT : max;
  }
}
