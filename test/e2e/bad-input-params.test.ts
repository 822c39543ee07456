/** Versions, `_meta` and mirrored headers (group F) and the parameters of requests (group G) through the real endpoint. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerValue, type Headers, modern, MODERN_META, REVISION } from '../support/bad-input/messages.ts';
import type { Observed } from '../support/bad-input/observation.ts';
import type { Rig } from '../support/bad-input/rig.ts';
import { answerLists, startToolsRig } from '../support/bad-input/tools-upstream.ts';
import { describeBadInput, type Stage, type Trial } from '../support/bad-input/trial.ts';
import type { TestProject } from '../support/in-process-gateway.ts';
import { answerResult } from '../support/raw-upstream.ts';

let rig: Rig;
let project: TestProject;
let neighbour: TestProject;
/** While it is on, the upstream's list of tools has more than one page of ours. */
let isListLong = false;

beforeAll(async () => {
  rig = await startToolsRig((hit, answer) => {
    if (!isListLong || hit.message?.method !== 'tools/list') return answerLists(hit, answer);
    const tools = Array.from({ length: 600 }, (_, index) => ({
      name: `t${String(index)}`,
      inputSchema: { type: 'object' },
    }));
    answerResult(hit, answer, { resultType: 'complete', tools, ttlMs: 0, cacheScope: 'private' });
    return true;
  });
  project = await rig.project();
  isListLong = true;
  neighbour = await rig.project();
  isListLong = false;
});
afterAll(() => rig.close());

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';
const MISMATCH = '400 -32020';

/** `tools/list` with other headers or another `_meta`. */
function list(over: { headers?: Headers; meta?: Record<string, unknown> | undefined }): Trial['run'] {
  return (stage) => stage.rig.send(modern({ method: 'tools/list', token: stage.project.token, ...over }));
}

/** `tools/call` of `name`, with other headers. */
function call(params: Record<string, unknown>, headers: Headers = {}): Trial['run'] {
  return (stage) =>
    stage.rig.send(modern({ method: 'tools/call', params, headers, token: stage.project.token }));
}

/** The catalogue's params, whatever they are; `Mcp-Name` says what a careful client would mirror. */
const asWritten: Trial['run'] = (stage) => {
  const params = stage.input.params ?? {};
  return call(params, { 'mcp-name': headerValue(String(params['name'] ?? 't')) })(stage);
};

/** What the upstream got last. */
const lastHit = ({ rig: { hits } }: Stage): ReturnType<Rig['hits']>[number] => {
  const hit = hits().at(-1);
  if (hit === undefined) throw new Error('nothing reached the upstream');
  return hit;
};

function initialize(headers: Headers): Trial['run'] {
  return ({ rig: { send }, project: { token } }) => {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    };
    return send({
      token,
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
    });
  };
}

/** Byte for byte the answer to a name that nobody has, but for the id of the request. */
async function likeUnknown(stage: Stage): Promise<Observed> {
  const scrub = (text: string): string => text.replaceAll(/"request_id":"[^"]*"/g, '');
  const asked = await asWritten(stage);
  const unknown = await call({ name: 'nobody__x' })(stage);
  expect(scrub(asked.body)).toBe(scrub(unknown.body));
  return asked;
}

async function neighboursCursor(stage: Stage): Promise<Observed> {
  const theirs = await stage.rig.send(modern({ method: 'tools/list', token: neighbour.token }));
  const { nextCursor } = (JSON.parse(theirs.body) as { result: { nextCursor: string } }).result;
  expect(typeof nextCursor).toBe('string');
  return stage.rig.send(
    modern({ method: 'tools/list', params: { cursor: nextCursor }, token: stage.project.token }),
  );
}

function cursor(change: (real: string) => string): Trial['run'] {
  return async (stage) => {
    const first = await stage.rig.send(modern({ method: 'tools/list', token: neighbour.token }));
    const { nextCursor } = (JSON.parse(first.body) as { result: { nextCursor: string } }).result;
    const params = { cursor: change(nextCursor) };
    return stage.rig.send(modern({ method: 'tools/list', params, token: neighbour.token }));
  };
}

const UNKNOWN_TOOL = '200 -32602 tool_not_found';

