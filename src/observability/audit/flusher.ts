import type { CancelTimer, Clock } from '../../platform/clock.ts';
import {
  AUDIT_ABANDON_GRACE_MS,
  AUDIT_BATCH_RECORDS_MAX,
  AUDIT_FLUSH_INTERVAL_MS,
  AUDIT_REAP_INTERVAL_MS,
  AUDIT_RECOVERY_INTERVAL_MS,
  AUDIT_RETRY_MS_MAX,
  AUDIT_RETRY_MS_MIN,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { type DrainOptions, insertAll } from './drain.ts';
import type { AuditJournal } from './journal.ts';
import { readBatches, recoverJournal } from './recovery.ts';
import type { Segment } from './segment.ts';
import type { AuditStore } from './store.ts';

export interface FlusherOptions {
  readonly journal: AuditJournal;
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Moves finished calls from the journal to the database: in batches, about
 * four times a second, and with growing pauses while the database is away. The
 * journal keeps what has not arrived, across restarts too.
 */
export class AuditFlusher {
  readonly #options: FlusherOptions;
  readonly #drain: DrainOptions;
  #pumping: Promise<void> | undefined;
  #recovering: Promise<void> | undefined;
  #retryMs = AUDIT_RETRY_MS_MIN;
  #pausedUntilMs = 0;
  readonly #timers = new Map<string, CancelTimer>();
  #isClosed = false;

  constructor(options: FlusherOptions) {
    this.#options = options;
    this.#drain = { store: options.store, logger: options.logger, folder: options.journal.folder };
  }

  /**
   * Takes over what dead processes left, then moves records until `close`. A
   * database that is away does not fail the start: the journal holds.
   */
  async start(): Promise<void> {
    this.#options.journal.onFinished(AUDIT_BATCH_RECORDS_MAX, () => void this.#pumpQuietly());
    this.#every('flush', AUDIT_FLUSH_INTERVAL_MS, () => void this.#pumpQuietly());
    this.#every('reap', AUDIT_REAP_INTERVAL_MS, () => this.#reap());
    // Later too: other processes that write into this folder may die while this one runs.
    this.#every('recover', AUDIT_RECOVERY_INTERVAL_MS, () => void this.#recoverQuietly());
    await this.#recoverQuietly();
  }

  /** Moves everything that has finished by now. Rejects when the database cannot take it; nothing is lost then. */
  async flush(): Promise<void> {
    this.#options.journal.writePending();
    // A pump under way may have taken its last look before the newest record.
    await this.#pumping?.catch(() => undefined);
    await this.#pump();
  }

  /**
   * Stops. Calls that are still open are abandoned, and everything is moved if
   * the database takes it; if not, the files stay for the next start.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    await this.#recovering;
    this.#options.journal.abandonOverdue(Number.POSITIVE_INFINITY);
    try {
      await this.flush();
    } catch (error) {
      this.#options.logger.warn('audit_left_in_journal', {
        message: (error as Error).message,
        backlog_bytes: this.#options.journal.backlogBytes,
      });
    }
  }

  #every(name: string, intervalMs: number, fn: () => void): void {
    this.#timers.set(
      name,
      this.#options.clock.after(intervalMs, () => {
        this.#every(name, intervalMs, fn);
        fn();
      }),
    );
  }

  #reap(): void {
    const { journal, clock, logger } = this.#options;
    const count = journal.abandonOverdue(clock.nowMs() - AUDIT_ABANDON_GRACE_MS);
    if (count > 0) logger.warn('audit_calls_abandoned', { count });
  }

  async #pumpQuietly(): Promise<void> {
    const { clock, logger, journal } = this.#options;
    if (this.#isClosed || clock.monotonicMs() < this.#pausedUntilMs) return;
    try {
      await this.#pump();
      this.#retryMs = AUDIT_RETRY_MS_MIN;
    } catch (error) {
      this.#pausedUntilMs = clock.monotonicMs() + this.#retryMs;
      logger.warn('audit_flush_failed', {
        message: (error as Error).message,
        retry_ms: this.#retryMs,
        backlog_bytes: journal.backlogBytes,
      });
      this.#retryMs = Math.min(this.#retryMs * 2, AUDIT_RETRY_MS_MAX);
    }
  }

  #pump(): Promise<void> {
    this.#pumping ??= this.#moveAll().finally(() => {
      this.#pumping = undefined;
    });
    return this.#pumping;
  }

  async #moveAll(): Promise<void> {
    const { journal } = this.#options;
    for (;;) {
      const calls = journal.takeFinished(AUDIT_BATCH_RECORDS_MAX);
      if (calls.length > 0) {
        try {
          await insertAll(
            calls.map(({ record }) => record),
            this.#drain,
          );
        } catch (error) {
          journal.giveBack(calls);
          throw error;
        }
        journal.confirm(calls);
        // What has finished during a batch that was not full waits for the next turn. Under load there is always
        // something, and going on at once would make a transaction of every few rows: three times the cost of a row.
        if (calls.length === AUDIT_BATCH_RECORDS_MAX) continue;
      }
      const spilled = journal.nextSpilled();
      if (spilled === undefined) return;
      await this.#moveSpilled(spilled);
    }
  }

  /** Reads back what memory could not hold. Records that had been held are in the database already and are skipped there. */
  async #moveSpilled(segment: Segment): Promise<void> {
    for await (const { lines } of readBatches(segment.path)) {
      const records = lines.flatMap((line) => (line.kind === 'record' ? [line.record] : []));
      await insertAll(records, this.#drain);
    }
    this.#options.journal.confirmSpilled(segment);
  }

  #recoverQuietly(): Promise<void> {
    this.#recovering ??= this.#recover().finally(() => {
      this.#recovering = undefined;
    });
    return this.#recovering;
  }

  async #recover(): Promise<void> {
    const { journal, clock, logger } = this.#options;
    try {
      const report = await recoverJournal({
        ...this.#drain,
        clock,
        ownNonce: journal.owner.nonce,
        onRemoved: (bytes) => journal.foreignRemoved(bytes),
      });
      if (report.processes > 0) {
        logger.info('audit_recovered', {
          processes: report.processes,
          records: report.records,
          abandoned: report.abandoned,
          torn_lines: report.tornLines,
        });
      }
    } catch (error) {
      logger.warn('audit_recovery_failed', { message: (error as Error).message });
    }
  }
}
