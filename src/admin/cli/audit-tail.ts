import { holdProcessOpen, sleep, systemClock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import { CLI_TAIL_CALLS_MAX, CLI_TAIL_OVERLAP_MS, CLI_TAIL_POLL_MS } from '../../platform/limits.ts';
import { type ApiClient, CliFailure } from './api-client.ts';
import { CALL_COLUMNS, callQuery, callsPath, type SearchFlags } from './audit.ts';
import { EXIT } from './exit-codes.ts';
import { renderRow } from './print-table.ts';
import { print, runCommand } from './run-command.ts';
import { waitForStop } from './wait-for-stop.ts';
import { memberText } from './member.ts';

/** Widths of the columns: rows still to come cannot be measured. */
const WIDTHS = [24, 12, 20, 32, 8, 8, 36];

/** `breakwater audit tail`: the last calls, then each further one as it ends, until a signal. */
export function tailAudit(flags: SearchFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const tail = new Tail(client, await callsPath(client, flags), flags);
    const release = holdProcessOpen();
    let isOver = false;
    const stop = waitForStop().then(() => {
      isOver = true;
    });
    const last = (await tail.next()).slice(-flags.limit);
    await show(flags, last);
    while (!isOver) {
      await Promise.race([stop, sleep(systemClock, CLI_TAIL_POLL_MS)]);
      if (isOver) break;
      try {
        await show(flags, await tail.next());
      } catch (error) {
        // A gateway that restarts comes back; a token that was revoked does not.
        if (!(error instanceof CliFailure) || error.exitCode !== EXIT.unreachable) throw error;
      }
    }
    release();
  });
}

async function show(flags: SearchFlags, calls: readonly JsonObject[]): Promise<void> {
  for (const call of calls) {
    await print(flags.json === true ? `${JSON.stringify(call)}\n` : renderRow(CALL_COLUMNS, call, WIDTHS));
  }
}

/**
 * Finds the calls that were not there before. A call is recorded when it ends
 * and stands where it began, so each look goes back behind the newest one by
 * as long as a call can last, and leaves out what it has shown.
 */
class Tail {
  readonly #client: ApiClient;
  readonly #path: string;
  readonly #query: Record<string, string | undefined>;
  /** Call ids with the instant of their start, in order of arrival. */
  readonly #seen = new Map<string, number>();
  #newestMs = systemClock.nowMs();

  constructor(client: ApiClient, path: string, flags: SearchFlags) {
    this.#client = client;
    this.#path = path;
    this.#query = callQuery(flags);
  }

  async next(): Promise<JsonObject[]> {
    const fromMs = this.#newestMs - CLI_TAIL_OVERLAP_MS;
    const query = { ...this.#query, from: new Date(fromMs).toISOString(), order: 'oldest' };
    const calls = await this.#client.list({ path: this.#path, query }, CLI_TAIL_CALLS_MAX);
    const fresh = calls.filter((call) => !this.#seen.has(memberText(call, 'call_id')));
    for (const call of fresh) {
      const startedAtMs = Date.parse(memberText(call, 'started_at'));
      this.#seen.set(memberText(call, 'call_id'), startedAtMs);
      this.#newestMs = Math.max(this.#newestMs, startedAtMs);
    }
    for (const [id, startedAtMs] of this.#seen) if (startedAtMs < fromMs) this.#seen.delete(id);
    return fresh;
  }
}
