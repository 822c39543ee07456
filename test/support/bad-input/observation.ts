import type { Exchange, HttpAnswer } from './http-socket.ts';

/** One answer, as far as the catalogue judges it. */
export interface Observed {
  /** `<status> <what> <code>`, for example `200 isError timeout`; `closed` or `silent` without an answer. */
  readonly summary: string;
  readonly http: number | null;
  readonly rpc: number | string | null;
  /** Catalogue code of ours. */
  readonly code: string | undefined;
  /** Undefined: the body names none, or null. */
  readonly id: string | number | undefined;
  readonly isClosed: boolean;
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** All that came back, for the search for leaks. */
  readonly text: string;
  readonly elapsedMs: number;
}

interface Message {
  readonly id?: string | number | null;
  readonly result?: { readonly isError?: boolean; readonly _meta?: Readonly<Record<string, unknown>> };
  readonly error?: { readonly code: number; readonly data?: unknown };
}

interface ErrorData {
  readonly code?: string;
  readonly retryable?: boolean;
  readonly retry_after_ms?: number;
}

/** Reads the answer of an exchange with number `index`, by default the first. */
export function observe(exchanged: Exchange, index = 0): Observed {
  const answer = exchanged.answers[index];
  const common = { text: exchanged.text, elapsedMs: exchanged.elapsedMs, isClosed: exchanged.isClosed };
  if (answer === undefined) {
    const summary = exchanged.isClosed ? 'closed' : 'silent';
    return { ...common, ...NOTHING, summary, headers: {}, body: '' };
  }
  return { ...common, ...observeAnswer(answer) };
}

const NOTHING = {
  http: null,
  rpc: null,
  code: undefined,
  id: undefined,
  retryable: undefined,
  retryAfterMs: undefined,
};

function observeAnswer(answer: HttpAnswer): Omit<Observed, 'text' | 'elapsedMs' | 'isClosed'> {
  return { ...observeMessage(answer.body, answer.status), headers: answer.headers, body: answer.body };
}

/** Reads one JSON-RPC message; `http` is null over stdio. */
export function observeMessage(
  body: string,
  http: number | null,
): Omit<Observed, 'text' | 'elapsedMs' | 'isClosed' | 'headers' | 'body'> {
  const message = parse(body);
  const result = message?.result;
  const data = result === undefined ? message?.error?.data : result._meta?.['dev.breakwater/error'];
  const shape: ErrorData = typeof data === 'object' && data !== null ? data : {};
  const rpc =
    result === undefined ? (message?.error?.code ?? null) : result.isError === true ? 'isError' : 'result';
  const parts = [http, rpc, shape.code].filter((part) => part !== null && part !== undefined);
  return {
    summary: parts.join(' '),
    http,
    rpc,
    code: shape.code,
    id: message?.id ?? undefined,
    retryable: shape.retryable,
    retryAfterMs: shape.retry_after_ms,
  };
}

function parse(body: string): Message | undefined {
  if (body === '') return undefined;
  return JSON.parse(body) as Message;
}
