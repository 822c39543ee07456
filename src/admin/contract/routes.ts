import { ADMIN_PAGE_ROWS_DEFAULT, LIST_ROWS_MAX, TOKEN_TOOL_ALLOW_LIST_MAX } from '../../platform/limits.ts';
import type { Field, Shape } from './shape.ts';

/** Every path of the admin surface begins with this. */
export const ADMIN_PREFIX = '/admin/v1';

export type OperationId =
  | 'whoami'
  | 'get_status'
  | 'list_projects'
  | 'create_project'
  | 'get_project'
  | 'rename_project'
  | 'archive_project'
  | 'get_project_status'
  | 'list_tokens'
  | 'create_token'
  | 'get_token'
  | 'revoke_token'
  | 'check_token'
  | 'search_calls'
  | 'export_calls'
  | 'list_events'
  | 'search_all_calls'
  | 'export_all_calls'
  | 'list_all_events'
  | 'list_operator_tokens'
  | 'create_operator_token'
  | 'revoke_operator_token'
  | 'get_openapi';

/** What stands in braces in a path. */
export type PathId = 'project_id' | 'token_id' | 'operator_token_id';

/** One request that the admin surface takes: the truth from which server, reference and tests are made. */
export interface AdminRoute {
  readonly id: OperationId;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `ADMIN_PREFIX`; ids in braces. */
  readonly path: string;
  /**
   * `admin`: operators, and admin tokens of a project for what is their
   * project's. `operator`: operators alone.
   */
  readonly access: 'admin' | 'operator';
  readonly summary: string;
  readonly query?: Shape;
  /** Present: a JSON body is required. */
  readonly body?: Shape;
  readonly status: 200 | 201;
  /** Name in `SCHEMAS`; `stream`: JSON lines or CSV. */
  readonly answer: string;
}

const PAGE: Shape = {
  limit: {
    type: 'integer',
    min: 1,
    max: LIST_ROWS_MAX,
    description: `Rows of one page, by default ${String(ADMIN_PAGE_ROWS_DEFAULT)}.`,
  },
  after: { type: 'string', charsMax: 1_500, format: 'cursor', description: '`next` of the page before.' },
};

const CALL_FILTER: Shape = {
  status: {
    type: 'string',
    charsMax: 20,
    values: ['success', 'error', 'timeout', 'auth_failure'],
    description: 'How the call was counted.',
  },
  code: {
    type: 'string',
    charsMax: 100,
    description: 'Code of a refusal or failure, see the error reference.',
  },
  tool: { type: 'string', charsMax: 2_000, description: 'Tool, prompt or resource as the caller named it.' },
  upstream: { type: 'string', charsMax: 200, description: 'Name of the upstream.' },
  token_id: { type: 'string', charsMax: 36, format: 'uuid', description: 'Token that made the call.' },
  call_id: { type: 'string', charsMax: 36, format: 'uuid', description: 'The `request_id` of an answer.' },
  from: { type: 'string', charsMax: 40, format: 'instant', description: 'Calls that began at or after it.' },
  to: { type: 'string', charsMax: 40, format: 'instant', description: 'Calls that began before it.' },
  order: {
    type: 'string',
    charsMax: 10,
    values: ['newest', 'oldest'],
    description:
      '`newest` first is the default. With `oldest` there is a `next` as long as there was a row, so that it can be polled.',
  },
};

const UNATTRIBUTED: Shape = {
  project: {
    type: 'string',
    charsMax: 10,
    values: ['all', 'none'],
    description:
      '`none`: calls with a token that nobody knows. `all`, the default, goes back one hour unless `from` says more.',
  },
};

const FORMAT: Shape = {
  format: { type: 'string', charsMax: 10, values: ['jsonl', 'csv'], description: 'By default `jsonl`.' },
};

const NAME: Field = { type: 'string', charsMax: 200, required: true, description: 'For people.' };

