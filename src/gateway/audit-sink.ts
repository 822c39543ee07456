import { hash } from 'node:crypto';
import type { AuditIntent, AuditJournal, AuditRecord } from '../observability/index.ts';
import { isJsonObject } from '../platform/json.ts';
import { refusalOf, type AuditFacts, type AuditSink, type Call, type Outcome } from '../pipeline/index.ts';

export interface JournalSinkOptions {
  readonly journal: AuditJournal;
  /** Key of the argument hashes, so that nobody can try out likely arguments against the log. */
  readonly argumentsKey: Buffer;
  /** Announces calls instead of the journal, which then has their outcomes only. */
  readonly announce?: ((intent: AuditIntent) => Promise<void>) | undefined;
}

/** Writes what the pipeline says about a call into the audit journal. */
export function createJournalSink({ journal, argumentsKey, announce }: JournalSinkOptions): AuditSink {
  const key = argumentsKey.toString('hex');
  return {
    intent: (call) =>
      announce === undefined ? journal.intent(intentOf(call, key)) : announce(intentOf(call, key)),
    finish(call, outcome, facts) {
      // The hash is the dearest part of a row; an announced call has it already.
      const announced = journal.announced(call.request.requestId);
      const hash = announced === undefined ? argumentsHash(call, key) : announced.argumentsHash;
      journal.outcome(recordOf(call, { outcome, facts, hash }));
      // Before the answer leaves: a caller who has read a success must find it in the log, also after a crash.
      if (facts.dispatched) journal.writePending();
    },
  };
}

/**
 * SHA-256 over the key and the arguments. It answers one question, whether two
 * calls had the same arguments, and authenticates nothing; so the key stands
 * in front, in one pass, where an HMAC would cost five times as much per call.
 */
function argumentsHash(call: Call, key: string): string | undefined {
  const args = call.request.params['arguments'];
  return isJsonObject(args) ? hash('sha256', key + JSON.stringify(args), 'hex') : undefined;
}

// Both are written out, member for member: they are made for every call, and
// copying a common part into each costs several times as much.

function intentOf(call: Call, key: string): AuditIntent {
  const { request, principal, target } = call;
  const startedAtMs = Math.floor(call.startedAtMs);
  return {
    callId: request.requestId,
    projectId: principal.projectId,
    tokenId: principal.tokenId,
    method: request.method,
    subject: request.subject,
    upstream: target.upstream,
    remoteName: target.remoteName,
    revision: request.revision,
    transport: request.transport,
    requestBytes: request.requestBytes,
    argumentsHash: argumentsHash(call, key),
    startedAtMs,
    traceId: request.traceId,
    deadlineAtMs: startedAtMs + target.limits.timeoutMs,
  };
}

function recordOf(
  call: Call,
  ended: { readonly outcome: Outcome; readonly facts: AuditFacts; readonly hash: string | undefined },
): AuditRecord {
  const { outcome, facts } = ended;
  const { request } = call;
  const principal = call.principalIfKnown;
  const target = call.targetIfKnown;
  return {
    callId: request.requestId,
    projectId: principal?.projectId ?? call.refusedProjectId,
    tokenId: principal?.tokenId ?? call.refusedTokenId,
    method: request.method,
    subject: request.subject,
    upstream: target?.upstream,
    remoteName: target?.remoteName,
    revision: request.revision,
    transport: request.transport,
    requestBytes: request.requestBytes,
    argumentsHash: ended.hash,
    startedAtMs: Math.floor(call.startedAtMs),
    traceId: request.traceId,
    status: facts.status,
    code: facts.code,
    kind: outcome.kind,
    commitState: refusalOf(outcome)?.commitState ?? (isUnknown(outcome, facts) ? 'unknown' : undefined),
    responseBytes: facts.responseBytes,
    durationMs: facts.durationMs,
  };
}

/** A caller that went away while the upstream was at work leaves an unknown effect behind. */
function isUnknown(outcome: Outcome, facts: AuditFacts): boolean {
  return outcome.kind === 'cancelled' && facts.dispatched;
}
