import type { Outcome } from '../../pipeline/outcome.ts';
import type { Clock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { Logger } from '../../platform/logger.ts';
import { abortedOutcome, failure } from '../answer/failures.ts';
import { outcomeOfReply } from '../answer/map-reply.ts';
import { createHopParams } from '../answer/session.ts';
import type { ClientInfo, HopParams } from '../answer/session.ts';
import { SharedAttempt } from '../answer/shared-attempt.ts';
import type { CallSignal, Upstream, UpstreamInfo, UpstreamRequestOptions } from '../upstream.ts';
import type { ChildCommand } from './child.ts';
import { StdioConnection } from './connection.ts';
import { negotiateStdio } from './negotiate-stdio.ts';
import { RestartPolicy } from './restart-policy.ts';

type Connected = { ok: true; info: UpstreamInfo } | { ok: false; outcome: Outcome };

export interface StdioUpstreamParts {
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly client: ClientInfo;
  readonly command: ChildCommand;
  /** Values of the child's environment that must not be logged. */
  readonly secrets: readonly string[];
}

/** A negotiated child. */
interface Live {
  readonly connection: StdioConnection;
  readonly info: UpstreamInfo;
  readonly hopParams: HopParams;
}

/**
 * An MCP server that runs as a child process and speaks over its stdin and
 * stdout. It is started by the first request, and after a crash by the next
 * one, no sooner than the restart policy allows.
 */
export class StdioUpstream implements Upstream {
  readonly name: string;
  readonly #parts: StdioUpstreamParts;
  readonly #attempt = new SharedAttempt<Connected>();
  readonly #restarts = new RestartPolicy();
  #live: Live | undefined;
  /** The child that runs, negotiated or not. */
  #connection: StdioConnection | undefined;
  /** What the last child taught about the probe; undefined before the first. */
  #skipsProbe = false;
  #isClosed = false;

  constructor(parts: StdioUpstreamParts) {
    this.name = parts.name;
    this.#parts = parts;
  }

  get info(): UpstreamInfo | undefined {
    return this.#live?.info;
  }

  connect(signal: CallSignal): Promise<Connected> {
    if (signal.aborted) return Promise.resolve(this.#left(signal));
    if (this.#live !== undefined) return Promise.resolve({ ok: true, info: this.#live.info });
    if (this.#isClosed) return Promise.resolve({ ok: false, outcome: failure('upstream_unreachable') });
    const waitMs = this.#attempt.isRunning ? 0 : this.#restarts.waitMs(this.#parts.clock.monotonicMs());
    if (waitMs > 0) {
      return Promise.resolve({
        ok: false,
        outcome: failure('upstream_unreachable', { retryAfterMs: waitMs }),
      });
    }
    return this.#attempt.join(
      () => this.#start(),
      signal,
      () => this.#left(signal),
    );
  }

  request(method: string, params: JsonObject, options: UpstreamRequestOptions): Promise<Outcome> {
    const live = this.#live;
    return live === undefined
      ? this.#connectAndSend(method, params, options)
      : this.#send(live, { method, params, options });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#live = undefined;
    await this.#connection?.stop();
  }

  async #connectAndSend(
    method: string,
    params: JsonObject,
    options: UpstreamRequestOptions,
  ): Promise<Outcome> {
    const connected = await this.connect(options.signal);
    if (!connected.ok) return connected.outcome;
    const live = this.#live;
    return live === undefined
      ? failure('upstream_unreachable')
      : this.#send(live, { method, params, options });
  }

  #send(
    live: Live,
    request: { method: string; params: JsonObject; options: UpstreamRequestOptions },
  ): Promise<Outcome> {
    const { method, options } = request;
    const params = live.hopParams(request.params);
    const { signal, responseBytesMax } = options;
    return new Promise((resolve) => {
      live.connection.send(
        { method, params },
        { method, signal, responseBytesMax, read: outcomeOfReply, resolve },
      );
    });
  }

  #left(signal: CallSignal): Connected {
    return { ok: false, outcome: abortedOutcome(signal, { method: 'initialize', wasSent: false }) };
  }

  /** Starts and negotiates a child; a second one when the first died from the probe. */
  async #start(): Promise<Connected> {
    const { clock, client, logger } = this.#parts;
    let connection = this.#spawn();
    let verdict = await negotiateStdio(connection, { clock, client, skipsProbe: this.#skipsProbe });
    if ('diedFromProbe' in verdict && !this.#isClosed) {
      connection = this.#spawn();
      verdict = await negotiateStdio(connection, { clock, client, skipsProbe: true });
      this.#skipsProbe = verdict.ok;
    }
    if (verdict.ok && !connection.isDown && !this.#isClosed) {
      const { info } = verdict;
      connection.answersServer = info.era === 'legacy';
      this.#skipsProbe = info.era === 'legacy';
      this.#live = { connection, info, hopParams: createHopParams(info, client) };
      logger.info('upstream_connected', { upstream: this.name, era: info.era, revision: info.revision });
      return { ok: true, info };
    }
    if (!verdict.ok) this.#skipsProbe = false;
    this.#restarts.onEnd(clock.monotonicMs(), connection.startedMonotonicMs);
    connection.kill('not_connected');
    const outcome = 'outcome' in verdict ? verdict.outcome : failure('upstream_unreachable');
    const code = outcome.kind === 'failed' ? outcome.refusal.code : outcome.kind;
    logger.warn('upstream_connect_failed', { upstream: this.name, code });
    return { ok: false, outcome };
  }

  #spawn(): StdioConnection {
    const { name, command, clock, logger, secrets } = this.#parts;
    const connection: StdioConnection = new StdioConnection({
      name,
      command,
      clock,
      logger,
      secrets,
      onDown: () => this.#onDown(connection),
    });
    this.#connection = connection;
    return connection;
  }

  #onDown(connection: StdioConnection): void {
    if (this.#connection === connection) this.#connection = undefined;
    // A child that never became live is counted where its start failed.
    if (this.#live?.connection !== connection) return;
    this.#live = undefined;
    if (!this.#isClosed) this.#restarts.onEnd(this.#parts.clock.monotonicMs(), connection.startedMonotonicMs);
  }
}