describeBadInput({
  groups: 'FG',
  rig: () => rig,
  stage: () => Promise.resolve(project),
  notYet: {
    'BI-284': 'there are no tools that are made from an HTTP API: no argument becomes a part of a URL',
  },
  counts: { cases: 40, deviating: 4, notYet: 1 },
  trials: {
    'BI-229': { pin: MISMATCH, run: list({ headers: { 'mcp-protocol-version': undefined } }) },
    'BI-230': { pin: MISMATCH, run: list({ meta: { ...MODERN_META, [VERSION_KEY]: '2025-11-25' } }) },
    'BI-231': { pin: '400 -32602', run: list({ meta: undefined }) },
    'BI-232': { pin: '400 -32602', run: list({ meta: { [VERSION_KEY]: REVISION } }) },
    'BI-233': { pin: '400 -32602', run: list({ meta: { ...MODERN_META, [VERSION_KEY]: 20_260_728 } }) },
    'BI-235': { pin: MISMATCH, run: list({ meta: { ...MODERN_META, [VERSION_KEY]: `${REVISION}\0` } }) },
    'BI-238': { pin: MISMATCH, run: call({ name: 't' }, { 'mcp-method': 'tools/list' }) },
    'BI-239': { pin: MISMATCH, run: call({ name: 't' }, { 'mcp-method': 'TOOLS/CALL' }) },
    'BI-241': { pin: MISMATCH, run: call({ name: 'danger_tool' }, { 'mcp-name': 'safe_tool' }) },
    'BI-242': {
      pin: '200 result',
      hits: 1,
      // A prompt, because such a name is none for a tool.
      run: (stage) => {
        const headers = stage.input.headers ?? {};
        const params = { name: '世界' };
        return stage.rig.send(modern({ method: 'prompts/get', params, headers, token: stage.project.token }));
      },
    },
    'BI-243': { pin: MISMATCH, run: (stage) => call({ name: 't' }, stage.input.headers)(stage) },
    'BI-244': { pin: MISMATCH, run: (stage) => call({ name: 't' }, stage.input.headers)(stage) },
    'BI-247': {
      pin: MISMATCH,
      audit: ['error protocol_error'],
      run: call({ name: 'mirrored', arguments: { region: 'eu' } }, { 'mcp-param-region': 'us' }),
    },
    'BI-249': {
      pin: '200 result',
      hits: 1,
      async run(stage) {
        const observed = await call(
          { name: 'mirrored', arguments: { n: 42 } },
          { 'mcp-param-n': '42.0' },
        )(stage);
        expect(lastHit(stage).headers['mcp-param-n']).toBe('42');
        return observed;
      },
    },
    'BI-250': {
      pin: '200 result',
      hits: 1,
      async run(stage) {
        const observed = await call({ name: 't' }, { 'mcp-param-x': 'c4n4ry' })(stage);
        expect(lastHit(stage).headers['mcp-param-x']).toBeUndefined();
        return observed;
      },
    },
    'BI-252': { pin: MISMATCH, run: initialize({ 'mcp-protocol-version': REVISION }) },
    'BI-253': {
      pin: '200 result',
      deviates: 'the gateway serves the revisions with a handshake too',
      run: initialize({}),
    },
    'BI-254': {
      pin: '200 result',
      hits: 1,
      async run(stage) {
        const observed = await call({ name: 't' }, { 'mcp-session-id': 'c4n4ry' })(stage);
        expect(observed.headers['mcp-session-id']).toBeUndefined();
        return observed;
      },
    },
    'BI-257': {
      pin: '405 -32600 method_not_allowed',
      deviates: 'there are no streams to replay, and a server without them answers a GET with 405',
      run: ({ rig: { send }, project: { token } }) =>
        send({ method: 'GET', token, headers: { 'last-event-id': '1', accept: 'text/event-stream' } }),
    },
    'BI-261': {
      pin: '200 result',
      hits: 1,
      async run(stage) {
        const meta = { ...MODERN_META, 'io.modelcontextprotocol/subscriptionId': 'c4n4ry' };
        const request = modern({
          method: 'tools/call',
          params: { name: 't' },
          meta,
          token: stage.project.token,
        });
        const observed = await stage.rig.send(request);
        expect(lastHit(stage).body).not.toContain('c4n4ry');
        return observed;
      },
    },
    'BI-263': { pin: '200 -32602', run: asWritten },
    'BI-264': { pin: '200 -32602', run: asWritten },
    'BI-267': {
      pin: UNKNOWN_TOOL,
      audit: ['error tool_not_found', 'error tool_not_found'],
      run: likeUnknown,
    },
    'BI-268': {
      pin: '200 isError tool_disabled',
      deviates:
        'an operator switched it off for everyone, which is no secret between projects: the agent is told to use another tool',
      run: call({ name: 'disabled' }),
    },
    'BI-271': { pin: UNKNOWN_TOOL, run: asWritten },
    'BI-272': { pin: UNKNOWN_TOOL, run: asWritten },
    'BI-275': { pin: UNKNOWN_TOOL, run: asWritten },
    'BI-276': { pin: '200 result', hits: 1, run: asWritten },
    'BI-277': { pin: '200 -32602', run: asWritten },
    'BI-279': { pin: '200 -32602', run: asWritten },
    'BI-280': { pin: '200 -32602', run: asWritten },
    'BI-281': {
      pin: '200 isError invalid_arguments',
      run: call({ name: 'strict', arguments: { n: 'NaN' } }),
    },
    'BI-282': { pin: '200 isError invalid_arguments', run: call({ name: 'strict', arguments: { x: 1 } }) },
    'BI-283': {
      pin: '200 result',
      hits: 1,
      deviates: 'a value that cannot stand in a header travels encoded, as its note allows',
      async run(stage) {
        const region = 'a\r\nX-Evil: 1';
        const headers = { 'mcp-param-region': headerValue(region) };
        const observed = await call({ name: 'mirrored', arguments: { region } }, headers)(stage);
        const hit = lastHit(stage);
        expect(hit.headers['mcp-param-region']).toBe(headerValue(region));
        expect(hit.headers['x-evil']).toBeUndefined();
        return observed;
      },
    },
    'BI-288': { pin: '200 -32602', run: neighboursCursor },
    'BI-289': [
      { label: 'a changed character', pin: '200 -32602', run: cursor((real) => `A${real.slice(1)}`) },
      { label: 'cut off', pin: '200 -32602', run: cursor((real) => real.slice(0, -3)) },
      { label: 'a megabyte', pin: '200 -32602', run: cursor(() => 'x'.repeat(1_000_000)) },
    ],
    'BI-292': {
      pin: '200 result',
      run: list({ meta: { ...MODERN_META, progressToken: {} } }),
    },
    'BI-294': {
      pin: '200 -32602',
      run: (stage) => {
        const params = {
          ref: { type: 'ref/prompt', name: '世界' },
          argument: { name: 'a', value: 'a'.repeat(1_000_000) },
        };
        return stage.rig.send(modern({ method: 'completion/complete', params, token: stage.project.token }));
      },
    },
    'BI-295': {
      pin: '200 -32602 resource_not_found',
      run: (stage) => {
        const uri = `x://${Array.from({ length: 1_500 }, (_, index) => String(index)).join(',')}!`;
        return stage.rig.send(
          modern({ method: 'resources/read', params: { uri }, token: stage.project.token }),
        );
      },
    },
  },
});

describe('a progress token', () => {
  it('of a caller never goes upstream, so that two callers with one token are not mixed up', async () => {
    const meta = { ...MODERN_META, progressToken: 'c4n4ry' };
    for (const { token } of [project, neighbour]) {
      await rig.send(modern({ method: 'tools/call', params: { name: 't' }, meta, token }));
    }
    expect(JSON.stringify(rig.hits())).not.toContain('c4n4ry');
  });
});

describe('_meta of a caller', () => {
  it('goes upstream as far as it is about no hop, with the members of our own hop', async () => {
    const meta = { ...MODERN_META, [CAPABILITIES_KEY]: { sampling: {} }, 'example.com/kept': 1 };
    await rig.send(modern({ method: 'tools/call', params: { name: 't' }, meta, token: project.token }));
    const sent = rig.hits().at(-1)?.message?.params?.['_meta'];
    expect(sent).toMatchObject({ 'example.com/kept': 1, [CAPABILITIES_KEY]: {}, [VERSION_KEY]: REVISION });
    expect(JSON.stringify(sent)).not.toContain('sampling');
  });
});