const EXPIRES_AT: Field = {
  type: 'string',
  charsMax: 40,
  format: 'instant',
  description: 'In the future. Absent: the token does not expire.',
};

const NEW_TOKEN: Shape = {
  name: NAME,
  scopes: {
    type: 'list',
    itemsMin: 1,
    itemsMax: 3,
    charsMax: 20,
    values: ['tools:call', 'tools:read', 'admin'],
    description: 'By default `tools:call` and `tools:read`. `admin` manages the project.',
  },
  tool_allow_list: {
    type: 'list',
    itemsMin: 1,
    itemsMax: TOKEN_TOOL_ALLOW_LIST_MAX,
    charsMax: 200,
    description: 'Exposed tool names. Absent: all tools of the project.',
  },
  expires_at: EXPIRES_AT,
};

const PROJECT_ROUTES: readonly AdminRoute[] = [
  {
    id: 'list_projects',
    method: 'GET',
    path: '/projects',
    access: 'admin',
    summary: 'Projects by name; for the token of a project that project alone.',
    query: {
      ...PAGE,
      name: { type: 'string', charsMax: 200, description: 'Exact name.' },
      state: {
        type: 'string',
        charsMax: 10,
        values: ['active', 'archived'],
        description: 'By default both.',
      },
    },
    status: 200,
    answer: 'ProjectPage',
  },
  {
    id: 'create_project',
    method: 'POST',
    path: '/projects',
    access: 'operator',
    summary: 'Makes a project.',
    body: { name: { ...NAME, description: 'Unique in the installation.' } },
    status: 201,
    answer: 'Project',
  },
  {
    id: 'get_project',
    method: 'GET',
    path: '/projects/{project_id}',
    access: 'admin',
    summary: 'One project.',
    status: 200,
    answer: 'Project',
  },
  {
    id: 'rename_project',
    method: 'PATCH',
    path: '/projects/{project_id}',
    access: 'operator',
    summary: 'Gives a project another name.',
    body: { name: { ...NAME, description: 'Unique in the installation.' } },
    status: 200,
    answer: 'Project',
  },
  {
    id: 'archive_project',
    method: 'POST',
    path: '/projects/{project_id}/archive',
    access: 'operator',
    summary:
      'Archives a project: its tokens are refused from now on. Its audit log stays. There is no way back.',
    status: 200,
    answer: 'Project',
  },
  {
    id: 'get_project_status',
    method: 'GET',
    path: '/projects/{project_id}/status',
    access: 'admin',
    summary: 'What a project has in flight on this process, its breakers and its upstream connections.',
    status: 200,
    answer: 'ProjectStatus',
  },
];

const TOKEN_ROUTES: readonly AdminRoute[] = [
  {
    id: 'list_tokens',
    method: 'GET',
    path: '/projects/{project_id}/tokens',
    access: 'admin',
    summary: 'Tokens of a project, newest first.',
    query: PAGE,
    status: 200,
    answer: 'TokenPage',
  },
  {
    id: 'create_token',
    method: 'POST',
    path: '/projects/{project_id}/tokens',
    access: 'admin',
    summary: 'Makes a token. It is shown in this answer and never again.',
    body: NEW_TOKEN,
    status: 201,
    answer: 'CreatedToken',
  },
  {
    id: 'get_token',
    method: 'GET',
    path: '/tokens/{token_id}',
    access: 'admin',
    summary: 'One token.',
    status: 200,
    answer: 'Token',
  },
  {
    id: 'revoke_token',
    method: 'DELETE',
    path: '/tokens/{token_id}',
    access: 'admin',
    summary:
      'Revokes a token: the next call with it is refused on every replica. A call that is in flight finishes. Doing it twice is no error.',
    status: 200,
    answer: 'Token',
  },
  {
    id: 'check_token',
    method: 'POST',
    path: '/tokens/check',
    access: 'admin',
    summary:
      'Says why a token is refused. Callers themselves are not told a typo from a token that never was.',
    body: { token: { type: 'string', charsMax: 200, required: true, description: 'The whole token.' } },
    status: 200,
    answer: 'TokenCheck',
  },
];

