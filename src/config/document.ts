import { basename, dirname, resolve } from 'node:path';
import type { JsonObject } from '../platform/json.ts';
import { BUNDLED_SERVER_NAME, bundledServerEntry } from './bundled-server.ts';
import type { FileKind, ServersLocation } from './dialects.ts';
import { fileKindOf, findServers, OWN_ROOT_KEYS, suggestKey } from './dialects.ts';
import type { ConfigReport } from './report.ts';

/** The parts of a document, still unchecked. */
export interface ConfigDocument {
  readonly file: string | undefined;
  readonly fileKind: FileKind;
  /** Everything at the root that is ours, without the servers. */
  readonly settings: JsonObject;
  readonly location: ServersLocation;
  readonly baseFolder: string;
}

/** A document without a servers key: only the bundled example server. */
export function bundledDocument(file: string | undefined, baseFolder: string): ConfigDocument {
  const servers = { [BUNDLED_SERVER_NAME]: bundledServerEntry() };
  const location = { path: ['mcpServers'], servers, hasBraceVariables: false };
  return { file, fileKind: 'breakwater', settings: {}, location, baseFolder };
}

/** Takes a parsed file apart. Reports what cannot be told apart; checks nothing else. */
export function readDocument(file: string, root: JsonObject, report: ConfigReport): ConfigDocument {
  const location = findServers(root);
  const fileKind = fileKindOf(file, location);
  const baseFolder = dirname(resolve(file));
  const settings = fileKind === 'breakwater' ? { ...root } : clientSettings(file, root, report);
  const [serversKey] = location?.path ?? [];
  if (serversKey !== undefined) delete settings[serversKey];
  if (location !== undefined) return { file, fileKind, settings, location, baseFolder };
  if (fileKind === 'client') {
    report.problem([], { expected: 'the key mcpServers', found: 'no key that holds servers' });
  }
  // A file of ours that only tunes limits keeps the default server.
  return { ...bundledDocument(file, baseFolder), fileKind, settings };
}

/**
 * What of a client's file is ours. A file for MCP servers may carry our
 * settings; an editor's settings file may not, since its `http` means
 * something else. Keys that look like a slip of ours are worth a warning.
 */
function clientSettings(file: string, root: JsonObject, report: ConfigReport): JsonObject {
  const isServersFile = basename(file).toLowerCase().includes('mcp');
  const settings: JsonObject = {};
  if (!isServersFile) return settings;
  for (const [key, value] of Object.entries(root)) {
    if (OWN_ROOT_KEYS.includes(key)) {
      if (key !== '$schema') settings[key] = value;
      continue;
    }
    const suggestion = suggestKey(key, OWN_ROOT_KEYS);
    if (suggestion !== undefined && !SERVER_ROOT_KEYS.includes(key)) {
      report.warn([key], `unknown key, ignored; did you mean ${suggestion}?`);
    }
  }
  return settings;
}

const SERVER_ROOT_KEYS: readonly string[] = ['servers', 'mcp', 'context_servers', 'mcp_servers'];
