import { Duplex } from 'node:stream';
import type { EmbeddedEngine, EngineClient } from './engine.ts';
import { joinOwned } from './messages.ts';

/** Messages of the client after which the server answers: Query, Sync, Flush, CopyDone, CopyFail, password. */
const ENDS_A_FLIGHT = new Set(['Q', 'S', 'H', 'c', 'f', 'p'].map((type) => type.charCodeAt(0)));
const TERMINATE = 'X'.charCodeAt(0);

/**
 * The engine as the socket that a `pg` client writes to. Messages are held
 * back until the client waits for an answer, so that one statement is one
 * message to the worker and not five.
 */
export class EngineSocket extends Duplex implements EngineClient {
  readonly #engine: EmbeddedEngine;
  #held: Buffer[] = [];
  #isStarted = false;

  constructor(engine: EmbeddedEngine) {
    super({ allowHalfOpen: false });
    this.#engine = engine;
  }

  /** Called by `pg` in place of a TCP connect; port and host mean nothing here. */
  connect(): this {
    this.#engine.start().then(
      () => {
        if (this.destroyed) return;
        this.#engine.attach(this);
        this.emit('connect');
      },
      (error: Error) => {
        this.destroy(error);
      },
    );
    return this;
  }

  // `pg` calls these on every socket.
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  onBytes(data: Uint8Array): void {
    if (data.length > 0 && !this.destroyed && !this.writableEnded)
      this.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }

  onLost(error: Error): void {
    this.destroy(error);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#accept([chunk]);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#accept(chunks.map(({ chunk }) => chunk));
    done();
  }

  override _final(done: () => void): void {
    this.#engine.detach(this);
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#engine.detach(this);
    done(error);
  }

  #accept(chunks: readonly Buffer[]): void {
    this.#held.push(...chunks);
    const last = chunks.at(-1);
    if (last === undefined) return;
    if (this.#isStarted) {
      // `pg` writes whole messages, each in a chunk of its own or several in one; the last one decides.
      const type = lastMessageType(last);
      if (type === TERMINATE) {
        this.#held = [];
        return;
      }
      if (type === undefined || !ENDS_A_FLIGHT.has(type)) return;
    }
    this.#isStarted = true;
    const flight = joinOwned(this.#held);
    this.#held = [];
    this.#engine.send(this, flight);
  }
}

/** Type of the last whole message in `chunk`; undefined when the chunk ends in the middle of one. */
function lastMessageType(chunk: Buffer): number | undefined {
  let offset = 0;
  let type: number | undefined;
  while (offset < chunk.length) {
    if (offset + 5 > chunk.length) return undefined;
    type = chunk[offset];
    offset += 1 + chunk.readUInt32BE(offset + 1);
  }
  return offset === chunk.length ? type : undefined;
}
