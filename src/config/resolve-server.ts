import { isAbsolute, resolve } from 'node:path';
import type { TargetLimits } from '../pipeline/target.ts';
import { isJsonObject } from '../platform/json.ts';
import { checkHttpServer, checkStdioServer, checkToolNames } from './check-server.ts';
import { configRevisionOf } from './config-revision.ts';
import type { FileKind } from './dialects.ts';
import type { ExpandContext } from './expand.ts';
import { ServerExpander } from './expand-server.ts';
import type { ServerConfig, ToolConfig } from './gateway-config.ts';
import type { JsonPath } from './json-source.ts';
import { narrowLimits } from './merge-limits.ts';
import type { NormalisedEntry } from './normalise-entry.ts';
import { normaliseEntry } from './normalise-entry.ts';
import type { ConfigReport } from './report.ts';
import { describeFound } from './report.ts';
import { checkAgainst } from './schema-problems.ts';
import type { HttpServerFile, StdioServerFile } from './schema-server.ts';
import { httpServerSchema, stdioServerSchema } from './schema-server.ts';
import { collectNamedSecrets, collectUrlSecrets } from './secret-literals.ts';

/** What a server entry is resolved against. */
export interface ResolveContext {
  readonly fileKind: FileKind;
  readonly hasBraceVariables: boolean;
  readonly variables: ExpandContext;
  /** Folder that a relative `cwd` starts from. */
  readonly baseFolder: string;
  readonly limits: TargetLimits;
  readonly report: ConfigReport;
}

/** One entry of the file. */
export interface RawServer {
  readonly name: string;
  readonly path: JsonPath;
  readonly raw: unknown;
}

export type ResolvedServer =
  | { readonly status: 'served'; readonly config: ServerConfig; readonly secrets: ReadonlySet<string> }
  | { readonly status: 'disabled' }
  /** Refused, or wrong: the report has the reason. */
  | { readonly status: 'left_out' };

const LEFT_OUT: ResolvedServer = { status: 'left_out' };

/** Turns one entry into the server to serve, or reports everything that stands against it. */
export function resolveServer(server: RawServer, context: ResolveContext): ResolvedServer {
  const { report } = context;
  if (!isJsonObject(server.raw)) {
    report.problem(server.path, { expected: 'an object', found: describeFound(server.raw, false) });
    return LEFT_OUT;
  }
  const normalised = normaliseEntry(server.raw, context);
  const placeOf = (path: JsonPath): JsonPath => [...server.path, ...normalised.originOf(path)];
  for (const { path, message } of normalised.warnings) report.warn([...server.path, ...path], message);
  const isDisabled = normalised.entry['enabled'] === false;
  if (normalised.refusal !== undefined && !isDisabled) {
    const { path, message } = normalised.refusal;
    const at = normalised.originOf(path);
    report.refuse({ server: server.name, path: [...server.path, ...at], reason: message });
    return LEFT_OUT;
  }
  if (isDisabled && normalised.refusal !== undefined) return { status: 'disabled' };
  if (normalised.kind === undefined) {
    const hasBoth = Object.hasOwn(normalised.entry, 'url');
    report.problem(server.path, { expected: 'either url or command', found: hasBoth ? 'both' : 'neither' });
    return LEFT_OUT;
  }
  const checked = checkEntry(normalised, { report, placeOf });
  if (checked === undefined) return LEFT_OUT;
  if (isDisabled) return { status: 'disabled' };
  return expandAndCheck(server, checked, { ...context, placeOf });
}

interface PlacedReport {
  readonly report: ConfigReport;
  readonly placeOf: (path: JsonPath) => JsonPath;
}

const HTTP_ONLY: readonly string[] = ['url', 'headers'];
const STDIO_ONLY: readonly string[] = ['command', 'args', 'env', 'cwd'];

function checkEntry(
  normalised: NormalisedEntry,
  at: PlacedReport,
): HttpServerFile | StdioServerFile | undefined {
  const { entry, kind } = normalised;
  const result =
    kind === 'http' ? checkAgainst(httpServerSchema, entry) : checkAgainst(stdioServerSchema, entry);
  if (result.ok) return result.value;
  const misplaced = kind === 'http' ? STDIO_ONLY : HTTP_ONLY;
  for (const { path, mistake } of result.mistakes) {
    const [key] = path;
    const isMisplaced = path.length === 1 && typeof key === 'string' && misplaced.includes(key);
    const other = kind === 'http' ? 'a command' : 'a url';
    at.report.problem(
      at.placeOf(path),
      isMisplaced ? { ...mistake, hint: `${key} is for servers with ${other}` } : mistake,
    );
  }
  return undefined;
}

function expandAndCheck(
  server: RawServer,
  entry: HttpServerFile | StdioServerFile,
  context: ResolveContext & PlacedReport,
): ResolvedServer {
  const { report, placeOf } = context;
  const expander = new ServerExpander(context.variables, report, placeOf);
  const expanded = isStdio(entry) ? expander.expandStdio(entry) : expander.expandHttp(entry);
  checkToolNames(entry.tools, context);
  const refusal = expander.refusal(server.name);
  if (refusal !== undefined) {
    report.refuse(refusal);
    return LEFT_OUT;
  }
  const problemsBefore = report.problems.length;
  const connection = isStdio(expanded)
    ? stdioConnection(expanded, context)
    : httpConnection(expanded, context);
  if (report.problems.length > problemsBefore) return LEFT_OUT;
  const secrets = new Set(expander.secrets);
  if (connection.type === 'http') {
    collectNamedSecrets(connection.headers, secrets);
    collectUrlSecrets(connection.url, secrets);
  } else collectNamedSecrets(connection.env, secrets);
  const limits = narrowLimits(context.limits, entry.limits);
  const tools = new Map<string, ToolConfig>(
    Object.entries(entry.tools).map(([remoteName, tool]) => [
      remoteName,
      { name: tool.name, enabled: tool.enabled, limits: narrowLimits(limits, tool.limits) },
    ]),
  );
  const described = { ...connection, name: server.name, prefix: entry.prefix ?? server.name, limits, tools };
  return { status: 'served', config: { ...described, configRevision: configRevisionOf(described) }, secrets };
}

function isStdio(entry: HttpServerFile | StdioServerFile): entry is StdioServerFile {
  return entry.type === 'stdio';
}

type HttpConnection = { type: 'http'; url: string; headers: Record<string, string> };
type StdioConnection = {
  type: 'stdio';
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string | undefined;
};

function httpConnection(server: HttpServerFile, context: ResolveContext & PlacedReport): HttpConnection {
  return { type: 'http', url: server.url, headers: checkHttpServer(server, context) };
}

function stdioConnection(server: StdioServerFile, context: ResolveContext & PlacedReport): StdioConnection {
  checkStdioServer(server, context);
  const { command, args, env, cwd } = server;
  const folder = cwd === undefined || isAbsolute(cwd) ? cwd : resolve(context.baseFolder, cwd);
  return { type: 'stdio', command, args, env, cwd: folder };
}
