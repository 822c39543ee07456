import { VERSION } from '../../platform/version.ts';
import type { Scope } from '../../tenancy/index.ts';
import { hashToken, parseToken } from '../../tenancy/index.ts';
import type { JsonObject } from '../../platform/json.ts';
import { type OperationId, renderOpenApi } from '../contract/index.ts';
import {
  type AdminCall,
  type AdminHandler,
  type AdminPorts,
  AdminProblem,
  actorOf,
  boundOf,
  found,
  idOf,
  instantOf,
  listOf,
  textOf,
} from './admin-call.ts';
import { stateOf } from './authenticate.ts';
import { exportCalls, searchCalls } from './call-search.ts';
import { cursorOf, idCursorOf, pageOf, pageRowsOf } from './cursor.ts';
import { breakerView, eventView, operatorTokenView, projectView, tokenView, upstreamView } from './views.ts';

/** What a token can do when its maker names no scopes: call tools, and nothing else. */
const SCOPES_DEFAULT = ['tools:call', 'tools:read'];

/** What each operation does. The type demands an entry for every route. */
export const HANDLERS: Readonly<Record<OperationId, AdminHandler>> = {
  whoami: ({ caller }) =>
    Promise.resolve({ kind: caller.kind, token_id: caller.tokenId, project_id: boundOf(caller) ?? null }),
  get_openapi: () => Promise.resolve(renderOpenApi()),
  get_status: (_call, { status }) =>
    Promise.resolve({
      version: VERSION,
      state: status.isDraining() ? 'draining' : 'ready',
      in_flight: status.inFlight(),
      breakers: status.breakers().map(breakerView),
    }),

  list_projects: listProjects,
  create_project: async (call, { administration }) =>
    projectView(await administration.createProject(actorOf(call), { name: nameOf(call) })),
  get_project: async (call, { administration }) =>
    projectView(found(await administration.getProject(idOf(call, 'project_id')))),
  rename_project: async (call, { administration }) =>
    projectView(
      found(await administration.renameProject(actorOf(call), idOf(call, 'project_id'), nameOf(call))),
    ),
  archive_project: async (call, { administration }) =>
    projectView(found(await administration.archiveProject(actorOf(call), idOf(call, 'project_id')))),
  get_project_status: getProjectStatus,

  list_tokens: listTokens,
  create_token: createToken,
  get_token: async (call, { administration, clock }) =>
    tokenView(
      found(await administration.getToken(idOf(call, 'token_id'), boundOf(call.caller))),
      clock.nowMs(),
    ),
  revoke_token: async (call, { administration, clock }) =>
    tokenView(
      found(await administration.revokeToken(actorOf(call), idOf(call, 'token_id'), boundOf(call.caller))),
      clock.nowMs(),
    ),
  check_token: checkToken,

  search_calls: async (call, ports) => {
    await assertProject(call, ports);
    return await searchCalls(call, ports);
  },
  export_calls: async (call, ports) => {
    await assertProject(call, ports);
    return await exportCalls(call, ports);
  },
  search_all_calls: searchCalls,
  export_all_calls: exportCalls,
  list_events: async (call, ports) => {
    await assertProject(call, ports);
    return await listEvents(call, ports);
  },
  list_all_events: listEvents,

  list_operator_tokens: async (_call, { administration, clock }) => {
    const tokens = await administration.listOperatorTokens();
    return { items: tokens.map((token) => operatorTokenView(token, clock.nowMs())), next: null };
  },
  create_operator_token: async (call, { administration, clock }) => {
    const wanted = { name: nameOf(call), expiresAtMs: expiryOf(call, clock.nowMs()) };
    const { record, token } = await administration.createOperatorToken(actorOf(call), wanted);
    return { ...operatorTokenView(record, clock.nowMs()), token };
  },
  revoke_operator_token: async (call, { administration, clock }) =>
    operatorTokenView(
      found(await administration.revokeOperatorToken(actorOf(call), idOf(call, 'operator_token_id'))),
      clock.nowMs(),
    ),
};

/** 404 for an operator's mistyped id; without it a list would seem empty. */
async function assertProject(call: AdminCall, { administration }: AdminPorts): Promise<void> {
  found(await administration.getProject(idOf(call, 'project_id')));
}

