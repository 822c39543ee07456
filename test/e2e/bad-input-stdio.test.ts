/** Hostile children behind the gateway, and hostile clients in front of `breakwater stdio` (group K). */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { frontStdio } from '../support/bad-input/front-stdio.ts';
import { MODERN_META } from '../support/bad-input/messages.ts';
import type { Observed } from '../support/bad-input/observation.ts';
import { type Rig, startRig } from '../support/bad-input/rig.ts';
import { WIDE_LIMITS } from '../support/bad-input/tools-upstream.ts';
import { describeBadInput, type Stage, type Trial } from '../support/bad-input/trial.ts';
import type { TestProject } from '../support/in-process-gateway.ts';

const CHILD = fileURLToPath(new URL('../support/bad-input/hostile-child.mjs', import.meta.url));
const KID = { command: process.execPath, args: [CHILD], prefix: '' };
const MIB = 1024 * 1024;

let rig: Rig;

beforeAll(async () => {
  process.env['BREAKWATER_TEST_CANARY'] = 'c4n4ry';
  rig = await startRig({
    preliminaries: () => false,
    // One of the others says nothing, and a list of all would wait for it.
    listPath: '/mcp/up',
    config: () => ({
      limits: { ...WIDE_LIMITS, breaker: { failures: 1, open_ms: 1, probe_successes: 1 } },
      mcpServers: {
        up: KID,
        mute: { command: 'sleep', args: ['3600'] },
        crash: { command: 'false' },
      },
    }),
  });
});

afterAll(async () => {
  delete process.env['BREAKWATER_TEST_CANARY'];
  await rig.close();
});

/** A project whose breaker for the child lets one probe through. */
async function halfOpen({ project: make, call, clock }: Rig): Promise<TestProject> {
  const project = await make();
  await call(project.token, 'read', { mode: 'fail' });
  clock.advance(1);
  return project;
}

function act(mode: string, args: object = {}): Trial['run'] {
  return ({ rig: stage, project }) => stage.call(project.token, 'read', { mode, ...args });
}

/** A call that nobody answers, until its deadline. */
function untilDeadline(start: Trial['run']): Trial['run'] {
  return async (stage) => {
    const { gateway } = stage.rig.running;
    const call = start(stage);
    await expect
      .poll(() => gateway.pipeline.slots(stage.project.projectId).inFlight, { interval: 5 })
      .toBe(1);
    for (let second = 0; second < 10; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      stage.rig.clock.advance(1_010);
    }
    return call;
  };
}

async function crashLoop({ rig: stage, project: { token } }: Stage): Promise<Observed> {
  expect((await stage.call(token, 'crash__x')).summary).toBe('200 isError upstream_unreachable');
  return stage.call(token, 'crash__x');
}

/** The next write finds the closed end, and takes every call of that child with it. */
async function closedStdin(stage: Stage): Promise<Observed> {
  const { log } = stage.rig.running;
  const isSaid = (): boolean => log.some((line) => line.includes('stdin is closed'));
  await act('pid')(stage);
  const waiting = act('close-stdin')(stage);
  await expect.poll(isSaid, { interval: 5 }).toBe(true);
  expect((await act('pid')(stage)).summary).toBe('200 isError upstream_unreachable');
  return waiting;
}

async function environment(stage: Stage): Promise<Observed> {
  const observed = await act('environment')(stage);
  const { content } = (JSON.parse(observed.body) as { result: { content: { text: string }[] } }).result;
  const names = Object.keys(JSON.parse(content[0]?.text ?? '') as object);
  const allowed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
  // Some systems add a name of their own to every process.
  expect(names.filter((name) => !allowed.includes(name) && !name.startsWith('__CF'))).toEqual([]);
  return { ...observed, text: '' };
}

async function ownChild(stage: Stage): Promise<Observed> {
  const pidOf = ({ body }: Observed): string => /"text":"(\d+)"/.exec(body)?.[1] ?? '';
  const mine = await act('pid')(stage);
  const theirs = await stage.rig.call(stage.rig.control.token, 'read');
  expect(pidOf(mine)).toMatch(/^\d+$/);
  expect(pidOf(mine)).not.toBe(pidOf(theirs));
  return mine;
}

