import type { Dispatcher } from 'undici';
import type { EgressController, EgressHandler, ResponseHeaders } from './pool.ts';

/**
 * The one object between the HTTP client and an exchange. It takes the raw
 * header list: behind the client's newer interface stand two more objects and
 * an object of all headers for every answer, about 5 µs, and five headers at
 * most are ever looked at.
 */
export class RawHandler implements Dispatcher.DispatchHandler, EgressController {
  readonly #handler: EgressHandler;
  #abort: ((reason?: Error) => void) | undefined;

  constructor(handler: EgressHandler) {
    this.#handler = handler;
  }

  abort(reason: Error): void {
    const abort = this.#abort;
    this.#abort = undefined;
    abort?.(reason);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#abort = abort;
    this.#handler.onRequestStart(this);
  }

  onHeaders(status: number, raw: Buffer[]): boolean {
    this.#handler.onResponseStart(this, status, readHeaders(raw));
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#handler.onResponseData(this, chunk);
    return true;
  }

  onComplete(): void {
    this.#handler.onResponseEnd(this);
  }

  onError(error: Error): void {
    this.#handler.onResponseError(this.#abort === undefined ? undefined : this, error);
  }
}

type Value = string | string[] | undefined;

/** Picks the headers that are read. Names are told apart by their length first, so that the others never become text. */
export function readHeaders(raw: readonly Buffer[]): ResponseHeaders {
  let type: Value;
  let encoding: Value;
  let length: Value;
  let retryAfter: Value;
  let sessionId: Value;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] as Buffer;
    const value = raw[index + 1] as Buffer;
    switch (name.length) {
      case 11:
        if (isNamed(name, 'retry-after')) retryAfter = joined(retryAfter, value);
        break;
      case 12:
        if (isNamed(name, 'content-type')) type = joined(type, value);
        break;
      case 14:
        if (isNamed(name, 'content-length')) length = joined(length, value);
        else if (isNamed(name, 'mcp-session-id')) sessionId = joined(sessionId, value);
        break;
      case 16:
        if (isNamed(name, 'content-encoding')) encoding = joined(encoding, value);
        break;
    }
  }
  return {
    'content-type': type,
    'content-encoding': encoding,
    'content-length': length,
    'retry-after': retryAfter,
    'mcp-session-id': sessionId,
  };
}

function isNamed(name: Buffer, lowerCase: string): boolean {
  return name.toString('latin1').toLowerCase() === lowerCase;
}

function joined(earlier: Value, value: Buffer): Value {
  const text = value.toString('latin1');
  if (earlier === undefined) return text;
  return typeof earlier === 'string' ? [earlier, text] : [...earlier, text];
}
