import type { ServerResponse } from 'node:http';
import { TestClock } from '../../../src/testing/index.ts';
import { inProcessGateway, type InProcessGateway, type TestProject } from '../in-process-gateway.ts';
import { answerResult, type Hit, rawUpstream, type RawUpstream } from '../raw-upstream.ts';
import { exchange, type ExchangeOptions } from './http-socket.ts';
import { httpBytes, type HttpRequest, modern } from './messages.ts';
import { observe, type Observed } from './observation.ts';
import type { BreakerEffect } from './vectors.ts';

export type Act = (hit: Hit, answer: ServerResponse) => void | Promise<void>;

export interface RigOptions {
  /** `mcpServers` and the rest, given the URL of the upstream. */
  readonly config: (upstreamUrl: string) => object;
  /** Answers lists and discovery; true when it did. */
  readonly preliminaries: (hit: Hit, answer: ServerResponse) => boolean;
  /** Endpoint at which the lists of a new project are fetched. Default `/mcp`, of all upstreams. */
  readonly listPath?: string;
}

/** A gateway in this process, one hostile upstream, and a second project that must not notice anything. */
export interface Rig {
  readonly running: InProcessGateway<TestClock>;
  readonly clock: TestClock;
  readonly port: number;
  readonly upstream: RawUpstream;
  /** What the upstream does with a call; a fresh trial starts with success. */
  act: Act;
  readonly control: TestProject;
  /** A project whose lists are fetched, so that its own calls are all that reaches the upstream. */
  readonly project: InProcessGateway<TestClock>['project'];
  /** Sends bytes as they are, or one request. */
  send(request: HttpRequest | Buffer | string, options?: ExchangeOptions): Promise<Observed>;
  /** A `tools/call` of `name`, revision 2026-07-28. */
  call(token: string, name: string, args?: object): Promise<Observed>;
  /** Requests that reached the upstream so far, those of the control project left out. */
  hits(): readonly Hit[];
  /** Audit rows since the last call of this, as `status code` in the order of the alphabet, without the control project's. */
  newAuditRows(): Promise<readonly string[]>;
  /** How the one probe that a half-open breaker let through was counted. */
  breakerEffect(projectId: string, upstream: string): BreakerEffect;
  close(): Promise<void>;
}

/** The tool that the control project calls; it works whatever the upstream does to others. */
export const CONTROL_TOOL = 'control';

export const succeed: Act = (hit, answer) => {
  answerResult(hit, answer, { resultType: 'complete', content: [{ type: 'text', text: 'done' }] });
};

const isControl = (hit: Hit): boolean => hit.message?.params?.['name'] === CONTROL_TOOL;

export async function startRig(options: RigOptions): Promise<Rig> {
  const upstream = await rawUpstream((hit, answer) => {
    if (options.preliminaries(hit, answer)) return undefined;
    return isControl(hit) ? succeed(hit, answer) : rig.act(hit, answer);
  });
  const clock = new TestClock();
  const running = await inProcessGateway({ clock, config: options.config(upstream.url) });
  const port = Number(new URL(running.gateway.url).port);
  const { database } = running.gateway.storage;
  const seen = new Set<string>();
  const send: Rig['send'] = async (request, how) => {
    const bytes = Buffer.isBuffer(request) || typeof request === 'string' ? request : httpBytes(request);
    return observe(await exchange(port, bytes, how));
  };
  const project: Rig['project'] = async (wanted) => {
    const made = await running.project(wanted);
    for (const list of ['tools', 'resources', 'resources/templates', 'prompts']) {
      await send(modern({ method: `${list}/list`, token: made.token, path: options.listPath ?? '/mcp' }));
    }
    return made;
  };
  const control = await project();
  // The loop monitor samples on this clock: what the start of the process cost must not count later.
  for (let sample = 0; sample < 3; sample += 1) {
    clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  const rig: Rig = {
    running,
    clock,
    port,
    upstream,
    act: succeed,
    control,
    project,
    send,
    call: (token, name, args = {}) =>
      send(modern({ method: 'tools/call', params: { name, arguments: args }, token })),
    hits: () => upstream.hits.entries.filter((hit) => !isControl(hit)),
    async newAuditRows() {
      await running.gateway.flushAudit();
      const { rows } = await database.asSystem((tx) =>
        tx.query<{ call_id: string; status: string; code: string | null }>(
          'select call_id, status, code from tool_calls where project_id is distinct from $1',
          [control.projectId],
        ),
      );
      const fresh = rows.filter((row) => !seen.has(row.call_id));
      for (const row of fresh) seen.add(row.call_id);
      return fresh.map((row) => (row.code === null ? row.status : `${row.status} ${row.code}`)).toSorted();
    },
    breakerEffect(projectId, name) {
      const found = running.gateway.pipeline.breakers(projectId).find((entry) => entry.upstream === name);
      if (found === undefined) return 'success';
      return found.state === 'open' ? 'failure' : 'neutral';
    },
    async close() {
      await running.close();
      await upstream.close();
    },
  };
  return rig;
}
