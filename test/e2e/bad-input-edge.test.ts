/** Tokens, origins and hosts (group B) and the body as it travels (group C) through the real endpoint. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../../src/tenancy/index.ts';
import { exchange } from '../support/bad-input/http-socket.ts';
import { type Headers, httpBytes, modern } from '../support/bad-input/messages.ts';
import { observe, type Observed } from '../support/bad-input/observation.ts';
import type { Rig } from '../support/bad-input/rig.ts';
import type { TestProject } from '../support/in-process-gateway.ts';
import { startToolsRig } from '../support/bad-input/tools-upstream.ts';
import { describeBadInput, type Stage, type Trial } from '../support/bad-input/trial.ts';

let rig: Rig;
let project: TestProject;
let reader: TestProject;

beforeAll(async () => {
  rig = await startToolsRig();
  project = await rig.project();
  reader = await rig.project({ scopes: ['tools:read'] });
});
afterAll(() => rig.close());

const CALL = { method: 'tools/call', params: { name: 't', arguments: {} } };

/** A call that is in order but for these headers; `Bearer` of the project unless they say otherwise. */
function callWith(headers: Headers, over: { method?: string; path?: string } = {}): Trial['run'] {
  return ({ rig: { send }, project: { token } }) => {
    const request = modern({ ...CALL, token });
    return send({ ...request, ...over, headers: { ...request.headers, ...headers } });
  };
}

/** A call with this credential and no other. */
function callAs(authorization: string | readonly string[] | undefined): Trial['run'] {
  return ({ rig: { send } }) => {
    const request = modern(CALL);
    return send({ ...request, headers: { ...request.headers, authorization } });
  };
}

/** Sends `bytes` of JSON in place of a message. */
function body(text: string | Buffer, headers: Headers = {}): Trial['run'] {
  return ({ rig: { send }, project: { token } }) => {
    const request = modern({ ...CALL, token });
    return send({ ...request, body: text, headers: { ...request.headers, ...headers } });
  };
}

async function expired({ rig: { running, send } }: Stage): Promise<Observed> {
  const { projectId } = project;
  const { token } = await running.gateway.storage.tokens.create({
    projectId,
    name: 'expired',
    scopes: ['tools:call'],
    expiresAtMs: rig.clock.nowMs() + 1,
  });
  rig.clock.advance(2);
  return send(modern({ ...CALL, token }));
}

async function sameAsUnknownPath(stage: Stage): Promise<Observed> {
  const asked = await callWith({}, { path: '/p/somebody/mcp' })(stage);
  const unknown = await callWith({}, { path: '/p/nobody/mcp' })(stage);
  expect(asked.body).toBe(unknown.body);
  return asked;
}

async function readOnly({ rig: { send } }: Stage): Promise<Observed> {
  const { token } = reader;
  const observed = await send(modern({ ...CALL, token }));
  expect(observed.headers['www-authenticate']).toBe(
    'Bearer realm="breakwater", error="insufficient_scope", scope="tools:call"',
  );
  return observed;
}

async function unauthenticatedCrowd({ rig: { send } }: Stage): Promise<Observed> {
  // Not one byte of the body is sent: nothing of it has to be read for the answer.
  const request = modern(CALL);
  const large = { ...request, body: '', headers: { ...request.headers, 'content-length': '1048576' } };
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(large)));
  expect(new Set(answers.map(({ summary }) => summary)).size).toBe(1);
  const [first] = answers;
  if (first === undefined) throw new Error('no answer');
  return first;
}

async function bruteForce({ rig: { send } }: Stage): Promise<Observed> {
  const attempt = (): Promise<Observed> => {
    const request = modern(CALL);
    return send({ ...request, headers: { ...request.headers, authorization: 'Bearer ghp_xxxxxxxx' } });
  };
  // Earlier trials have sent rubbish from this address too; their window ends here.
  rig.clock.advance(60_000);
  for (let sent = 0; sent < 300; sent += 50) await Promise.all(Array.from({ length: 50 }, attempt));
  const observed = await attempt();
  // The window of the limiter, so that later trials are served.
  rig.clock.advance(60_000);
  return observed;
}

const UNAUTHORIZED = '401 -31016 unauthorized';
const MEDIA_TYPE: Trial = {
  pin: '415 -32600 unsupported_media_type',
  run: (stage) => callWith({ 'content-type': stage.input.headers?.['content-type'] })(stage),
};
const ENCODING: Trial = {
  pin: '415 -32600 unsupported_encoding',
  run: (stage) => callWith(stage.input.headers ?? {})(stage),
};
const NO_ADMIN = 'there is no admin API yet';

