import type { LintInput } from '../../definitions/lint/index.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import {
  CURSOR_CHARS_MAX,
  RESPONSE_BYTES_MAX_DEFAULT,
  UPSTREAM_LIST_ITEMS_MAX,
  UPSTREAM_LIST_PAGES_MAX,
} from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import { VERSION } from '../../platform/version.ts';
import {
  createHttpUpstream,
  createStdioUpstream,
  type CallSignal,
  type Upstream,
  type UpstreamInfo,
} from '../../upstream/index.ts';
import { packageVersionOf } from './lint-package.ts';

type Outcome = Awaited<ReturnType<Upstream['request']>>;

/** A server to connect to. */
export type ServerSpec =
  | {
      readonly type: 'http';
      readonly name: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly allowCidrs: readonly string[];
    }
  | {
      readonly type: 'stdio';
      readonly name: string;
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string;
    };

export type ConnectResult =
  | { readonly ok: true; readonly input: LintInput }
  /** A sentence for people; may contain what the server wrote to stderr, unescaped. */
  | { readonly ok: false; readonly reason: string };

export type Connect = (spec: ServerSpec, timeoutMs: number) => Promise<ConnectResult>;

/** Connects to a server, lists what it offers, and closes it again. Calls no tool. Never rejects. */
export const connectServer: Connect = async (spec, timeoutMs) => {
  const stderr: string[] = [];
  const upstream = createUpstream(spec, stderrLogger(stderr));
  const signal = new Deadline(systemClock, timeoutMs);
  try {
    const connected = await upstream.connect(signal);
    if (!connected.ok)
      return { ok: false, reason: withStderr(reasonOf(connected.outcome, timeoutMs), stderr) };
    return await listAll(upstream, { info: connected.info, spec, signal, timeoutMs });
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'the server cannot be used' };
  } finally {
    signal.release();
    await upstream.close();
  }
};

function createUpstream(spec: ServerSpec, logger: Logger): Upstream {
  const common = {
    name: spec.name,
    clock: systemClock,
    logger,
    client: { name: 'breakwater-lint', version: VERSION },
  };
  if (spec.type === 'stdio') {
    const { command, args, env, cwd } = spec;
    return createStdioUpstream({ ...common, command, args, env, ...(cwd === undefined ? {} : { cwd }) });
  }
  // Whoever runs the command chose the address, as the operator does in a configuration.
  return createHttpUpstream({
    ...common,
    url: spec.url,
    headers: spec.headers,
    policy: { origin: 'operator', allowCidrs: spec.allowCidrs },
  });
}

interface Listing {
  readonly info: UpstreamInfo;
  readonly spec: ServerSpec;
  readonly signal: CallSignal;
  readonly timeoutMs: number;
}

const LISTS = [
  { member: 'tools', method: 'tools/list', capability: 'tools' },
  { member: 'resources', method: 'resources/list', capability: 'resources' },
  { member: 'resourceTemplates', method: 'resources/templates/list', capability: 'resources' },
  { member: 'prompts', method: 'prompts/list', capability: 'prompts' },
] as const;

async function listAll(upstream: Upstream, listing: Listing): Promise<ConnectResult> {
  const { info, spec } = listing;
  const lists: Partial<Record<(typeof LISTS)[number]['member'], JsonValue[]>> = {};
  for (const { member, method, capability } of LISTS) {
    if (!isJsonObject(info.capabilities[capability])) continue;
    const items = await listOne(upstream, { method, member }, listing);
    if (Array.isArray(items)) lists[member] = items;
    // Many servers declare a capability and answer only the list that they have.
    else if (member === 'tools') return { ok: false, reason: `${method} failed: ${items.reason}` };
  }
  const { name, version } = info.serverInfo ?? {};
  const packageVersion =
    spec.type === 'stdio' ? await packageVersionOf([spec.command, ...spec.args], spec.cwd) : undefined;
  return {
    ok: true,
    input: {
      tools: lists.tools ?? [],
      ...(lists.resources === undefined ? {} : { resources: lists.resources }),
      ...(lists.resourceTemplates === undefined ? {} : { resourceTemplates: lists.resourceTemplates }),
      ...(lists.prompts === undefined ? {} : { prompts: lists.prompts }),
      server: {
        ...(typeof name === 'string' ? { name } : {}),
        ...(typeof version === 'string' ? { version } : {}),
        ...(info.instructions === undefined ? {} : { instructions: info.instructions }),
        ...(packageVersion === undefined ? {} : { packageVersion }),
      },
    },
  };
}