const front = { config: { mcpServers: { up: KID } } };
const slowCall = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'read', arguments: { mode: 'slow' }, _meta: MODERN_META },
})}\n`;

/** What the client sends, and the only answer to it; the process ends by itself, in order and soon. */
function sent(text: string): Trial['run'] {
  return async () => {
    const { answers, code, endedAfterMs } = await frontStdio({
      ...front,
      client: (input) => input.write(text),
    });
    expect(code).toBe(0);
    expect(endedAfterMs).toBeLessThan(5_000);
    expect(answers).toHaveLength(1);
    return answers[0] as Observed;
  };
}

async function deafClient(): Promise<Observed> {
  const { code, endedAfterMs, answers } = await frontStdio({
    ...front,
    isDeaf: true,
    client: (input) => input.write(slowCall),
  });
  expect(answers).toEqual([]);
  expect(code).toBe(0);
  expect(endedAfterMs).toBeLessThan(5_000);
  return NO_ANSWER;
}

const NO_ANSWER: Observed = {
  summary: 'closed',
  http: null,
  rpc: null,
  code: undefined,
  id: undefined,
  isClosed: true,
  retryable: undefined,
  retryAfterMs: undefined,
  headers: {},
  body: '',
  text: '',
  elapsedMs: 0,
};

const SUCCESS = { pin: '200 result', audit: ['success'], breaker: 'success' } as const;
const failing = (code: string, run: Trial['run'], over: Partial<Trial> = {}): Trial => ({
  pin: `200 isError ${code}`,
  breaker: 'failure',
  run,
  ...over,
});

describeBadInput({
  groups: 'K',
  rig: () => rig,
  stage: halfOpen,
  notYet: {
    'BI-437':
      'only the operator of the process can name a command or its environment: a project has no such entry to refuse',
  },
  counts: { cases: 13, deviating: 2, notYet: 1 },
  trials: {
    'BI-422': { ...SUCCESS, run: act('banner') },
    'BI-423': { ...SUCCESS, run: act('not-rpc') },
    'BI-424': [
      failing('response_too_large', act('long-line', { bytes: 11 * MIB }), {
        label: 'of 11 MiB',
        breaker: 'neutral',
      }),
      failing('response_too_large', act('endless-line'), { label: 'without an end', breaker: 'neutral' }),
    ],
    'BI-426': failing('upstream_invalid_response', act('bad-utf8')),
    'BI-430': failing('circuit_open', crashLoop, {
      upstream: 'crash',
      audit: ['error upstream_unreachable', 'error circuit_open'],
    }),
    'BI-431': failing(
      'timeout',
      untilDeadline(({ rig: { call }, project }) => call(project.token, 'mute__x')),
      {
        upstream: 'mute',
      },
    ),
    'BI-433': failing('upstream_unreachable', closedStdin, {
      audit: ['success', 'error upstream_unreachable', 'error upstream_unreachable'],
    }),
    'BI-436': { ...SUCCESS, run: environment },
    'BI-439': failing('timeout', untilDeadline(act('foreign-id')), {
      deviates:
        'an answer that nobody waits for may be late, so it is ignored, and the call goes on to its deadline',
    }),
    'BI-440': { ...SUCCESS, run: ownChild },
    'BI-441': [
      { label: 'garbage', pin: '-32700', audit: [], run: sent('garbage c4n4ry\n') },
      {
        label: 'a line of 11 MiB',
        pin: '-32600',
        audit: [],
        deviates: 'what is too large is not parsed at all',
        run: sent(`${'x'.repeat(11 * MIB)}\n`),
      },
      {
        label: 'the end of its input during a call',
        pin: 'result',
        audit: [],
        deviates:
          'what is running is finished within its own deadline, so that a request that is piped in has its answer',
        run: sent(slowCall),
      },
    ],
    'BI-442': { pin: 'closed', audit: [], run: deafClient },
  },
});
