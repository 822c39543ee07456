import { readFileSync } from 'node:fs';
import { systemClock } from '../platform/clock.ts';
import { startStdioServer } from '../transports/stdio/index.ts';
import { createExampleServer } from './example-server.ts';

/**
 * The bundled MCP server that an unconfigured gateway fronts: small, harmless
 * and real, over stdio, in both eras. Nothing but messages goes to stdout.
 */
const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };

const server = createExampleServer({ clock: systemClock, version });
startStdioServer({ input: process.stdin, output: process.stdout, handler: server });

// The end of stdin is how a client says goodbye. What still runs is given up,
// or a `wait` would keep an orphaned process for a minute.
process.stdin.on('end', () => {
  server.cancelAll();
});
