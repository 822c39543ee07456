import { join } from 'node:path';
import { loadConfig, parseConfig } from '../../src/config/index.ts';
import { startGateway, type Gateway } from '../../src/gateway/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { createLogger } from '../../src/platform/logger.ts';
import type { Scope } from '../../src/tenancy/index.ts';
import { TestClock } from '../../src/testing/index.ts';
import { uuidv7 } from '../../src/platform/ids.ts';
import { modernRequest, rawPost, type RawPostResult } from './raw-post.ts';
import { tempDir } from './temp-dir.ts';

export interface InProcessOptions<C extends Clock> {
  /** As in a `breakwater.json`; undefined is the built-in default. */
  readonly config?: object;
  readonly clock: C;
  /** For `DATABASE_URL`. Default: empty, the embedded database. */
  readonly env?: NodeJS.ProcessEnv;
  readonly journal?: { readonly bytesMax: number; readonly segmentBytes: number };
}

/** A project of its own on a gateway that runs in this process, with a token. */
export interface TestProject {
  readonly projectId: string;
  readonly tokenId: string;
  readonly token: string;
}

export interface InProcessGateway<C extends Clock> {
  readonly gateway: Gateway;
  readonly clock: C;
  /** Log lines so far. */
  readonly log: readonly string[];
  /** A fresh project: its limits, breakers and audit rows are nobody else's. */
  readonly project: (options?: {
    scopes?: readonly Scope[];
    toolAllowList?: readonly string[];
  }) => Promise<TestProject>;
  readonly close: () => Promise<void>;
}

/** Starts the whole gateway in this process, on a clock that the test moves. */
export async function inProcessGateway<C extends Clock = TestClock>(
  options: InProcessOptions<C>,
): Promise<InProcessGateway<C>> {
  const folder = await tempDir();
  const log: string[] = [];
  const { clock } = options;
  const loaded =
    options.config === undefined
      ? await loadConfig({ env: {} })
      : parseConfig({ file: 'breakwater.json', text: JSON.stringify(options.config), env: {} });
  if (!loaded.ok) throw new Error(`the configuration is wrong: ${JSON.stringify(loaded.problems)}`);
  const gateway = await startGateway({
    config: loaded.config,
    dataDir: join(folder.path, 'data'),
    host: '127.0.0.1',
    port: 0,
    clock,
    logger: createLogger({ nowMs: () => clock.nowMs(), write: (line) => log.push(line), level: 'debug' }),
    env: options.env ?? {},
    ...(options.journal === undefined ? {} : { journal: options.journal }),
  });
  let projects = 0;
  return {
    gateway,
    clock,
    log,
    async project(wanted = {}) {
      const projectId = uuidv7(Date.now());
      projects += 1;
      await gateway.storage.projects.create({ id: projectId, name: `project ${String(projects)}` });
      const { record, token } = await gateway.storage.tokens.create({
        projectId,
        name: 'test',
        scopes: wanted.scopes ?? ['tools:call', 'tools:read'],
        ...(wanted.toolAllowList === undefined ? {} : { toolAllowList: wanted.toolAllowList }),
      });
      return { projectId, tokenId: record.id, token };
    },
    async close() {
      const closing = gateway.close();
      if (clock instanceof TestClock) {
        // Whatever waits for time to pass during the stop gets it.
        let isClosed = false;
        void closing.then(() => {
          isClosed = true;
        });
        while (!isClosed) {
          clock.advance(1_000);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
      await closing;
      await folder.remove();
    },
  };
}

/** What the gateway tells an agent when something says no. */
export interface ErrorShape {
  readonly status: 'error';
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly retry_after_ms?: number;
  readonly request_id: string;
  readonly commit_state?: string;
  readonly [detail: string]: unknown;
}

export interface CalledTool {
  readonly answer: RawPostResult;
  readonly isError: boolean;
  /** Text of the first content block; undefined when there is none. */
  readonly text: string | undefined;
  /** The error object of a refusal. Throws when the answer is none. */
  readonly error: () => ErrorShape;
}

/** One `tools/call` in revision 2026-07-28. */
export async function callTool(
  url: string,
  call: { readonly token?: string; readonly name: string; readonly arguments?: object },
): Promise<CalledTool> {
  const params = { name: call.name, arguments: call.arguments ?? {} };
  const answer = await rawPost(
    url,
    modernRequest('tools/call', params, call.token === undefined ? {} : { token: call.token }),
  );
  const message = (answer.body === '' ? {} : answer.json()) as {
    result?: { isError?: boolean; content?: { text?: string }[]; _meta?: Record<string, unknown> };
    error?: { data?: ErrorShape };
  };
  return {
    answer,
    isError: message.result?.isError === true,
    text: message.result?.content?.[0]?.text,
    error() {
      const shape = message.result?._meta?.['dev.breakwater/error'] ?? message.error?.data;
      if (shape === undefined)
        throw new Error(`the answer carries no error object: ${answer.body.slice(0, 500)}`);
      return shape as ErrorShape;
    },
  };
}
