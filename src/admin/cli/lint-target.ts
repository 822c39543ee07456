import { basename } from 'node:path';
import { formatFindings, type GatewayConfig, type ServerConfig } from '../../config/index.ts';
import type { LintInput, LintPeer } from '../../definitions/lint/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { escapeForLog } from '../../platform/logger.ts';
import type { ServerSpec } from './lint-connect.ts';
import { LintUsageError, type LintFlags, type LintRequest } from './lint-flags.ts';
import type { LintIo } from './lint-io.ts';

/** One server, or one file, ready to be linted. */
export interface LoadedTarget {
  readonly name: string;
  readonly input: LintInput;
}

export interface LoadedTargets {
  /** What was asked for, in words. */
  readonly target: string;
  readonly loaded: readonly LoadedTarget[];
  readonly failures: readonly { readonly target: string; readonly reason: string }[];
  /** The document that the tools came from, when it was a file; fixes are written into it. */
  readonly file: { readonly path: string; readonly document: JsonValue } | undefined;
}

/** Finds out what the target is and gets its definitions. Throws LintUsageError when it is nothing. */
export async function loadTargets(request: LintRequest, io: LintIo): Promise<LoadedTargets> {
  const { target, command, flags } = request;
  const [program, ...args] = command;
  if (program !== undefined) {
    const spec: ServerSpec = {
      type: 'stdio',
      name: nameOfCommand(command),
      command: program,
      args,
      env: childEnv(flags, io),
    };
    return connectAll(command.join(' '), [spec], { flags, io });
  }
  if (target === undefined)
    throw new LintUsageError('Say what to lint: a file, a configuration, a URL, or -- and a command.');
  if (target === '-') return fileTargets('stdin', await io.readStdin(), undefined);
  if (/^https?:\/\//i.test(target)) {
    const spec: ServerSpec = {
      type: 'http',
      name: hostOf(target),
      url: target,
      headers: headersOf(flags, io),
      allowCidrs: [],
    };
    return connectAll(withoutQuery(target), [spec], { flags, io });
  }
  const text = await io.readText(target);
  const document = parseDefinitions(text);
  if (document !== undefined) return fileTargets(target, document, target);
  return configTargets(target, { flags, io });
}

/** The document, when it is one of definitions; undefined when it may be a configuration. */
function parseDefinitions(text: string): JsonValue | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  return toolsMember(value) === undefined ? undefined : value;
}

/** The object that holds the list of tools: the document, or the result of a JSON-RPC answer. */
function holderOf(document: JsonValue): JsonObject | undefined {
  if (!isJsonObject(document)) return undefined;
  const { result } = document;
  return isJsonObject(result) && Array.isArray(result['tools']) ? result : document;
}

function toolsMember(document: JsonValue): JsonValue[] | undefined {
  if (Array.isArray(document)) return document;
  const tools = holderOf(document)?.['tools'];
  return Array.isArray(tools) ? tools : undefined;
}

/** Puts other tools into the place of those of a document. */
export function replaceTools(document: JsonValue, tools: readonly unknown[]): JsonValue {
  const replaced = tools as JsonValue[];
  if (Array.isArray(document)) return replaced;
  if (!isJsonObject(document)) return document;
  const holder = holderOf(document);
  return holder === document
    ? { ...document, tools: replaced }
    : { ...document, result: { ...holder, tools: replaced } };
}

function fileTargets(name: string, content: JsonValue | string, path: string | undefined): LoadedTargets {
  const document = typeof content === 'string' ? parseDefinitions(content) : content;
  const tools = document === undefined ? undefined : toolsMember(document);
  if (document === undefined || tools === undefined) {
    throw new LintUsageError(`${escapeForLog(name)} is neither a tools/list result nor an array of tools.`);
  }
  const holder = holderOf(document) ?? {};
  const input: LintInput = { tools, ...listsOf(holder), ...serverOf(holder) };
  const file = path === undefined ? undefined : { path, document };
  return { target: name, loaded: [{ name, input }], failures: [], file };
}

function listsOf(holder: JsonObject): Partial<LintInput> {
  const { resources, resourceTemplates, prompts } = holder;
  return {
    ...(Array.isArray(resources) ? { resources } : {}),
    ...(Array.isArray(resourceTemplates) ? { resourceTemplates } : {}),
    ...(Array.isArray(prompts) ? { prompts } : {}),
  };
}

/** What a file says about the server, under `server` or as in the answer to a handshake. */
function serverOf(holder: JsonObject): Pick<LintInput, 'server'> {
  const { server, serverInfo, instructions: text } = holder;
  const info = isJsonObject(server) ? server : isJsonObject(serverInfo) ? serverInfo : undefined;
  if (info === undefined && typeof text !== 'string') return {};
  const { name, version, instructions = text } = info ?? {};
  return {
    server: {
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof version === 'string' ? { version } : {}),
      ...(typeof instructions === 'string' ? { instructions } : {}),
    },
  };
}

interface Context {
  readonly flags: LintFlags;
  readonly io: LintIo;
  /** The servers have the names that an agent knows them by. */
  readonly isNamed?: boolean;
}

