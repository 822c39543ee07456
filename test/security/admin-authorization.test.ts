/**
 * Every route of the admin surface with every kind of token and every kind of
 * id. The requests are made from the route table itself, and the table below
 * says by hand who may do what: a route without a row fails.
 */
import { randomUUID } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ADMIN_PREFIX,
  ADMIN_ROUTES,
  type AdminRoute,
  type OperationId,
  pathIdsOf,
  SCHEMAS,
} from '../../src/admin/contract/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Administration } from '../../src/storage/index.ts';
import { createToken } from '../../src/tenancy/index.ts';
import { type AdminAnswer, adminRequest } from '../support/admin-request.ts';
import { inProcessGateway, type InProcessGateway } from '../support/in-process-gateway.ts';

type Kind = 'none' | 'rubbish' | 'tools' | 'project' | 'operator';

interface Row {
  /** Who may: operators always, the admin token of a project for what is its own. */
  readonly allows: 'operator' | 'project';
  readonly body?: () => object;
}

/** Written by hand, so that a route that opens to somebody else is a change of this table as well. */
const ROWS: Readonly<Record<OperationId, Row>> = {
  whoami: { allows: 'project' },
  get_openapi: { allows: 'project' },
  get_status: { allows: 'operator' },
  list_projects: { allows: 'project' },
  create_project: { allows: 'operator', body: () => ({ name: `made ${randomUUID()}` }) },
  get_project: { allows: 'project' },
  rename_project: { allows: 'operator', body: () => ({ name: `renamed ${randomUUID()}` }) },
  archive_project: { allows: 'operator' },
  get_project_status: { allows: 'project' },
  list_tokens: { allows: 'project' },
  create_token: { allows: 'project', body: () => ({ name: 'made', scopes: ['tools:read'] }) },
  get_token: { allows: 'project' },
  revoke_token: { allows: 'project' },
  check_token: { allows: 'project', body: () => ({ token: createToken() }) },
  search_calls: { allows: 'project' },
  export_calls: { allows: 'project' },
  list_events: { allows: 'project' },
  search_all_calls: { allows: 'operator' },
  export_all_calls: { allows: 'operator' },
  list_all_events: { allows: 'operator' },
  list_operator_tokens: { allows: 'operator' },
  create_operator_token: { allows: 'operator', body: () => ({ name: 'made' }) },
  revoke_operator_token: { allows: 'operator' },
};

const ACTOR = { kind: 'gateway' } as const;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const answerSchemas = { $id: 'admin', components: { schemas: SCHEMAS } };
ajv.addSchema(answerSchemas);

let gateway: InProcessGateway<typeof systemClock>;
let administration: Administration;
let operatorToken: string;

beforeAll(async () => {
  gateway = await inProcessGateway({ clock: systemClock, config: { mcpServers: {} } });
  administration = gateway.gateway.storage.administration;
  operatorToken = gateway.gateway.project.adminToken ?? '';
});
afterAll(async () => {
  await gateway.close();
});

/** Two projects with everything that a path can name, and a token of each kind. */
async function scene() {
  const [own, foreign] = [await makeProject(), await makeProject()];
  const spare = await administration.createOperatorToken(ACTOR, { name: 'spare' });
  const tokens: Readonly<Record<Kind, string | undefined>> = {
    none: undefined,
    rubbish: createToken(),
    tools: own.tools,
    project: own.admin,
    operator: operatorToken,
  };
  const ids = {
    own: { project_id: own.projectId, token_id: own.spareId, operator_token_id: spare.record.id },
    foreign: { project_id: foreign.projectId, token_id: foreign.spareId, operator_token_id: spare.record.id },
    unknown: { project_id: randomUUID(), token_id: randomUUID(), operator_token_id: randomUUID() },
  };
  return { tokens, ids, foreign };
}

async function makeProject() {
  const { id: projectId } = await administration.createProject(ACTOR, { name: `project ${randomUUID()}` });
  const make = (scopes: ('admin' | 'tools:call' | 'tools:read')[]) =>
    administration.createToken(ACTOR, { projectId, name: 'token', scopes });
  const [admin, tools, spare] = [
    await make(['admin']),
    await make(['tools:call', 'tools:read']),
    await make(['tools:read']),
  ];
  return { projectId, admin: admin.token, tools: tools.token, spareId: spare.record.id, spare: spare.token };
}

function ask(
  route: AdminRoute,
  ids: Readonly<Record<string, string>>,
  token: string | undefined,
): Promise<AdminAnswer> {
  const path = route.path.replace(/\{([a-z_]+)\}/g, (_braces, name: string) => ids[name] ?? 'missing');
  return adminRequest({
    url: gateway.gateway.url,
    method: route.method,
    path: `${ADMIN_PREFIX}${path}`,
    token,
    body: ROWS[route.id].body?.(),
  });
}

/** Everything that a client sees, without what differs between two equal requests. */
function bytesOf(answer: AdminAnswer): string {
  const { date: _date, ...headers } = answer.headers;
  const { request_id: requestId } = answer.json() as { request_id: string };
  return JSON.stringify({
    status: answer.status,
    headers,
    text: answer.text.replace(requestId, 'id'),
    idChars: requestId.length,
  });
}

