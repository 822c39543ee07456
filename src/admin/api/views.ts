import type { JsonObject } from '../../platform/json.ts';
import type {
  AdminEvent,
  OperatorTokenRecord,
  ProjectRecord,
  TokenRecord,
  ToolCallRecord,
} from '../../storage/index.ts';
import type { BreakerState, UpstreamState } from './admin-call.ts';
import { stateOf } from './authenticate.ts';

// Written out member for member: a record that gains a member must not show it by itself.

export function projectView(project: ProjectRecord): JsonObject {
  return {
    id: project.id,
    name: project.name,
    state: project.archivedAtMs === undefined ? 'active' : 'archived',
    created_at: instant(project.createdAtMs),
    archived_at: instantOrNull(project.archivedAtMs),
  };
}

export function tokenView(token: TokenRecord, nowMs: number): JsonObject {
  return {
    id: token.id,
    project_id: token.projectId,
    name: token.name,
    hint: `${token.prefix}…${token.last4}`,
    state: stateOf(token, nowMs),
    scopes: [...token.scopes],
    tool_allow_list: token.toolAllowList === undefined ? null : [...token.toolAllowList],
    ...tokenTimes(token),
  };
}

export function operatorTokenView(token: OperatorTokenRecord, nowMs: number): JsonObject {
  return {
    id: token.id,
    name: token.name,
    hint: `${token.prefix}…${token.last4}`,
    state: stateOf(token, nowMs),
    ...tokenTimes(token),
  };
}

function tokenTimes(token: Omit<OperatorTokenRecord, 'id'>): JsonObject {
  return {
    created_at: instant(token.createdAtMs),
    expires_at: instantOrNull(token.expiresAtMs),
    revoked_at: instantOrNull(token.revokedAtMs),
    last_used_at: instantOrNull(token.lastUsedAtMs),
  };
}

export function callView(call: ToolCallRecord): JsonObject {
  return {
    call_id: call.callId,
    project_id: call.projectId ?? null,
    token_id: call.tokenId ?? null,
    started_at: instant(call.startedAtMs),
    duration_ms: call.durationMs,
    status: call.status,
    code: call.code ?? null,
    outcome: call.kind,
    commit_state: call.commitState ?? null,
    method: call.method,
    tool: call.subject ?? null,
    upstream: call.upstream ?? null,
    remote_name: call.remoteName ?? null,
    revision: call.revision,
    transport: call.transport,
    request_bytes: call.requestBytes,
    response_bytes: call.responseBytes,
    arguments_hash: call.argumentsHash ?? null,
    trace_id: call.traceId ?? null,
  };
}

export function eventView(event: AdminEvent): JsonObject {
  return {
    id: event.id,
    at: instant(event.atMs),
    project_id: event.projectId ?? null,
    actor: event.actorKind,
    actor_token_id: event.actorTokenId ?? null,
    action: event.action,
    subject_id: event.subjectId,
    request_id: event.requestId ?? null,
    details: event.details,
  };
}

export function breakerView(breaker: BreakerState): JsonObject {
  return {
    project_id: breaker.projectId,
    upstream: breaker.upstream,
    state: breaker.state,
    failures: breaker.failures,
    retry_after_ms: Math.ceil(breaker.retryAfterMs),
  };
}

export function upstreamView(upstream: UpstreamState): JsonObject {
  return {
    name: upstream.name,
    transport: upstream.transport,
    state: upstream.revision === undefined ? 'idle' : 'connected',
    revision: upstream.revision ?? null,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function instantOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : instant(ms);
}
