import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How to start a stdio server: an `mcpServers` entry, and arguments for a stdio client. */
export interface StdioLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

const resolver = createRequire(import.meta.url);

/** Runs a file of an installed package with this Node, without a shell, a shim or `npx` in between. */
function distFileOf(packageName: string, file: string): string {
  return join(dirname(resolver.resolve(`${packageName}/package.json`)), file);
}

/** The protocol's own exhaustive example server. */
export function everythingServer(): StdioLaunch {
  const file = distFileOf('@modelcontextprotocol/server-everything', 'dist/index.js');
  return { command: process.execPath, args: [file, 'stdio'] };
}

/** The reference file server, allowed to touch `root` only. */
export function filesystemServer(root: string): StdioLaunch {
  const file = distFileOf('@modelcontextprotocol/server-filesystem', 'dist/index.js');
  return { command: process.execPath, args: [file, root] };
}

/** The reference knowledge-graph server, keeping its data in `file`. */
export function memoryServer(file: string): StdioLaunch {
  const entry = distFileOf('@modelcontextprotocol/server-memory', 'dist/index.js');
  return { command: process.execPath, args: [entry], env: { MEMORY_FILE_PATH: file } };
}
