/** JSON texts (group D) and JSON-RPC messages (group E) that are wrong in every way, through the real endpoint. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modernHeaders, withModernMeta } from '../support/bad-input/messages.ts';
import type { Observed } from '../support/bad-input/observation.ts';
import type { Rig } from '../support/bad-input/rig.ts';
import { startToolsRig } from '../support/bad-input/tools-upstream.ts';
import { describeBadInput, type Stage, type Trial } from '../support/bad-input/trial.ts';
import type { TestProject } from '../support/in-process-gateway.ts';
import { answerResult } from '../support/raw-upstream.ts';

let rig: Rig;
let project: TestProject;
let neighbour: TestProject;

beforeAll(async () => {
  rig = await startToolsRig();
  project = await rig.project();
  neighbour = await rig.project();
});
afterAll(() => rig.close());

/** Posts a text as it is, under the headers of a 2026-07-28 request. */
function post(stage: Stage, text: string | Buffer, headers: Record<string, string> = {}): Promise<Observed> {
  const standard = { ...modernHeaders('tools/list'), ...headers };
  return stage.rig.send({ token: stage.project.token, headers: standard, body: text });
}

/** The catalogue's text as it is. */
const text: Trial['run'] = (stage) => {
  const { body = '', body_base64: base64 } = stage.input;
  return post(stage, base64 === undefined ? body : Buffer.from(base64, 'base64'));
};

/** The catalogue's message, with the `_meta` and the headers of a modern request beside what is wrong with it. */
function modernText(method: string, change: (body: string) => string = (body) => body): Trial['run'] {
  return (stage) => post(stage, withModernMeta(change(stage.input.body ?? '')), { 'mcp-method': method });
}

