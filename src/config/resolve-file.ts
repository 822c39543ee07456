import { basename, dirname } from 'node:path';
import { isJsonObject } from '../platform/json.ts';
import { CONFIG_SERVERS_MAX } from '../platform/limits.ts';
import type { ConfigDocument } from './document.ts';
import type { GatewayConfig, ServerConfig } from './gateway-config.ts';
import type { JsonPath } from './json-source.ts';
import { targetLimitsOf, toGatewayLimits } from './merge-limits.ts';
import type { ConfigReport } from './report.ts';
import { describeFound } from './report.ts';
import type { ResolveContext } from './resolve-server.ts';
import { resolveServer } from './resolve-server.ts';
import type { ConfigFile } from './schema.ts';
import { configFileSchema } from './schema.ts';
import { checkAgainst } from './schema-problems.ts';
import { NAME_RULE, SERVER_NAME } from './schema-server.ts';

export interface ResolveFileOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly report: ConfigReport;
}

/** Name of the gateway's own tools; a server of this name would be the gateway in front of itself. */
const OWN_NAME = 'breakwater';

/** Folders of editors inside a workspace, from which `${workspaceFolder}` is one level up. */
const EDITOR_FOLDERS: ReadonlySet<string> = new Set(['.cursor', '.gemini', '.github', '.kiro', '.vscode']);

/**
 * Turns a document into a configuration. Servers are checked also when the
 * settings are wrong (with default limits), so that everything is reported in
 * one run; the caller drops the result when the report has problems.
 */
export function resolveFile(document: ConfigDocument, options: ResolveFileOptions): GatewayConfig {
  const { report, env } = options;
  const settings = checkSettings(document, report);
  const limits = toGatewayLimits(settings.limits);
  const context: ResolveContext = {
    fileKind: document.fileKind,
    hasBraceVariables: document.location.hasBraceVariables,
    variables: { env, folders: knownFolders(document.baseFolder, env) },
    baseFolder: document.baseFolder,
    limits: targetLimitsOf(limits),
    report,
  };
  const resolved = resolveServers(document, context);
  const { http } = settings;
  return {
    file: document.file,
    project: settings.project,
    limits,
    http: {
      path: http.path,
      allowedHosts: http.allowed_hosts.map((host) => host.toLowerCase()),
      allowedOrigins: http.allowed_origins.map((origin) => origin.toLowerCase()),
    },
    egress: settings.egress,
    audit: { retentionDays: settings.audit.retention_days, durability: settings.audit.durability },
    ...resolved,
  };
}

function checkSettings(document: ConfigDocument, report: ConfigReport): ConfigFile {
  const checked = checkAgainst(configFileSchema, document.settings);
  if (checked.ok) return checked.value;
  for (const { path, mistake } of checked.mistakes) report.problem(path, mistake);
  return configFileSchema.parse({});
}

type ResolvedServers = Pick<GatewayConfig, 'servers' | 'disabledServers' | 'secrets'>;

function resolveServers(document: ConfigDocument, context: ResolveContext): ResolvedServers {
  const { path, servers: raw } = document.location;
  const servers: ServerConfig[] = [];
  const disabledServers: string[] = [];
  const secrets = new Set<string>();
  if (!isJsonObject(raw)) {
    context.report.problem(path, {
      expected: 'an object of servers by name',
      found: describeFound(raw, false),
    });
    return { servers, disabledServers, secrets };
  }
  const entries = Object.entries(raw);
  if (entries.length > CONFIG_SERVERS_MAX) {
    context.report.problem(path, {
      expected: `at most ${CONFIG_SERVERS_MAX} servers`,
      found: `${entries.length} servers`,
    });
    return { servers, disabledServers, secrets };
  }
  if (entries.length === 0) context.report.warn(path, 'no servers');
  const taken = new Map<string, string>();
  for (const [key, entry] of entries) {
    const name = settleName(key, { path: [...path, key], taken, context });
    if (name === undefined) continue;
    const resolved = resolveServer({ name, path: [...path, key], raw: entry }, context);
    if (resolved.status === 'disabled') disabledServers.push(name);
    if (resolved.status !== 'served') continue;
    servers.push(resolved.config);
    for (const secret of resolved.secrets) secrets.add(secret);
  }
  return { servers, disabledServers, secrets };
}

interface NamePlace {
  readonly path: JsonPath;
  /** Names in use, lower case, with the key of the file they came from. */
  readonly taken: Map<string, string>;
  readonly context: ResolveContext;
}

/**
 * The name under which an entry is served; undefined when it cannot be. Names
 * that differ only in case are duplicates: clients fold the case of tool names.
 * A client's looser names are rewritten with a warning.
 */
function settleName(key: string, place: NamePlace): string | undefined {
  const { path, taken, context } = place;
  const { report, fileKind } = context;
  const isValid = SERVER_NAME.test(key);
  const name = isValid || fileKind === 'breakwater' ? key : rewriteName(key);
  if (!SERVER_NAME.test(name)) {
    report.problem(path, { expected: `a server name of ${NAME_RULE}`, found: 'another name' });
    return name;
  }
  if (!isValid) report.warn(path, `served under the name ${name}, because names are ${NAME_RULE}`);
  if (name.toLowerCase() === OWN_NAME) {
    if (fileKind === 'client') report.refuse({ server: key, path, reason: OWN_NAME_REASON });
    else report.problem(path, { expected: 'another server name', found: OWN_NAME_REASON });
    return undefined;
  }
  const twin = taken.get(name.toLowerCase());
  if (twin !== undefined) {
    report.problem(path, {
      expected: 'a server name of its own (case does not count)',
      found: `the name of ${JSON.stringify(twin)}`,
    });
  }
  taken.set(name.toLowerCase(), key);
  return name;
}

const OWN_NAME_REASON = 'the name breakwater, which belongs to the gateway itself';

function rewriteName(key: string): string {
  return key
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 32)
    .replace(/-+$/, '');
}

function knownFolders(
  baseFolder: string,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const workspaceFolder = EDITOR_FOLDERS.has(basename(baseFolder)) ? dirname(baseFolder) : baseFolder;
  const userHome = env['HOME'] ?? env['USERPROFILE'];
  return userHome === undefined ? { workspaceFolder } : { workspaceFolder, userHome };
}
