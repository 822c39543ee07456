import type { JsonObject } from '../platform/json.ts';
import { isJsonObject } from '../platform/json.ts';
import type { JsonPath } from './json-source.ts';

/**
 * `breakwater`: the gateway's own file, in which an unknown key is a mistake.
 * `client`: the file of an MCP client, which may hold keys that mean nothing here.
 */
export type FileKind = 'breakwater' | 'client';

/** Where the servers of a document stand and in whose words they are written. */
export interface ServersLocation {
  /** Path of the object that holds the servers. */
  readonly path: JsonPath;
  readonly servers: unknown;
  /** `{env:NAME}` is a variable (the files whose root key is `mcp`). */
  readonly hasBraceVariables: boolean;
}

/** Root keys in the order in which they are tried: a Gemini settings file has `mcpServers` and an unrelated `mcp`. */
const ROOT_KEYS = ['mcpServers', 'servers', 'context_servers', 'mcp_servers'] as const;

/** Base names under which clients keep their servers. */
const CLIENT_FILE_NAMES: ReadonlySet<string> = new Set([
  '.claude.json',
  '.mcp.json',
  'claude_desktop_config.json',
  'cline_mcp_settings.json',
  'mcp-config.json',
  'mcp.json',
  'mcp_config.json',
  'mcp_settings.json',
  'opencode.json',
  'opencode.jsonc',
  'settings.json',
  'settings.local.json',
]);

/** Keys of our own file that no client's file has at its root. */
export const OWN_ROOT_KEYS: readonly string[] = [
  '$schema',
  'project',
  'limits',
  'http',
  'egress',
  'mcpServers',
];

/** Finds the object that holds the servers; undefined when the document has none. */
export function findServers(root: JsonObject): ServersLocation | undefined {
  for (const key of ROOT_KEYS) {
    if (Object.hasOwn(root, key)) return { path: [key], servers: root[key], hasBraceVariables: false };
  }
  const mcp = root['mcp'];
  if (mcp === undefined) return undefined;
  // An editor's settings file nests them once more.
  if (isJsonObject(mcp) && isJsonObject(mcp['servers'])) {
    return { path: ['mcp', 'servers'], servers: mcp['servers'], hasBraceVariables: false };
  }
  return { path: ['mcp'], servers: mcp, hasBraceVariables: true };
}

/**
 * Decides how strictly unknown keys are taken. A file counts as a client's by
 * its well-known name or by a root key that only clients use; everything else
 * is ours, so that a misspelt limit never passes as somebody else's key.
 */
export function fileKindOf(file: string, location: ServersLocation | undefined): FileKind {
  const baseName = file.split(/[\\/]/).at(-1) ?? '';
  if (CLIENT_FILE_NAMES.has(baseName.toLowerCase())) return 'client';
  return location === undefined || location.path[0] === 'mcpServers' ? 'breakwater' : 'client';
}

/** Edit distance with neighbouring swaps, cut off at `max + 1`. For names of a few dozen characters. */
function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let beforePrevious: number[] = [];
  let previous: number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current: number[] = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a.charAt(row - 1) === b.charAt(column - 1);
      let best = (previous[column - 1] ?? 0) + (isSame ? 0 : 1);
      best = Math.min(best, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      const isSwap = a.charAt(row - 1) === b.charAt(column - 2) && a.charAt(row - 2) === b.charAt(column - 1);
      if (row > 1 && column > 1 && isSwap) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? max + 1;
}

/**
 * The known key that an unknown one was probably meant to be: equal without
 * case and separators, or at most two slips away (one for short names, where
 * two slips make any word another).
 */
export function suggestKey(unknown: string, known: readonly string[]): string | undefined {
  if (unknown.length > 64) return undefined;
  const plain = (key: string): string => key.toLowerCase().replace(/[-_\s]/g, '');
  const target = plain(unknown);
  let best: string | undefined;
  let bestDistance = target.length <= 4 ? 1 : 2;
  for (const key of known) {
    const distance = editDistance(target, plain(key), bestDistance);
    if (distance < bestDistance || (distance === bestDistance && best === undefined)) {
      best = key;
      bestDistance = distance;
    }
  }
  if (best !== undefined) return best;
  // A unit that was left off or put on: `timeout` for `timeout_ms`.
  return known.find((key) => key.startsWith(`${unknown}_`) || unknown.startsWith(`${key}_`));
}