/** The catalogue's message as a client of 2025-11-25 sends it. */
const legacyText: Trial['run'] = (stage) => {
  const headers = { 'mcp-protocol-version': '2025-11-25' };
  return stage.rig.send({ token: stage.project.token, headers, body: stage.input.body ?? '' });
};

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
/** A `tools/call` whose JSON is `depth` levels deep: the message, its params and the arguments are three of them. */
const call = (depth: number): string =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"a":${nested(depth - 3)}}}}`;
const callHeaders = modernHeaders('tools/call', 't');
const deep = (depth: number): Trial['run'] => {
  return (stage) => post(stage, withModernMeta(call(depth)), callHeaders);
};

const PARSE_ERROR: Trial = { pin: '400 -32700', run: text };
const INVALID: Trial = { pin: '400 -32600', run: text };
const UNKNOWN_METHOD = '404 -32601';

/** Two projects, one id, a hundred rounds, whoever asks first answered last. */
async function sameId({ rig: stageRig }: Stage): Promise<Observed> {
  const waiting: (() => void)[] = [];
  stageRig.act = (hit, answer) => {
    const { arguments: args } = hit.message?.params ?? {};
    waiting.push(() => {
      answerResult(hit, answer, {
        resultType: 'complete',
        content: [{ type: 'text', text: JSON.stringify(args) }],
      });
    });
    if (waiting.length === 2) for (const release of waiting.splice(0).reverse()) release();
  };
  let last: Observed | undefined;
  for (let round = 0; round < 100; round += 1) {
    const asked = [project, neighbour].map(({ token, projectId }) =>
      stageRig.call(token, 't', { projectId, round }),
    );
    const [mine, theirs] = await Promise.all(asked);
    expect(mine?.body).toContain(project.projectId);
    expect(mine?.body).not.toContain(neighbour.projectId);
    expect(theirs?.body).toContain(neighbour.projectId);
    expect([mine?.id, theirs?.id]).toEqual([1, 1]);
    last = mine;
  }
  if (last === undefined) throw new Error('no round was played');
  return last;
}

async function foreignCancel(stage: Stage): Promise<Observed> {
  let release: () => void = () => {};
  const isRunning = new Promise<void>((resolve) => {
    stage.rig.act = (hit, answer) => {
      release = () => {
        answerResult(hit, answer, { resultType: 'complete', content: [] });
      };
      resolve();
    };
  });
  const running = stage.rig.call(neighbour.token, 't');
  await isRunning;
  const observed = await post(stage, stage.input.body ?? '', { 'mcp-method': 'notifications/cancelled' });
  release();
  expect((await running).summary).toBe('200 result');
  return observed;
}

describeBadInput({
  groups: 'DE',
  rig: () => rig,
  stage: () => Promise.resolve(project),
  notYet: {},
  counts: { cases: 64, deviating: 1, notYet: 0 },
  trials: {
    'BI-123': PARSE_ERROR,
    'BI-124': PARSE_ERROR,
    'BI-125': PARSE_ERROR,
    'BI-126': PARSE_ERROR,
    'BI-127': PARSE_ERROR,
    'BI-129': PARSE_ERROR,
    'BI-130': PARSE_ERROR,
    'BI-132': PARSE_ERROR,
    'BI-135': PARSE_ERROR,
    'BI-137': PARSE_ERROR,
    'BI-139': PARSE_ERROR,
    'BI-142': PARSE_ERROR,
    'BI-143': PARSE_ERROR,
    'BI-145': PARSE_ERROR,
    'BI-146': PARSE_ERROR,
    'BI-147': PARSE_ERROR,
    'BI-152': PARSE_ERROR,
    'BI-153': { pin: '400 -32602', run: text },
    'BI-155': [
      { label: 'of the whole text', pin: '200 result', hits: 1, run: deep(64) },
      {
        label: 'of the arguments alone',
        pin: '400 -32600',
        deviates:
          'depth is counted from the root of the text: what is nested is the text, and its scanner knows no params',
        run: deep(67),
      },
    ],
    'BI-156': { pin: '400 -32600', run: deep(65) },
    'BI-157': { pin: '400 -32600', run: deep(5_000) },
    'BI-160': {
      pin: '400 -32600',
      run: (stage) => {
        const members = Array.from({ length: 60_000 }, (_, index) => `"k${String(index)}":1`);
        return post(stage, `{${members.join(',')}}`);
      },
    },
    'BI-161': INVALID,
    'BI-162': INVALID,
    'BI-163': INVALID,
    'BI-164': INVALID,
    'BI-167': {
      pin: '200 result',
      hits: 1,
      run: (stage) => post(stage, withModernMeta(stage.input.body ?? ''), callHeaders),
    },
    'BI-169': { pin: '400 -32602', run: text },
    'BI-170': { pin: '400 -32602', run: text },
    'BI-172': INVALID,
    'BI-173': INVALID,
    'BI-176': INVALID,
    'BI-179': INVALID,
    'BI-182': INVALID,
    'BI-185': INVALID,
    'BI-186': INVALID,
    'BI-187': INVALID,
    'BI-188': INVALID,
    'BI-189': INVALID,
    'BI-190': INVALID,
    'BI-191': INVALID,
    'BI-193': INVALID,
    'BI-194': INVALID,
    'BI-195': {
      pin: '200 result',
      async run(stage) {
        const observed = await modernText('tools/list')(stage);
        expect(observed.id).toBe(0);
        expect(observed.body).toContain('"id":0,');
        return observed;
      },
    },
    'BI-197': {
      pin: '200 result',
      async run(stage) {
        const observed = await modernText('tools/list')(stage);
        expect(observed.id).toBe(0);
        return observed;
      },
    },
    'BI-198': {
      pin: '400 -32600',
      run: modernText('tools/list', (body) => body.replace('<10000 x a>', 'a'.repeat(10_000))),
    },
    'BI-200': {
      pin: '200 result',
      hits: 200,
      audit: Array.from({ length: 200 }, () => 'success'),
      run: sameId,
    },
    'BI-202': INVALID,
    'BI-203': INVALID,
    'BI-204': INVALID,
    'BI-206': INVALID,
    'BI-208': { pin: '400 -32600', run: modernText('') },
    'BI-210': {
      pin: '200 -32601',
      // The member `note` is a remark of the catalogue.
      run: (stage) => legacyText({ ...stage, input: { ...stage.input, body: dropNote(stage.input.body) } }),
    },
    'BI-212': { pin: UNKNOWN_METHOD, run: modernText('Tools/Call') },
    'BI-213': { pin: UNKNOWN_METHOD, run: modernText('__proto__') },
    'BI-214': {
      pin: '400 -32600',
      run: modernText('x', (body) => body.replace('<1e6 x a>', 'a'.repeat(1_000_000))),
    },
    'BI-215': { pin: UNKNOWN_METHOD, run: modernText('sampling/createMessage') },
    'BI-216': INVALID,
    'BI-217': INVALID,
    'BI-218': INVALID,
    'BI-219': INVALID,
    'BI-220': INVALID,
    'BI-222': { pin: UNKNOWN_METHOD, run: modernText('notifications/initialized') },
    'BI-224': { pin: '202', otherHits: 1, audit: ['success'], run: foreignCancel },
  },
});

function dropNote(body = ''): string {
  const { note: _note, ...message } = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify(message);
}

describe('a request without an id', () => {
  it.each(['tools/call', 'tools/list', 'server/discover'])(
    '%s is refused and does nothing',
    async (method) => {
      const before = rig.hits().length;
      const body = withModernMeta(`{"jsonrpc":"2.0","method":"${method}","params":{"name":"t"}}`);
      const observed = await rig.send({ token: project.token, headers: modernHeaders(method, 't'), body });
      expect(observed.summary).toBe('400 -32600');
      expect(observed.id).toBeUndefined();
      expect(rig.hits().length).toBe(before);
    },
  );

  it.each(['constructor', '__proto__', 'toString', 'notifications/x'])(
    '%s is a notification that means nothing',
    async (method) => {
      const body = withModernMeta(`{"jsonrpc":"2.0","method":"${method}"}`);
      const observed = await rig.send({ token: project.token, headers: modernHeaders(method), body });
      expect(observed.summary).toBe('202');
    },
  );
});

interface JsonRpcVector {
  readonly name: string;
  readonly in: string;
}

/** Answers to the examples of JSON-RPC 2.0 §7, modern and as a client of 2025-03-26, who sends no version header. */
const JSON_RPC: Readonly<Record<string, readonly [string, string]>> = {
  'positional params': ['400 -32600', '400 -32600'],
  'named params': ['404 -32601', '200 -32601'],
  notification: ['202', '202'],
  'non-existent method': ['404 -32601', '200 -32601'],
  'invalid JSON': ['400 -32700', '400 -32700'],
  'invalid request object': ['400 -32600', '400 -32600'],
  'batch, invalid JSON': ['400 -32700', '400 -32700'],
  'empty array': ['400 -32600', '400 -32600'],
  'invalid batch, one': ['400 -32600', '200'],
  'invalid batch, three': ['400 -32600', '200'],
  'mixed batch': ['400 -32600', '200'],
  'batch all notifications': ['400 -32600', '200'],
  'id null': ['400 -32600', '400 -32600'],
  'id fractional': ['400 -32600', '400 -32600'],
};

describe('the examples of JSON-RPC 2.0', () => {
  const file = new URL('../vectors/jsonrpc.json', import.meta.url);
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly JsonRpcVector[];

  it('are all here', () => {
    expect(vectors.map(({ name }) => name)).toEqual(Object.keys(JSON_RPC));
  });

  it.each(vectors.map((vector) => [vector.name, vector.in] as const))('%s', async (name, body) => {
    const method = /"method":"([^"]*)"/.exec(body)?.[1] ?? '';
    const isObject = body.startsWith('{') && body.endsWith('}');
    const headers = modernHeaders(method);
    const asModern = await rig.send({
      token: project.token,
      headers,
      body: isObject && !body.includes('"params":[') ? withModernMeta(body) : body,
    });
    const asLegacy = await rig.send({ token: project.token, body });
    expect([asModern.summary, asLegacy.summary]).toEqual(JSON_RPC[name]);
  });

  it('a mixed batch of 2025-03-26 has one answer for each request and each invalid entry, and none for notifications', async () => {
    const body = JSON.stringify([
      { jsonrpc: '2.0', method: 'tools/list', id: '1' },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'tools/list' },
      { foo: 'boo' },
      { jsonrpc: '2.0', method: 'foo.get', id: '5' },
    ]);
    const observed = await rig.send({ token: project.token, body });
    const answers = JSON.parse(observed.body) as { id: unknown; error?: { code: number } }[];
    expect(answers.map(({ id, error }) => [id, error?.code])).toEqual([
      ['1', undefined],
      [null, -32_600],
      ['5', -32_601],
    ]);
  });
});