/**
 * One list, page by page, exactly as it was sent: what the gateway would leave
 * out is what the linter is asked about.
 */
async function listOne(
  upstream: Upstream,
  { method, member }: { readonly method: string; readonly member: string },
  { signal, timeoutMs }: Listing,
): Promise<JsonValue[] | { readonly reason: string }> {
  const items: JsonValue[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < UPSTREAM_LIST_PAGES_MAX; page += 1) {
    const outcome = await upstream.request(method, cursor === undefined ? {} : { cursor }, {
      signal,
      responseBytesMax: RESPONSE_BYTES_MAX_DEFAULT,
    });
    const result = outcome.kind === 'ok' ? resultOf(outcome) : undefined;
    if (result === undefined) return { reason: reasonOf(outcome, timeoutMs) };
    const batch = result[member];
    if (!Array.isArray(batch)) return { reason: `the answer has no list of ${member}` };
    items.push(...batch.slice(0, UPSTREAM_LIST_ITEMS_MAX + 1));
    const next = result['nextCursor'];
    if (typeof next !== 'string' || next === cursor || next.length > CURSOR_CHARS_MAX) return items;
    // One more than is examined: the linter then says that there are more.
    if (items.length > UPSTREAM_LIST_ITEMS_MAX) return items;
    cursor = next;
  }
  return items;
}

function resultOf(outcome: Extract<Outcome, { kind: 'ok' }>): JsonObject | undefined {
  if (outcome.result.kind === 'value') return outcome.result.value;
  // The upstream's scanner has proven that these bytes are one JSON object within the bounds.
  const value: unknown = JSON.parse(outcome.result.bytes.toString('utf8'));
  return isJsonObject(value) ? value : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  upstream_unreachable: 'the server could not be reached or did not start',
  upstream_auth_failed: 'the server wants other credentials',
  upstream_redirect: 'the server redirects to another address; use that one',
  upstream_invalid_response: 'the server answered with something that is not MCP',
  upstream_error: 'the server answered with an error',
  response_too_large: 'the answer is too large',
  destination_blocked: 'the address may not be connected to',
};

function reasonOf(outcome: Outcome, timeoutMs: number): string {
  switch (outcome.kind) {
    case 'protocol_error':
      return `the server answered with the error ${outcome.code}: ${outcome.message}`;
    case 'refused':
    case 'failed': {
      const { code, message } = outcome.refusal;
      if (code === 'timeout') return `the server did not answer within ${timeoutMs} ms`;
      return REASONS[code] ?? message ?? code;
    }
    case 'cancelled':
      return `the server did not answer within ${timeoutMs} ms`;
    case 'ok':
    case 'tool_error':
      return 'the server answered with something that is not a list';
    default:
      return outcome satisfies never;
  }
}

/** Lines of stderr that a failure shows: the last ones say what went wrong. */
const STDERR_LINES_MAX = 3;

function withStderr(reason: string, stderr: readonly string[]): string {
  return stderr.length === 0 ? reason : `${reason}; it wrote: ${stderr.slice(-STDERR_LINES_MAX).join(' / ')}`;
}

/** Keeps the last lines of stderr, and drops everything else that the connector logs. */
function stderrLogger(stderr: string[]): Logger {
  const logger: Logger = {
    debug: () => {},
    info: (event, fields) => {
      if (event !== 'upstream_stderr') return;
      const line = fields?.['line'];
      // The connector starts a child again that died at once, and it says the same again.
      if (typeof line !== 'string' || line === '' || stderr.includes(line)) return;
      stderr.push(line);
      if (stderr.length > STDERR_LINES_MAX) stderr.shift();
    },
    warn: () => {},
    error: () => {},
    child: () => logger,
  };
  return logger;
}

/** One deadline for connecting and for all lists. */
class Deadline implements CallSignal {
  readonly abortCause = 'deadline';
  readonly #cancel: () => void;
  #isAborted = false;
  #listener: (() => void) | undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#cancel = clock.after(timeoutMs, () => {
      this.#isAborted = true;
      const listener = this.#listener;
      this.#listener = undefined;
      listener?.();
    });
  }

  get aborted(): boolean {
    return this.#isAborted;
  }

  onAbort(listener: () => void): () => void {
    if (this.#isAborted) {
      listener();
      return () => {};
    }
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }

  release(): void {
    this.#cancel();
  }
}
