import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { openStorage } from '../../src/storage/index.ts';
import {
  answerPreliminaries,
  answerResult,
  type Cleanup,
  gatewayConfig,
  type GatewayProcess,
  modernRequest,
  rawUpstream,
  startGateway,
} from '../support/index.ts';
import { type AuditEntry, type ClientEntry, reconcile, type Reconciliation } from './reconcile.ts';

/** Which moment of some call the gateway is killed at, as far as it can be seen from outside. */
export const KILL_MOMENTS = [
  /** The request is on its way in: authentication, checks, the announcement. */
  'sent by the client',
  /** The upstream has it and works. */
  'received by the upstream',
  /** The answer is on its way through the gateway: outcome not written, or written and not answered. */
  'answered by the upstream',
  /** The client reads the answer; others are anywhere. */
  'first byte at the client',
  /** Wherever all of the concurrent calls happen to be, and the batches to the database. */
  'at any time',
] as const;
export type KillMoment = (typeof KILL_MOMENTS)[number];

export interface CrashRunOptions {
  readonly dataDir: string;
  /** Undefined: the embedded database of the data folder. */
  readonly databaseUrl: string | undefined;
  readonly durability: 'journal' | 'database';
  readonly iterations: number;
  readonly clients: number;
  /** Numbers from 0 to 1, so that a run can be repeated. */
  readonly random: () => number;
  readonly cleanup: Cleanup;
}

/** What the last start logged says why something was left, where it was. */
export interface CrashRunResult extends Reconciliation {
  readonly lastLog: string;
}

const STARTS_MAX = 3;

/** Kills the built gateway over and over while clients call through it, then compares all journals. */
export async function crashRun(options: CrashRunOptions): Promise<CrashRunResult> {
  const run = new CrashRun(options);
  await run.start();
  for (let iteration = 0; iteration < options.iterations; iteration += 1) {
    const moment = KILL_MOMENTS[iteration % KILL_MOMENTS.length];
    if (moment !== undefined) await run.iterate(moment);
  }
  return await run.finish();
}

class CrashRun {
  readonly #options: CrashRunOptions;
  readonly #client: ClientEntry[] = [];
  readonly #upstream: string[] = [];
  #token = '';
  #projectId = '';
  #config: object = {};
  #lastLog = '';
  /** The moment that the next call to reach it ends the gateway at; undefined after that. */
  #armed: { readonly moment: KillMoment; readonly afterMs: number; readonly fire: () => void } | undefined;

  constructor(options: CrashRunOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const upstream = this.#options.cleanup.add(
      await rawUpstream((hit, answer) => {
        if (answerPreliminaries(hit, answer)) return;
        const params = hit.message?.params as { arguments?: { marker?: string } } | undefined;
        // Journalled as executed before anything else can go wrong.
        this.#upstream.push(params?.arguments?.marker ?? 'unmarked');
        this.#reached('received by the upstream');
        setTimeout(() => {
          answerResult(hit, answer, { resultType: 'complete', content: [{ type: 'text', text: 'done' }] });
          this.#reached('answered by the upstream');
        }, this.#options.random() * 8);
      }),
      (thing) => thing.close(),
    );
    this.#config = gatewayConfig(
      { up: { url: upstream.url } },
      {
        audit: { durability: this.#options.durability },
        limits: {
          rate: { calls: 100_000 },
          concurrency: { per_upstream: 50, per_project: 50 },
          // A killed gateway must not come back to an upstream that it holds for broken.
          breaker: { failures: 1_000 },
        },
      },
    );
    const first = await this.#launch();
    this.#token = first.token;
    this.#projectId = first.projectId;
    await first.stop();
  }