async function configTargets(file: string, context: Context): Promise<LoadedTargets> {
  const { flags, io } = context;
  const result = await io.loadConfig(file);
  if (!result.ok) {
    const findings = formatFindings({ problems: result.problems, refusedServers: result.refusedServers });
    throw new LintUsageError(
      `${escapeForLog(file)} is neither a list of tools nor a configuration of servers.\n${findings}`.trimEnd(),
    );
  }
  const { config } = result;
  const wanted = new Set(flags.server);
  const isWanted = (name: string): boolean => wanted.size === 0 || wanted.has(name);
  const known = [
    ...config.servers.map(({ name }) => name),
    ...result.refusedServers.map(({ server }) => server),
  ];
  const unknown = flags.server.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new LintUsageError(
      `There is no server ${escapeForLog(unknown)}; there are ${known.map(escapeForLog).join(', ')}.`,
    );
  }
  const servers = config.servers.filter(({ name }) => isWanted(name));
  const refused = result.refusedServers.filter(({ server }) => isWanted(server));
  const connected = await connectAll(
    file,
    servers.map((server) => specOf(server, config)),
    { ...context, isNamed: true },
  );
  const failures = [
    ...refused.map(({ server, reason }) => ({ target: server, reason })),
    ...connected.failures,
  ];
  if (connected.loaded.length + failures.length === 0)
    throw new LintUsageError(`${escapeForLog(file)} names no server.`);
  const prefixes = new Map(servers.map(({ name, prefix }) => [name, prefix]));
  return { ...connected, failures, loaded: withPeers(connected.loaded, prefixes) };
}

function specOf(server: ServerConfig, config: GatewayConfig): ServerSpec {
  const { name } = server;
  if (server.type === 'http') {
    return { type: 'http', name, url: server.url, headers: server.headers, allowCidrs: config.egress.allow };
  }
  const { command, args, env, cwd } = server;
  return { type: 'stdio', name, command, args, env, ...(cwd === undefined ? {} : { cwd }) };
}

/** Tells each server of the others, so that colliding names and foreign tools in descriptions are found. */
function withPeers(loaded: readonly LoadedTarget[], prefixes: ReadonlyMap<string, string>): LoadedTarget[] {
  const peers = loaded.map(
    ({ name, input }): LintPeer => ({
      server: name,
      prefix: prefixes.get(name) ?? '',
      tools: input.tools.flatMap((tool) =>
        isJsonObject(tool) && typeof tool['name'] === 'string' ? [tool['name']] : [],
      ),
    }),
  );
  return loaded.map(({ name, input }) => ({
    name,
    input: {
      ...input,
      // Hosts put the name of the configuration before a tool, not the one that a server gives itself.
      server: { ...input.server, name },
      prefix: prefixes.get(name) ?? '',
      peers: peers.filter(({ server }) => server !== name),
    },
  }));
}

/** One after the other: each may start a process, and a slow machine would time all of them out at once. */
async function connectAll(
  target: string,
  specs: readonly ServerSpec[],
  { flags, io, isNamed = false }: Context,
): Promise<LoadedTargets> {
  const loaded: LoadedTarget[] = [];
  const failures: { target: string; reason: string }[] = [];
  for (const spec of specs) {
    const result = await io.connect(spec, flags.timeoutMs);
    // A server that was not given a name in a file goes by the one it gives itself.
    const ownName = isNamed ? undefined : result.ok ? result.input.server?.name : undefined;
    if (result.ok) loaded.push({ name: ownName ?? spec.name, input: result.input });
    else failures.push({ target: spec.name, reason: result.reason });
  }
  return { target, loaded, failures, file: undefined };
}

/** `node server.js --port 0` is known by its script, `npx -y @scope/server` by its package. */
function nameOfCommand([program = '', ...args]: readonly string[]): string {
  const script = args.find((word) => /^[\w@][\w@.:/\\-]{0,199}$|^[./\\][\w@.:/\\-]{0,199}$/.test(word));
  return basename(script ?? program) || program;
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Reports are kept and shared; what stands behind the question mark may be a key. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//');
}

function childEnv(flags: LintFlags, io: LintIo): Record<string, string> {
  const env: Record<string, string> = {};
  for (const entry of flags.env) {
    const at = entry.indexOf('=');
    const name = at === -1 ? entry : entry.slice(0, at);
    const value = at === -1 ? io.env[name] : entry.slice(at + 1);
    if (value === undefined) throw new LintUsageError(`The variable ${escapeForLog(name)} is not set.`);
    env[name] = value;
  }
  return env;
}

function headersOf(flags: LintFlags, io: LintIo): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const header of flags.header) {
    const at = header.indexOf(':');
    // The value may be a secret: it is not repeated.
    if (at < 1) throw new LintUsageError('A header has the form "Name: value".');
    headers[header.slice(0, at).trim()] = header.slice(at + 1).trim();
  }
  if (flags.bearerEnv !== undefined) {
    const token = io.env[flags.bearerEnv];
    if (token === undefined || token === '')
      throw new LintUsageError(`The variable ${escapeForLog(flags.bearerEnv)} is not set.`);
    headers['Authorization'] = `Bearer ${token}`;
  }
  return headers;
}
