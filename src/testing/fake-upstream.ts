import type { Outcome } from '../pipeline/index.ts';
import type { JsonObject } from '../platform/json.ts';
import type { Upstream, UpstreamInfo, UpstreamRequestOptions } from '../upstream/index.ts';

/** One request that a fake upstream received. */
export interface FakeRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly options: UpstreamRequestOptions;
}

/** What a fake upstream answers to a method: a result, an outcome, or something that takes its time. */
export type FakeAnswer = (
  params: JsonObject,
  options: UpstreamRequestOptions,
) => JsonObject | Outcome | Promise<JsonObject | Outcome>;

export interface FakeUpstreamOptions {
  readonly name?: string;
  readonly answers: Readonly<Record<string, FakeAnswer>>;
  readonly capabilities?: JsonObject;
}

/** An upstream in memory that records what it is asked. Set `isDown` to make it unreachable. */
export class FakeUpstream implements Upstream {
  readonly name: string;
  readonly requests: FakeRequest[] = [];
  readonly info: UpstreamInfo;
  readonly #answers: Readonly<Record<string, FakeAnswer>>;
  isDown = false;

  constructor(options: FakeUpstreamOptions) {
    this.name = options.name ?? 'fake';
    this.#answers = options.answers;
    this.info = {
      era: 'modern',
      revision: '2026-07-28',
      capabilities: options.capabilities ?? { tools: {}, resources: {}, prompts: {}, completions: {} },
    };
  }

  /** How often `method` was asked. */
  count(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  connect(): Promise<{ ok: true; info: UpstreamInfo } | { ok: false; outcome: Outcome }> {
    return Promise.resolve(this.isDown ? { ok: false, outcome: UNREACHABLE } : { ok: true, info: this.info });
  }

  async request(method: string, params: JsonObject, options: UpstreamRequestOptions): Promise<Outcome> {
    this.requests.push({ method, params, options });
    if (this.isDown) return UNREACHABLE;
    const answer = this.#answers[method];
    if (answer === undefined) return { kind: 'protocol_error', code: -32601, message: 'Method not found' };
    const value = await answer(params, options);
    return isOutcome(value) ? value : { kind: 'ok', result: asBytes(value) };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const UNREACHABLE: Outcome = { kind: 'failed', refusal: { code: 'upstream_unreachable' } };

function isOutcome(value: JsonObject | Outcome): value is Outcome {
  return typeof value['kind' as keyof typeof value] === 'string';
}

/** Results of real upstreams are bytes; so are these, to be spliced in the same way. */
function asBytes(value: JsonObject): (Outcome & { kind: 'ok' })['result'] {
  return {
    kind: 'bytes',
    bytes: Buffer.from(JSON.stringify(value)),
    isEmpty: Object.keys(value).length === 0,
    hasResultType: value['resultType'] !== undefined,
    hasMeta: value['_meta'] !== undefined,
  };
}