const AUDIT_ROUTES: readonly AdminRoute[] = [
  {
    id: 'search_calls',
    method: 'GET',
    path: '/projects/{project_id}/calls',
    access: 'admin',
    summary: 'Calls of a project. A call is there when it has ended, and stands where it began.',
    query: { ...PAGE, ...CALL_FILTER },
    status: 200,
    answer: 'CallPage',
  },
  {
    id: 'export_calls',
    method: 'GET',
    path: '/projects/{project_id}/calls/export',
    access: 'admin',
    summary:
      'All matching calls of a project as a stream. A connection that breaks off means an incomplete one.',
    query: { ...FORMAT, ...CALL_FILTER },
    status: 200,
    answer: 'stream',
  },
  {
    id: 'list_events',
    method: 'GET',
    path: '/projects/{project_id}/events',
    access: 'admin',
    summary: 'Who changed what in a project, newest first.',
    query: PAGE,
    status: 200,
    answer: 'EventPage',
  },
  {
    id: 'search_all_calls',
    method: 'GET',
    path: '/calls',
    access: 'operator',
    summary: 'Calls of every project, or of none.',
    query: { ...PAGE, ...UNATTRIBUTED, ...CALL_FILTER },
    status: 200,
    answer: 'CallPage',
  },
  {
    id: 'export_all_calls',
    method: 'GET',
    path: '/calls/export',
    access: 'operator',
    summary: 'Calls of every project, or of none, as a stream.',
    query: { ...FORMAT, ...UNATTRIBUTED, ...CALL_FILTER },
    status: 200,
    answer: 'stream',
  },
  {
    id: 'list_all_events',
    method: 'GET',
    path: '/events',
    access: 'operator',
    summary: 'Who changed what in the installation, newest first.',
    query: PAGE,
    status: 200,
    answer: 'EventPage',
  },
];

const INSTALLATION_ROUTES: readonly AdminRoute[] = [
  {
    id: 'whoami',
    method: 'GET',
    path: '/whoami',
    access: 'admin',
    summary: 'Whose token this is.',
    status: 200,
    answer: 'Caller',
  },
  {
    id: 'get_status',
    method: 'GET',
    path: '/status',
    access: 'operator',
    summary: 'This process: calls in flight, and every breaker that is not closed and quiet.',
    status: 200,
    answer: 'Status',
  },
  {
    id: 'get_openapi',
    method: 'GET',
    path: '/openapi.json',
    access: 'admin',
    summary: 'This description.',
    status: 200,
    answer: 'OpenApi',
  },
  {
    id: 'list_operator_tokens',
    method: 'GET',
    path: '/operator-tokens',
    access: 'operator',
    summary: 'Tokens of operators, newest first; all in one page.',
    status: 200,
    answer: 'OperatorTokenPage',
  },
  {
    id: 'create_operator_token',
    method: 'POST',
    path: '/operator-tokens',
    access: 'operator',
    summary: 'Makes a token of an operator. It is shown in this answer and never again.',
    body: { name: NAME, expires_at: EXPIRES_AT },
    status: 201,
    answer: 'CreatedOperatorToken',
  },
  {
    id: 'revoke_operator_token',
    method: 'DELETE',
    path: '/operator-tokens/{operator_token_id}',
    access: 'operator',
    summary:
      'Revokes a token of an operator. After the last one the admin surface answers on the loopback address alone.',
    status: 200,
    answer: 'OperatorToken',
  },
];

export const ADMIN_ROUTES: readonly AdminRoute[] = [
  ...INSTALLATION_ROUTES,
  ...PROJECT_ROUTES,
  ...TOKEN_ROUTES,
  ...AUDIT_ROUTES,
];