describeBadInput({
  groups: 'BC',
  rig: () => rig,
  stage: () => Promise.resolve(project),
  notYet: {
    'BI-074': NO_ADMIN,
    'BI-075': NO_ADMIN,
  },
  counts: { cases: 39, deviating: 1, notYet: 2 },
  trials: {
    'BI-057': {
      pin: UNAUTHORIZED,
      async run(stage) {
        const observed = await callAs(undefined)(stage);
        // RFC 6750 §3.1: who sent no token is told of no error. No resource_metadata: there is no OAuth yet.
        expect(observed.headers['www-authenticate']).toBe('Bearer realm="breakwater"');
        return observed;
      },
    },
    'BI-058': { pin: UNAUTHORIZED, run: callAs('Bearer ') },
    'BI-060': {
      pin: '400 -32600 bad_request',
      run: (stage) => callAs([`Bearer ${project.token}`, `Bearer ${createToken()}`])(stage),
    },
    'BI-061': { pin: UNAUTHORIZED, run: callAs('Bearer ghp_xxxxxxxx') },
    'BI-063': {
      pin: UNAUTHORIZED,
      async run(stage) {
        const observed = await callAs(`Bearer ${createToken()}`)(stage);
        expect(observed.headers['www-authenticate']).toBe('Bearer realm="breakwater", error="invalid_token"');
        return observed;
      },
    },
    'BI-065': { pin: '401 -31026 token_expired', run: expired },
    'BI-067': { pin: UNAUTHORIZED, run: callAs(`Bearer ${'a'.repeat(15_000)}`) },
    'BI-069': {
      pin: '400 -32600',
      deviates: 'a message with members of its own is refused before anyone asks who sent it',
      run: ({ rig: { send } }) => {
        const { body: text = '', ...request } = modern(CALL);
        return send({ ...request, body: String(text).replace('{', `{"access_token":"${project.token}",`) });
      },
    },
    'BI-070': {
      pin: UNAUTHORIZED,
      run: ({ rig: { send } }) => {
        const request = modern(CALL);
        return send({ ...request, headers: { ...request.headers, cookie: `token=${project.token}` } });
      },
    },
    'BI-071': { pin: '404 -32600 not_found', run: sameAsUnknownPath },
    'BI-072': { pin: '200 result', hits: 1, run: callWith({ 'x-tenant-id': 'b', 'x-forwarded-user': 'b' }) },
    'BI-073': { pin: '403 -31018 insufficient_scope', run: readOnly },
    'BI-076': { pin: '403 -32600 forbidden_origin', run: callWith({ origin: 'https://app.example.com' }) },
    'BI-078': {
      pin: '403 -32600 forbidden_origin',
      run: (stage) => callWith(stage.input.headers ?? {})(stage),
    },
    'BI-080': {
      pin: '403 -32600 forbidden_origin',
      run: (stage) => callWith(stage.input.headers ?? {})(stage),
    },
    'BI-083': { pin: '200 result', hits: 1, run: (stage) => callWith(stage.input.headers ?? {})(stage) },
    'BI-087': { pin: '405 -32600 method_not_allowed', run: callWith({}, { method: 'DELETE' }) },
    'BI-090': { pin: '200 result', hits: 1, run: (stage) => callWith(stage.input.headers ?? {})(stage) },
    'BI-092': [
      { pin: '404 -32600 not_found', run: (stage) => callWith({}, { path: stage.input.path ?? '' })(stage) },
      {
        label: 'on an endpoint of ours',
        pin: '404 -31025 endpoint_not_found',
        run: callWith({}, { path: '/mcp/not-a-real-id' }),
      },
    ],
    'BI-093': {
      pin: '429 -32600 too_many_bad_requests',
      // What is turned away at the door is counted, not recorded.
      audit: Array.from({ length: 300 }, () => 'auth_failure unauthorized'),
      run: bruteForce,
    },
    'BI-094': { ...MEDIA_TYPE, run: callWith({ 'content-type': undefined }) },
    'BI-095': MEDIA_TYPE,
    'BI-097': MEDIA_TYPE,
    'BI-098': MEDIA_TYPE,
    'BI-099': MEDIA_TYPE,
    'BI-100': MEDIA_TYPE,
    'BI-101': MEDIA_TYPE,
    'BI-103': MEDIA_TYPE,
    'BI-106': { pin: '200 result', hits: 1, run: (stage) => callWith(stage.input.headers ?? {})(stage) },
    'BI-107': {
      pin: '406 -32600 not_acceptable',
      run: (stage) => callWith(stage.input.headers ?? {})(stage),
    },
    'BI-110': ENCODING,
    'BI-111': ENCODING,
    'BI-117': {
      pin: '413 -32600 body_too_large',
      // Nothing of the body is sent: the answer comes for the header alone.
      run: body('', { 'content-length': String(1024 * 1024 + 1) }),
    },
    'BI-119': {
      pin: '413 -32600 body_too_large',
      async run({ rig: { port }, project: { token } }) {
        const headers = { 'content-length': undefined, 'transfer-encoding': 'chunked' };
        const head = httpBytes({ token, headers });
        const chunk = Buffer.from(`10000\r\n${'a'.repeat(65_536)}\r\n`);
        return observe(await exchange(port, head, { endless: chunk }));
      },
    },
    'BI-120': { pin: '401 -32600 unauthorized', audit: [], run: unauthenticatedCrowd },
    'BI-121': { pin: '400 -32700', run: body('') },
    'BI-122': { pin: '400 -32700', run: body(' \n\t') },
  },
});

describe('a token in the body', () => {
  it('is no credential where the message is in order either', async () => {
    const params = { name: 't', arguments: {}, access_token: project.token };
    expect((await rig.send(modern({ method: 'tools/call', params }))).summary).toBe(UNAUTHORIZED);
  });
});