async function listProjects(call: AdminCall, { administration }: AdminPorts): Promise<JsonObject> {
  const limit = pageRowsOf(call.query);
  const rows = await administration.listProjects(boundOf(call.caller), {
    limit,
    name: textOf(call.query, 'name'),
    state: textOf(call.query, 'state') as 'active' | 'archived' | undefined,
    afterName: cursorOf(call.query),
  });
  return pageOf(rows, { limit, view: projectView, keyOf: (row) => row.name });
}

async function getProjectStatus(call: AdminCall, ports: AdminPorts): Promise<JsonObject> {
  await assertProject(call, ports);
  const { status } = ports;
  const projectId = idOf(call, 'project_id');
  const slots = status.slots(projectId);
  return {
    project_id: projectId,
    in_flight: slots.inFlight,
    waiting: slots.waiting,
    breakers: status.breakers(projectId).map(breakerView),
    upstreams: status.upstreams(projectId).map(upstreamView),
  };
}

async function listTokens(call: AdminCall, ports: AdminPorts): Promise<JsonObject> {
  await assertProject(call, ports);
  const limit = pageRowsOf(call.query);
  const nowMs = ports.clock.nowMs();
  const rows = await ports.administration.listTokens(idOf(call, 'project_id'), {
    limit,
    afterId: idCursorOf(call.query),
  });
  return pageOf(rows, { limit, view: (row) => tokenView(row, nowMs), keyOf: (row) => row.id });
}

async function createToken(call: AdminCall, { administration, clock }: AdminPorts): Promise<JsonObject> {
  const { record, token } = await administration.createToken(actorOf(call), {
    projectId: idOf(call, 'project_id'),
    name: nameOf(call),
    scopes: (listOf(call.body, 'scopes') ?? SCOPES_DEFAULT) as Scope[],
    toolAllowList: listOf(call.body, 'tool_allow_list'),
    expiresAtMs: expiryOf(call, clock.nowMs()),
  });
  return { ...tokenView(record, clock.nowMs()), token };
}

/** What is wrong with a token that somebody brings. It is neither stored nor logged. */
async function checkToken(call: AdminCall, ports: AdminPorts): Promise<JsonObject> {
  const token = textOf(call.body, 'token') ?? '';
  const parsed = parseToken(token);
  if (!parsed.ok) {
    return { state: parsed.problem === 'checksum' ? 'mistyped' : 'not_a_token', kind: null, id: null };
  }
  const digest = hashToken(ports.pepper, token);
  const nowMs = ports.clock.nowMs();
  const isOperators = parsed.environment === 'adm';
  if (isOperators && call.caller.kind === 'operator') {
    const known = await ports.administration.findOperatorToken(digest, 'inspect');
    if (known !== undefined) return { state: stateOf(known, nowMs), kind: 'operator', id: known.id };
  } else if (!isOperators) {
    const known = await ports.administration.findToken(digest, boundOf(call.caller));
    if (known !== undefined) {
      const isTest = parsed.environment === 'test';
      // Archiving a project refuses its tokens without touching them.
      const isArchived = (await ports.administration.getProject(known.projectId))?.archivedAtMs !== undefined;
      const own = isArchived ? 'revoked' : stateOf(known, nowMs);
      return { state: isTest && own === 'active' ? 'not_accepted' : own, kind: 'project', id: known.id };
    }
  }
  return { state: 'unknown', kind: null, id: null };
}

async function listEvents(call: AdminCall, { administration }: AdminPorts): Promise<JsonObject> {
  const limit = pageRowsOf(call.query);
  const rows = await administration.listEvents(call.ids.project_id, {
    limit,
    afterId: idCursorOf(call.query),
  });
  return pageOf(rows, { limit, view: eventView, keyOf: (row) => row.id });
}

/** A name is required by every shape that has one. */
function nameOf(call: AdminCall): string {
  return textOf(call.body, 'name') ?? '';
}

function expiryOf(call: AdminCall, nowMs: number): number | undefined {
  const expiresAtMs = instantOf(call.body, 'expires_at');
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    throw new AdminProblem('invalid_value', [{ path: 'expires_at', expected: 'an instant in the future' }]);
  }
  return expiresAtMs;
}
