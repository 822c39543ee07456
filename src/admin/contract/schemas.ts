import type { JsonObject } from '../../platform/json.ts';

const UUID: JsonObject = { type: 'string', format: 'uuid' };
const INSTANT: JsonObject = { type: 'string', format: 'date-time' };
const TEXT: JsonObject = { type: 'string' };
const COUNT: JsonObject = { type: 'integer', minimum: 0 };
const BOOLEAN: JsonObject = { type: 'boolean' };

function orNull(schema: JsonObject): JsonObject {
  return { anyOf: [schema, { type: 'null' }] };
}

/** An object whose members are always all there: a client never has to tell absent from null. */
function whole(properties: JsonObject): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function listOf(schema: JsonObject): JsonObject {
  return { type: 'array', items: schema };
}

function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function page(item: string): JsonObject {
  return whole({
    items: listOf(ref(item)),
    next: { ...orNull(TEXT), description: 'Pass it as `after` for what follows; null: nothing follows.' },
  });
}

const TOKEN: JsonObject = {
  id: UUID,
  project_id: UUID,
  name: TEXT,
  hint: { type: 'string', description: 'Prefix and last four characters, to tell tokens apart.' },
  state: { type: 'string', enum: ['active', 'expired', 'revoked'] },
  scopes: listOf(TEXT),
  tool_allow_list: orNull(listOf(TEXT)),
  created_at: INSTANT,
  expires_at: orNull(INSTANT),
  revoked_at: orNull(INSTANT),
  last_used_at: { ...orNull(INSTANT), description: 'To within five minutes.' },
};

const { project_id: _project, scopes: _scopes, tool_allow_list: _tools, ...OPERATOR_TOKEN } = TOKEN;

/** The token stands next to what is known of it, and only in the answer that made it. */
const SECRET: JsonObject = {
  token: { type: 'string', description: 'Shown only this once; it is stored as a keyed hash.' },
};

const UPSTREAM: JsonObject = whole({
  name: TEXT,
  transport: { type: 'string', enum: ['http', 'stdio'] },
  state: {
    type: 'string',
    enum: ['connected', 'idle'],
    description: '`idle`: no connection is negotiated now.',
  },
  revision: orNull(TEXT),
});

const BREAKER: JsonObject = whole({
  project_id: UUID,
  upstream: TEXT,
  state: { type: 'string', enum: ['closed', 'open', 'half-open'] },
  failures: COUNT,
  retry_after_ms: { type: 'number', minimum: 0 },
});

/** Shapes of the answers, as JSON Schema; `additionalProperties` is false everywhere, so a new member is a deliberate one. */
export const SCHEMAS: Readonly<Record<string, JsonObject>> = {
  Error: {
    type: 'object',
    properties: {
      status: { const: 'error' },
      code: TEXT,
      message: TEXT,
      retryable: BOOLEAN,
      retry_after_ms: { type: 'integer', minimum: 1 },
      request_id: UUID,
      violations: listOf(whole({ path: TEXT, expected: TEXT })),
    },
    required: ['status', 'code', 'message', 'retryable', 'request_id'],
    additionalProperties: false,
  },
  Caller: whole({
    kind: { type: 'string', enum: ['operator', 'project'] },
    token_id: UUID,
    project_id: orNull(UUID),
  }),
  Project: whole({
    id: UUID,
    name: TEXT,
    state: { type: 'string', enum: ['active', 'archived'] },
    created_at: INSTANT,
    archived_at: orNull(INSTANT),
  }),
  ProjectPage: page('Project'),
  Token: whole(TOKEN),
  TokenPage: page('Token'),
  CreatedToken: whole({ ...TOKEN, ...SECRET }),
  TokenCheck: whole({
    state: {
      type: 'string',
      enum: ['active', 'expired', 'revoked', 'unknown', 'mistyped', 'not_a_token', 'not_accepted'],
      description:
        '`mistyped`: the checksum is wrong. `unknown`: well-formed, but not yours or not there. `not_accepted`: a test token.',
    },
    kind: orNull({ type: 'string', enum: ['operator', 'project'] }),
    id: orNull(UUID),
  }),
  OperatorToken: whole(OPERATOR_TOKEN),
  OperatorTokenPage: page('OperatorToken'),
  CreatedOperatorToken: whole({ ...OPERATOR_TOKEN, ...SECRET }),
  Call: whole({
    call_id: UUID,
    project_id: orNull(UUID),
    token_id: orNull(UUID),
    started_at: INSTANT,
    duration_ms: { type: 'number', minimum: 0 },
    status: { type: 'string', enum: ['success', 'error', 'timeout', 'auth_failure'] },
    code: orNull(TEXT),
    outcome: TEXT,
    commit_state: orNull(TEXT),
    method: TEXT,
    tool: { ...orNull(TEXT), description: 'Tool, prompt or resource as the caller named it.' },
    upstream: orNull(TEXT),
    remote_name: orNull(TEXT),
    revision: TEXT,
    transport: TEXT,
    request_bytes: COUNT,
    response_bytes: COUNT,
    arguments_hash: orNull(TEXT),
    trace_id: orNull(TEXT),
  }),
  CallPage: page('Call'),
  Event: whole({
    id: UUID,
    at: INSTANT,
    project_id: orNull(UUID),
    actor: { type: 'string', enum: ['operator', 'project', 'gateway'] },
    actor_token_id: orNull(UUID),
    action: TEXT,
    subject_id: UUID,
    request_id: orNull(UUID),
    details: { type: 'object' },
  }),
  EventPage: page('Event'),
  ProjectStatus: whole({
    project_id: UUID,
    in_flight: COUNT,
    waiting: COUNT,
    breakers: listOf(BREAKER),
    upstreams: listOf(UPSTREAM),
  }),
  Status: whole({
    version: TEXT,
    state: { type: 'string', enum: ['ready', 'draining'] },
    in_flight: COUNT,
    breakers: listOf(BREAKER),
  }),
  OpenApi: { type: 'object' },
};
