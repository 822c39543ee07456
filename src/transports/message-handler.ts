import type { LegacyRevision } from '../protocol/index.ts';
import type { Credential } from '../tenancy/principal.ts';

/**
 * Whether the other side still waits for the answer. The transport says
 * `leave()` when the connection closes or the client cancels; the handler
 * listens. Costs one object per message and no AbortController.
 */
export class CallerPresence {
  #gone = false;
  #listener: (() => void) | undefined;

  get gone(): boolean {
    return this.#gone;
  }

  /** Adds a listener; it is called at once when the caller is already gone. */
  onLeave(listener: () => void): void {
    if (this.#gone) {
      listener();
      return;
    }
    const earlier = this.#listener;
    // One listener is the rule; only the calls of a batch share a caller.
    this.#listener =
      earlier === undefined
        ? listener
        : () => {
            earlier();
            listener();
          };
  }

  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.();
  }
}

/** Header values that mirror the body; absent members were not sent. Duplicates are refused before. */
export interface MirroredHeaderValues {
  readonly protocolVersion?: string | undefined;
  readonly method?: string | undefined;
  readonly name?: string | undefined;
  /** `Mcp-Param-*` headers by lower-case name, raw values. Undefined when there is none. */
  readonly params?: Readonly<Record<string, string>> | undefined;
}

/**
 * What belongs to one stdio process for its whole life. HTTP has no such
 * thing: every request there stands alone.
 */
export class ConnectionState {
  /** Revision agreed in a legacy `initialize`; undefined before it and for modern clients. */
  legacyRevision: LegacyRevision | undefined;
  /** Requests that wait for their answer, so that `notifications/cancelled` finds them. */
  readonly inFlight: Map<string | number, CallerPresence> = new Map();
}

/** One message as it arrived, with what its transport knows about it. */
export interface InboundMessage {
  readonly bytes: Buffer;
  readonly transport: 'http' | 'stdio';
  /** Upstream name of `/mcp/<upstream>`; undefined for the aggregated endpoint. */
  readonly endpoint: string | undefined;
  readonly credential: Credential;
  readonly headers: MirroredHeaderValues;
  readonly presence: CallerPresence;
  /** Only on stdio. */
  readonly connection?: ConnectionState;
}

/** The answer to one message. On stdio only `body` counts. */
export interface Reply {
  readonly httpStatus: number;
  /** Further response headers; standard ones are the transport's. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Parts of one JSON text, in order; undefined when there is no body (a notification, a cancelled call). */
  readonly body: readonly Buffer[] | undefined;
}

/** What a transport calls for each message. Never rejects. */
export interface MessageHandler {
  handle(message: InboundMessage): Promise<Reply>;
}
