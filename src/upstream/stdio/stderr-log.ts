import type { Clock } from '../../platform/clock.ts';
import { STDIO_STDERR_LINES_PER_SECOND_MAX } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { LineReader } from './line-reader.ts';

/** Longest stderr line that is kept; the logger cuts it further. */
const LINE_BYTES_MAX = 4 * 1024;

export interface StderrLogOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly upstream: string;
  readonly redact: (text: string) => string;
}

/**
 * Passes what a child writes to stderr on to the log, line by line, at a
 * bounded rate. It is always read, or a talkative child would block on a full
 * pipe. What is left out is counted.
 */
export class StderrLog {
  readonly #options: StderrLogOptions;
  readonly #reader: LineReader;
  #windowStartMs = 0;
  #linesInWindow = 0;
  #dropped = 0;

  constructor(options: StderrLogOptions) {
    this.#options = options;
    this.#reader = new LineReader(
      {
        onLine: (line) => this.#log(line),
        onLongLine: (start) => this.#log(start),
        onDiscard: () => {},
      },
      () => LINE_BYTES_MAX,
    );
  }

  push(chunk: Buffer): void {
    this.#reader.push(chunk);
  }

  #log(line: Buffer): void {
    const now = this.#options.clock.monotonicMs();
    if (now - this.#windowStartMs >= 1_000) {
      this.#windowStartMs = now;
      this.#linesInWindow = 0;
    }
    this.#linesInWindow += 1;
    if (this.#linesInWindow > STDIO_STDERR_LINES_PER_SECOND_MAX) {
      this.#dropped += 1;
      return;
    }
    const { logger, upstream, redact } = this.#options;
    logger.info('upstream_stderr', {
      upstream,
      line: redact(line.toString('utf8')),
      ...(this.#dropped === 0 ? {} : { dropped_lines: this.#dropped }),
    });
    this.#dropped = 0;
  }
}
