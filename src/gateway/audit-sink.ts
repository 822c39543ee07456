import { createHmac } from 'node:crypto';
import type { AuditCall, AuditIntent, AuditJournal, AuditRecord } from '../observability/index.ts';
import { isJsonObject } from '../platform/json.ts';
import { refusalOf, type AuditFacts, type AuditSink, type Call, type Outcome } from '../pipeline/index.ts';

export interface JournalSinkOptions {
  readonly journal: AuditJournal;
  /** Key of the argument hashes, so that nobody can try out likely arguments against the log. */
  readonly argumentsKey: Buffer;
}

/** Writes what the pipeline says about a call into the audit journal. */
export function createJournalSink(options: JournalSinkOptions): AuditSink {
  const { journal, argumentsKey } = options;
  return {
    intent: (call) => journal.intent(intentOf(call, argumentsKey)),
    finish(call, outcome, facts) {
      journal.outcome(recordOf(call, { outcome, facts, argumentsKey }));
    },
  };
}

/** The announcement and the outcome of one call name the same facts; they are made once. */
const described = new WeakMap<Call, AuditCall>();

function describe(call: Call, argumentsKey: Buffer): AuditCall {
  const known = described.get(call);
  if (known !== undefined) return known;
  const { request } = call;
  const target = call.targetIfKnown;
  const facts: AuditCall = {
    callId: request.requestId,
    projectId: call.principalIfKnown?.projectId ?? call.refusedProjectId,
    tokenId: call.principalIfKnown?.tokenId ?? call.refusedTokenId,
    method: request.method,
    subject: request.subject,
    upstream: target?.upstream,
    remoteName: target?.remoteName,
    revision: request.revision,
    transport: request.transport,
    requestBytes: request.requestBytes,
    argumentsHash: argumentsHash(call, argumentsKey),
    startedAtMs: Math.floor(call.startedAtMs),
    traceId: request.traceId,
  };
  described.set(call, facts);
  return facts;
}

function argumentsHash(call: Call, key: Buffer): string | undefined {
  const args = call.request.params['arguments'];
  if (!isJsonObject(args)) return undefined;
  return createHmac('sha256', key).update(JSON.stringify(args)).digest('hex');
}

function intentOf(call: Call, argumentsKey: Buffer): AuditIntent {
  return {
    ...describe(call, argumentsKey),
    deadlineAtMs: Math.floor(call.startedAtMs) + call.target.limits.timeoutMs,
  };
}

function recordOf(
  call: Call,
  ended: { readonly outcome: Outcome; readonly facts: AuditFacts; readonly argumentsKey: Buffer },
): AuditRecord {
  const { outcome, facts } = ended;
  return {
    ...describe(call, ended.argumentsKey),
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
