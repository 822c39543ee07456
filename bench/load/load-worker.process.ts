/**
 * One process of the load generator: keep-alive connections over `node:net`,
 * one request in flight on each, the next one sent as soon as the answer has
 * been checked. Driven by `LoadDriver` over IPC.
 */
import { connect, type Socket } from 'node:net';
import { createAnswerCheck } from './check-answer.ts';
import type { Counted, FromWorker, ToWorker } from './messages.ts';
import { RequestTemplate } from './request-template.ts';
import { ResponseReader } from './response-reader.ts';

/** Latencies kept per cell: 16 MiB. More calls than that are counted, not timed. */
const LATENCIES_MAX = 4 * 1024 * 1024;

type RunMessage = Extract<ToWorker, { kind: 'run' }>;

class LoadRun {
  readonly #requests: RequestTemplate;
  readonly #check: ReturnType<typeof createAnswerCheck>;
  readonly #sockets: Socket[] = [];
  readonly #latenciesUs = new Uint32Array(LATENCIES_MAX);
  #calls = 0;
  #startedAt = performance.now();
  #stopped = false;
  #problem: string | undefined;

  constructor(message: RunMessage) {
    this.#requests = new RequestTemplate(message.template, message.idOffset);
    this.#check = createAnswerCheck(message.text);
    const { hostname, port } = new URL(message.template.url);
    for (let index = 0; index < message.connections; index += 1) {
      this.#sockets.push(this.#open(hostname, Number(port)));
    }
  }

  startMeasuring(): void {
    this.#calls = 0;
    this.#startedAt = performance.now();
  }

  /** Ends the run; what is still in flight is not counted. */
  stop(): Counted {
    this.#stopped = true;
    const elapsedMs = performance.now() - this.#startedAt;
    for (const socket of this.#sockets) socket.destroy();
    const latenciesUs = this.#latenciesUs.slice(0, Math.min(this.#calls, LATENCIES_MAX));
    return { calls: this.#calls, elapsedMs, latenciesUs, problem: this.#problem };
  }

  #open(host: string, port: number): Socket {
    const socket = connect({ host, port, noDelay: true });
    const reader = new ResponseReader();
    let current = this.#requests.next();
    let sentAt = 0;
    const send = (): void => {
      current = this.#requests.next();
      sentAt = performance.now();
      socket.write(current.bytes);
    };
    socket.on('connect', send);
    socket.on('data', (chunk: Buffer) => {
      try {
        const response = reader.push(chunk);
        if (response === undefined) return;
        const wrong = this.#check(response, current.id);
        if (wrong !== undefined) return this.#fail(wrong);
      } catch (error) {
        return this.#fail(String(error));
      }
      this.#count(performance.now() - sentAt);
      if (!this.#stopped) send();
    });
    socket.on('error', (error) => this.#fail(String(error)));
    socket.on('close', () => {
      if (!this.#stopped) this.#fail('the target closed a connection');
    });
    return socket;
  }

  #count(latencyMs: number): void {
    if (this.#calls < LATENCIES_MAX) this.#latenciesUs[this.#calls] = Math.round(latencyMs * 1000);
    this.#calls += 1;
  }

  #fail(problem: string): void {
    this.#problem ??= problem;
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}

let run: LoadRun | undefined;
process.on('message', (message: ToWorker) => {
  if (message.kind === 'run') run = new LoadRun(message);
  if (message.kind === 'measure') run?.startMeasuring();
  if (message.kind === 'stop' && run !== undefined) {
    tell({ kind: 'done', counted: run.stop() });
    run = undefined;
  }
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'idle' });