it('has a row for every route, and no row for a route that is gone', () => {
  expect(ADMIN_ROUTES.length).toBeGreaterThan(20);
  expect(Object.keys(ROWS).sort()).toEqual(ADMIN_ROUTES.map(({ id }) => id).sort());
  const places = ADMIN_ROUTES.map(({ method, path }) => `${method} ${path.replace(/\{[a-z_]+\}/g, '{}')}`);
  expect(new Set(places).size).toBe(places.length);
});

describe.each(ADMIN_ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_title, route) => {
    const { allows } = ROWS[route.id];
    const hasIds = pathIdsOf(route.path).length > 0;
    const kinds = hasIds ? (['own', 'foreign', 'unknown'] as const) : (['own'] as const);

    it('is closed without a token, to an unknown one and to one that only calls tools', async () => {
      const { tokens, ids } = await scene();
      for (const [kind, status, code] of [
        ['none', 401, 'unauthorized'],
        ['rubbish', 401, 'unauthorized'],
        ['tools', 403, 'insufficient_scope'],
      ] as const) {
        const answers = [];
        for (const whose of kinds) answers.push(await ask(route, ids[whose], tokens[kind]));
        expect(answers.map((answer) => [answer.status, answer.json()['code']])).toEqual(
          kinds.map(() => [status, code]),
        );
        expect(new Set(answers.map(bytesOf)).size).toBe(1);
      }
    });

    it(`answers the admin token of a project ${allows === 'project' ? 'about its own' : 'with a refusal'}`, async () => {
      const { tokens, ids } = await scene();
      const answer = await ask(route, ids.own, tokens.project);
      if (allows === 'project') expectSuccess(route, answer);
      else expect([answer.status, answer.json()['code']]).toEqual([403, 'insufficient_scope']);
    });

    it.runIf(hasIds)(
      'answers about another project as about one that does not exist, byte for byte',
      async () => {
        const { tokens, ids, foreign } = await scene();
        const [ofForeign, ofUnknown] = [
          await ask(route, ids.foreign, tokens.project),
          await ask(route, ids.unknown, tokens.project),
        ];
        expect(ofForeign.status).toBe(route.id === 'revoke_operator_token' ? 403 : 404);
        expect(bytesOf(ofForeign)).toBe(bytesOf(ofUnknown));
        // And it did nothing.
        const project = await administration.getProject(foreign.projectId);
        expect(project?.archivedAtMs).toBeUndefined();
        const all = await administration.listTokens(foreign.projectId);
        expect(all).toHaveLength(3);
        expect(all.every(({ revokedAtMs }) => revokedAtMs === undefined)).toBe(true);
      },
    );

    it('answers an operator about every project, and says when there is none', async () => {
      const { tokens, ids } = await scene();
      expectSuccess(route, await ask(route, ids.own, tokens.operator));
      if (!hasIds) return;
      expectSuccess(route, await ask(route, ids.foreign, tokens.operator));
      const answer = await ask(route, ids.unknown, tokens.operator);
      expect([answer.status, answer.json()['code']]).toEqual([404, 'not_found']);
    });
  },
);

/** The documented status, and a body that is exactly what the reference says. */
function expectSuccess(route: AdminRoute, answer: AdminAnswer): void {
  expect([answer.status, answer.text]).toEqual([route.status, answer.text]);
  expect(answer.headers['cache-control']).toBe('no-store');
  if (route.answer === 'stream') return;
  const isValid = ajv.compile({ $ref: `admin#/components/schemas/${route.answer}` });
  isValid(answer.json());
  expect(isValid.errors).toBeNull();
}

describe('the admin token of a project', () => {
  it('sees itself alone in the list of projects', async () => {
    const { tokens, ids } = await scene();
    const answer = await adminRequest({
      url: gateway.gateway.url,
      path: '/admin/v1/projects',
      token: tokens.project,
    });
    expect((answer.json()['items'] as { id: string }[]).map(({ id }) => id)).toEqual([ids.own.project_id]);
  });

  it('learns of a token of another project as much as of one that never was', async () => {
    const { tokens, foreign } = await scene();
    const check = (token: string) =>
      adminRequest({
        url: gateway.gateway.url,
        method: 'POST',
        path: '/admin/v1/tokens/check',
        token: tokens.project,
        body: { token },
      });
    const [ofForeign, ofUnknown] = [await check(foreign.spare), await check(createToken())];
    expect(ofForeign.text).toBe(ofUnknown.text);
    expect(ofForeign.json()).toEqual({ state: 'unknown', kind: null, id: null });
    expect((await check(tokens.operator ?? '')).json()).toMatchObject({ state: 'unknown' });
  });

  it('gets nothing out of a cursor of another project', async () => {
    const { tokens, ids } = await scene();
    const list = (id: string) =>
      adminRequest({
        url: gateway.gateway.url,
        path: `/admin/v1/projects/${ids.own.project_id}/tokens?after=${Buffer.from(id).toString('base64url')}`,
        token: tokens.project,
      });
    expect((await list(ids.foreign.token_id)).text).toBe((await list(randomUUID())).text);
  });

  it('cannot be used for calls, and a token of an operator neither', async () => {
    const { tokens } = await scene();
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    const statuses = [];
    for (const token of [tokens.project, tokens.operator]) {
      const answer = await adminRequest({
        url: gateway.gateway.url,
        method: 'POST',
        path: '/mcp',
        token,
        body: call,
        headers: { accept: 'application/json' },
      });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([403, 401]);
  });
});
