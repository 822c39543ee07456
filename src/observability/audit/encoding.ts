import { AUDIT_TEXT_CHARS_MAX } from '../../platform/limits.ts';
import type { AuditCall, AuditIntent, AuditOutcomeKind, AuditRecord, AuditStatus } from './record.ts';

/** One line of a journal file. */
export type JournalLine =
  | { readonly kind: 'intent'; readonly intent: AuditIntent }
  | { readonly kind: 'record'; readonly record: AuditRecord };

/*
 * Lines are put together by hand. `JSON.stringify` of the whole object costs
 * several times as much and is paid twice per call; only texts that a caller
 * wrote need its quoting.
 */

/** The line that announces a call, with its line end. */
export function encodeIntent(intent: AuditIntent, members: string = callMembers(intent)): string {
  return `{"k":"i",${members},"dl":${number(intent.deadlineAtMs)}}\n`;
}

/** The line of a finished call. It is complete in itself: the announcement may be in a file that is gone. */
export function encodeRecord(record: AuditRecord, members: string = callMembers(record)): string {
  return (
    `{"k":"r",${members},"st":"${record.status}","ok":"${record.kind}"` +
    `${optional('co', record.code)}${optional('cs', record.commitState)}` +
    `,"rs":${number(record.responseBytes)},"du":${number(record.durationMs)}}\n`
  );
}

/** What both lines of a call say alike; made once and passed to both. */
export function callMembers(call: AuditCall): string {
  // The transport is one of two words of ours.
  return (
    `"id":${quote(call.callId)},"at":${number(call.startedAtMs)},"me":${quote(call.method)}` +
    `,"rv":${quote(call.revision)},"tr":"${call.transport}","rq":${number(call.requestBytes)}` +
    optional('pr', call.projectId) +
    optional('to', call.tokenId) +
    optional('su', call.subject) +
    optional('up', call.upstream) +
    optional('rn', call.remoteName) +
    optional('ah', call.argumentsHash) +
    optional('ti', call.traceId)
  );
}

/** Letters that need no quoting in JSON; most names are nothing else. */
const PLAIN = /^[\w./:@-]*$/;

function quote(text: string): string {
  const cut = text.length > AUDIT_TEXT_CHARS_MAX ? text.slice(0, AUDIT_TEXT_CHARS_MAX) : text;
  return PLAIN.test(cut) ? `"${cut}"` : JSON.stringify(cut);
}

function optional(name: string, text: string | undefined): string {
  return text === undefined ? '' : `,"${name}":${quote(text)}`;
}

function number(value: number): string {
  // NaN and infinities are no JSON; a line that cannot be read back would lose the call.
  return Number.isFinite(value) ? String(value) : '0';
}

const STATUSES: ReadonlySet<unknown> = new Set<AuditStatus>(['success', 'error', 'timeout', 'auth_failure']);
const KINDS: ReadonlySet<unknown> = new Set<AuditOutcomeKind>([
  'ok',
  'tool_error',
  'protocol_error',
  'refused',
  'failed',
  'cancelled',
  'abandoned',
]);

/** Reads a line back; undefined for anything that is not whole, such as the last line before a crash. */
export function decodeLine(line: string): JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const members = value as Record<string, unknown>;
  const call = decodeCall(members);
  if (call === undefined) return undefined;
  if (members['k'] === 'i') {
    const deadlineAtMs = members['dl'];
    return typeof deadlineAtMs === 'number'
      ? { kind: 'intent', intent: { ...call, deadlineAtMs } }
      : undefined;
  }
  const { st, ok, rs, du } = members;
  if (members['k'] !== 'r' || !STATUSES.has(st) || !KINDS.has(ok)) return undefined;
  if (typeof rs !== 'number' || typeof du !== 'number') return undefined;
  return {
    kind: 'record',
    record: {
      ...call,
      status: st as AuditStatus,
      kind: ok as AuditOutcomeKind,
      code: textOf(members['co']),
      commitState: textOf(members['cs']),
      responseBytes: rs,
      durationMs: du,
    },
  };
}

function decodeCall(members: Record<string, unknown>): AuditCall | undefined {
  const { id, at, me, rv, tr, rq } = members;
  if (typeof id !== 'string' || typeof at !== 'number' || typeof me !== 'string') return undefined;
  if (typeof rv !== 'string' || typeof tr !== 'string' || typeof rq !== 'number') return undefined;
  return {
    callId: id,
    startedAtMs: at,
    method: me,
    revision: rv,
    transport: tr,
    requestBytes: rq,
    projectId: textOf(members['pr']),
    tokenId: textOf(members['to']),
    subject: textOf(members['su']),
    upstream: textOf(members['up']),
    remoteName: textOf(members['rn']),
    argumentsHash: textOf(members['ah']),
    traceId: textOf(members['ti']),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
