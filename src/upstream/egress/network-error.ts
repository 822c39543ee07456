import { EgressBlockedError } from './guarded-lookup.ts';

/**
 * What a transport error means:
 * - `blocked`: the egress policy refused the destination; nothing was dialled.
 * - `local`: this machine could not try (no descriptors, no resolver); says nothing about the upstream.
 * - `unreachable`: no connection, or it broke before the answer began.
 * - `broken_answer`: the answer was no HTTP, or it broke off.
 * - `timeout`: a backstop timer of the HTTP client fired.
 */
export type NetworkFailure = 'blocked' | 'local' | 'unreachable' | 'broken_answer' | 'timeout';

/** How far an exchange had come when the error arrived. */
export type ExchangeProgress = 'not_sent' | 'sent' | 'answering';

const LOCAL: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'EAI_MEMORY',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
]);

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);

const TIMEOUT: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * Classifies whatever the HTTP client reports. Everything unknown has an arm:
 * parser errors, assertion failures and errors without a code exist, and each
 * of them is either "could not be reached" or "did not answer in HTTP".
 */
export function classifyNetworkError(error: unknown, progress: ExchangeProgress): NetworkFailure {
  if (error instanceof EgressBlockedError) return 'blocked';
  const code = errorCode(error);
  if (LOCAL.has(code)) return 'local';
  if (TIMEOUT.has(code)) return 'timeout';
  if (progress === 'not_sent') return 'unreachable';
  if (progress === 'sent' && UNREACHABLE.has(code)) return 'unreachable';
  return 'broken_answer';
}

/** Code of an error for the log: never its message, which may hold addresses. `''` when it has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Dialling several addresses ends in one error that holds one error per address.
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return '';
}
