import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { GATEWAY_CLI, gatewayEnvironment, writeGatewayConfig } from '../gateway-process.ts';
import { tempDir } from '../temp-dir.ts';
import { observeMessage, type Observed } from './observation.ts';

export interface FrontStdio {
  /** The lines it wrote, each read as an answer. */
  readonly answers: readonly Observed[];
  readonly code: number | null;
  /** From the end of its input to its own end. */
  readonly endedAfterMs: number;
}

export interface FrontStdioOptions {
  readonly config: object;
  /** Writes what the client sends; the input is closed afterwards. */
  readonly client: (input: Writable) => void;
  /** The client reads nothing and closes its end of the output at once. */
  readonly isDeaf?: boolean;
}

/** Runs `breakwater stdio` as a client does that starts it, until it ends. */
export async function frontStdio(options: FrontStdioOptions): Promise<FrontStdio> {
  const home = await tempDir();
  const path = await writeGatewayConfig(home.path, options.config);
  const words = [GATEWAY_CLI, 'stdio', '--config', path, '--data', join(home.path, 'data')];
  const child = spawn(process.execPath, words, {
    env: gatewayEnvironment(home.path),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const output: Buffer[] = [];
  if (options.isDeaf === true) child.stdout.destroy();
  else child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.on('error', () => {});
  options.client(child.stdin);
  child.stdin.end();
  const startedAt = performance.now();
  const [code] = (await once(child, 'close')) as [number | null];
  const endedAfterMs = performance.now() - startedAt;
  await home.remove();
  const text = Buffer.concat(output).toString();
  const answers = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Observed => {
      const nothing = { headers: {}, isClosed: true, text: line, body: line, elapsedMs: 0 };
      return { ...nothing, ...observeMessage(line, null) };
    });
  return { answers, code, endedAfterMs };
}
