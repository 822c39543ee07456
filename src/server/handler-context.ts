import type { Call } from '../pipeline/index.ts';
import type { Logger } from '../platform/logger.ts';
import {
  DeclaredFailure,
  type EgressInit,
  type FailOptions,
  type ProgressOptions,
  type RunInProject,
  type ToolContext,
} from '../definitions/index.ts';
import type { HandlerPorts } from './server-options.ts';

/** The context of one call: everything in it is made when the handler first asks for it. */
export class CallContext implements ToolContext {
  readonly project: { readonly id: string };
  readonly token: { readonly id: string };
  readonly requestId: string;
  readonly #ports: HandlerPorts;
  readonly #name: string;
  #controller: AbortController | undefined;
  #log: Logger | undefined;
  #aborted = false;
  #progress = Number.NEGATIVE_INFINITY;
  /** Handlers take their context apart (`{ fail, db }`), so these are no methods. */
  readonly db: RunInProject;
  readonly fetch: (url: string, init?: EgressInit) => Promise<Response>;
  readonly fail: (code: string, options?: FailOptions) => never;
  readonly progress: (progress: number, options?: ProgressOptions) => void;

  constructor(call: Call, name: string, ports: HandlerPorts) {
    const { principal, request } = call;
    this.project = { id: principal.projectId };
    this.token = { id: principal.tokenId };
    this.requestId = request.requestId;
    this.#ports = ports;
    this.#name = name;
    this.db = (work) => this.#db(work);
    this.fetch = (url, init) => this.#request(url, init);
    this.fail = fail;
    this.progress = (progress) => {
      this.#report(progress);
    };
  }

  /** An AbortController costs more than the rest of a cheap call, and most handlers never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  get log(): Logger {
    this.#log ??= this.#ports.logger.child({
      request_id: this.requestId,
      project_id: this.project.id,
      handler: this.#name,
    });
    return this.#log;
  }

  /** The runtime's side: the call is over. */
  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }

  #report(progress: number): void {
    if (!Number.isFinite(progress) || progress <= this.#progress) {
      // MCP asks for values that increase; a handler that goes backwards has a mistake worth a line.
      this.log.debug('progress_not_increasing');
      return;
    }
    this.#progress = progress;
  }

  #db<Result>(work: Parameters<RunInProject>[0]): Promise<Result> {
    const { database } = this.#ports;
    if (database === undefined) {
      return Promise.reject(new Error('ctx.db needs a database: pass `database` to createServer'));
    }
    return database.asProject(this.project.id, work) as Promise<Result>;
  }

  #request(url: string, init: EgressInit = {}): Promise<Response> {
    const send = this.#ports.fetch;
    if (send === undefined) {
      return Promise.reject(new Error('ctx.fetch needs the egress guard: pass `fetch` to createServer'));
    }
    return send(url, { ...init, signal: this.signal, projectId: this.project.id });
  }
}

function fail(code: string, options: FailOptions = {}): never {
  throw new DeclaredFailure(code, options);
}
