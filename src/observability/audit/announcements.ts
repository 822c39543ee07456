import type { CancelTimer, Clock } from '../../platform/clock.ts';
import {
  AUDIT_ABANDON_GRACE_MS,
  AUDIT_BATCH_RECORDS_MAX,
  AUDIT_REAP_INTERVAL_MS,
  AUDIT_RECOVERY_INTERVAL_MS,
  DATABASE_WAITING_MAX,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AuditIntent } from './record.ts';

/** Announced calls in the database, for the durability `database`. All reject when it cannot be asked. */
export interface IntentStore {
  /** Commits all of them. One that is there already is skipped. */
  announce(intents: readonly AuditIntent[]): Promise<void>;
  /** Forgets those whose rows are written. */
  clear(callIds: readonly string[]): Promise<void>;
  /** Turns those whose deadline is before the instant (epoch milliseconds) into abandoned rows, once across replicas; returns how many. */
  abandonOverdue(deadlineBeforeMs: number): Promise<number>;
}

export interface AnnouncementsOptions {
  readonly store: IntentStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Calls are announced here. False: only what an earlier configuration has left is reaped. */
  readonly isInUse: boolean;
}

interface Waiting {
  readonly intent: AuditIntent;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Announces calls in the database before they are made. While one batch is
 * committed the next one gathers, so that a commit serves every call that
 * waits and not one; a call alone waits for nobody.
 */
export class Announcements {
  readonly #options: AnnouncementsOptions;
  #waiting: Waiting[] = [];
  #isCommitting = false;
  #cancelReaper: CancelTimer = () => {};
  #isClosed = false;

  constructor(options: AnnouncementsOptions) {
    this.#options = options;
  }

  /** Starts to look for calls that no process ends any more. */
  start(): void {
    const { clock, isInUse } = this.#options;
    this.#cancelReaper = clock.after(isInUse ? AUDIT_REAP_INTERVAL_MS : AUDIT_RECOVERY_INTERVAL_MS, () => {
      if (this.#isClosed) return;
      this.start();
      void this.reap();
    });
  }

  /** Resolves when the announcement is committed; rejects when it is not, and then the call must not be made. */
  announce(intent: AuditIntent): Promise<void> {
    if (this.#waiting.length >= DATABASE_WAITING_MAX) {
      return Promise.reject(new Error('too many calls wait to be announced in the database'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ intent, resolve, reject });
      if (!this.#isCommitting) void this.#commitAll();
    });
  }

  /** Ends calls that are overdue as abandoned. Never rejects. */
  async reap(): Promise<void> {
    const { store, clock, logger } = this.#options;
    try {
      const count = await store.abandonOverdue(clock.nowMs() - AUDIT_ABANDON_GRACE_MS);
      if (count > 0) logger.warn('audit_calls_abandoned', { count });
    } catch (error) {
      logger.debug('audit_reaper_failed', { message: (error as Error).message });
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelReaper();
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, AUDIT_BATCH_RECORDS_MAX);
      try {
        await this.#options.store.announce(batch.map(({ intent }) => intent));
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#isCommitting = false;
  }
}