  async #launch(): Promise<GatewayProcess> {
    const { dataDir, databaseUrl, cleanup } = this.#options;
    const gateway = await startGateway({
      config: this.#config,
      dataDir,
      env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
    });
    return cleanup.add(gateway, (thing) => thing.kill());
  }

  /** Starts the gateway, lets the clients call, kills it at the moment, and waits until every client has noticed. */
  async iterate(moment: KillMoment): Promise<void> {
    const gateway = await this.#launch();
    let isOver = false;
    const killed = new Promise<void>((resolve) => {
      const fire = (): void => {
        isOver = true;
        void gateway.kill().then(() => resolve());
      };
      // Some calls have gone through by then, so that the batches to the database are under way too.
      setTimeout(
        () => {
          this.#armed = { moment, afterMs: this.#options.random() * 3, fire };
          if (moment === 'at any time') this.#reached(moment);
        },
        30 + this.#options.random() * 300,
      );
    });
    const clients = Array.from({ length: this.#options.clients }, async () => {
      while (!isOver) await this.#call(gateway.url);
    });
    await Promise.all([killed, ...clients]);
  }

  #reached(moment: KillMoment): void {
    const armed = this.#armed;
    if (armed?.moment !== moment) return;
    this.#armed = undefined;
    if (armed.afterMs < 1) armed.fire();
    else setTimeout(armed.fire, armed.afterMs);
  }

  async #call(url: string): Promise<void> {
    const marker = randomBytes(16).toString('hex');
    const entry: ClientEntry = { marker, answer: undefined };
    this.#client.push(entry);
    const { headers, body } = modernRequest(
      'tools/call',
      { name: 'up__act', arguments: { marker } },
      { token: this.#token },
    );
    const message = body as { params: { _meta: Record<string, unknown> } };
    message.params._meta['traceparent'] = `00-${marker}-00f067aa0ba902b7-01`;
    const text = await this.#post(url, headers, JSON.stringify(message));
    if (text === undefined) return;
    const answer = JSON.parse(text) as { result?: { isError?: boolean } };
    entry.answer = answer.result !== undefined && answer.result.isError !== true ? 'success' : 'refused';
  }

  /** Undefined when the connection broke before the answer was whole. */
  #post(url: string, headers: Record<string, string>, body: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const sent = request(url, {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      });
      sent.on('error', () => resolve(undefined));
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          this.#reached('first byte at the client');
        });
        answer.on('error', () => resolve(undefined));
        answer.on('close', () => resolve(answer.complete ? Buffer.concat(chunks).toString() : undefined));
      });
      sent.end(body, () => this.#reached('sent by the client'));
    });
  }

  /** Starts once more, so that what is left is taken over, stops in order, and compares. */
  async finish(): Promise<CrashRunResult> {
    // A recovery that meets a busy database is tried again a minute later, or by the next start.
    for (let start = 0; start < STARTS_MAX; start += 1) {
      const last = await this.#launch();
      await last.stop();
      this.#lastLog = last.stderr();
      if (readdirSync(join(this.#options.dataDir, 'journal')).length === 0) break;
    }
    await this.#reap();
    const result = reconcile({ client: this.#client, upstream: this.#upstream, audit: await this.#audit() });
    return { ...result, lastLog: this.#lastLog };
  }

  /** What the reaper does when the deadlines and their grace are over, without the wait. */
  async #reap(): Promise<void> {
    const { dataDir, databaseUrl, durability } = this.#options;
    if (durability === 'journal') return;
    const storage = await openStorage({ dataDir, databaseUrl, clock: systemClock, logger: silentLogger });
    while ((await storage.callIntents.abandonOverdue(Date.now() + 3_600_000)) > 0);
    await storage.close();
  }

  async #audit(): Promise<AuditEntry[]> {
    const sql = `select trace_id as marker, status, outcome, commit_state as "commitState" from tool_calls
      where project_id = '${this.#projectId}' and trace_id is not null`;
    const { dataDir, databaseUrl } = this.#options;
    if (databaseUrl !== undefined) {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      const { rows } = await client.query<AuditEntry>(sql);
      await client.end();
      return rows;
    }
    const storage = await openStorage({ dataDir, clock: systemClock, logger: silentLogger });
    try {
      return (await storage.database.asSystem((tx) => tx.query<AuditEntry>(sql))).rows;
    } finally {
      await storage.close();
    }
  }
}
