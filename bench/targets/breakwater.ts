import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type TargetProcess } from './target-process.ts';

const CLI = fileURLToPath(new URL('../../dist/admin/cli/main.js', import.meta.url));

/** Name of the upstream in the configuration; the exposed tool is `bench__echo`. */
const UPSTREAM = 'bench';
export const BREAKWATER_TOOL: string = `${UPSTREAM}__echo`;

/**
 * Everything that is on by default stays on: token check, scopes, schema
 * validation, limiter, concurrency, breaker, deadline, response cap, audit.
 * Only numbers change: the rate limit is raised until it no longer refuses,
 * and loopback is allowed as a destination, because the upstream is there.
 */
function configuration(upstreamUrl: string): object {
  return {
    limits: { rate: { calls: 100_000, window_ms: 1_000 } },
    egress: { allow: ['127.0.0.0/8'] },
    mcpServers: { [UPSTREAM]: { type: 'http', url: upstreamUrl } },
  };
}

/** Starts the built command line, `dist/`, with a data folder of its own. */
export async function launchBreakwater(upstreamUrl: string): Promise<TargetProcess> {
  if (!existsSync(CLI))
    throw new Error(`${CLI} is missing: run \`npm run build\` first, or leave breakwater out with --targets`);
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const configPath = join(folder, 'breakwater.json');
  await writeFile(configPath, JSON.stringify(configuration(upstreamUrl)));
  const target = await launch({
    command: [
      process.execPath,
      CLI,
      'serve',
      '--json',
      '--config',
      configPath,
      '--data',
      join(folder, 'data'),
      '--port',
      '0',
    ],
  });
  return {
    ...target,
    stop: async () => {
      await target.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
