import type { JsonObject, JsonValue } from '../platform/json.ts';
import { isJsonObject } from '../platform/json.ts';
import type { FileKind } from './dialects.ts';
import { suggestKey } from './dialects.ts';
import type { JsonPath } from './json-source.ts';
import { formatPath } from './json-source.ts';

/** Something about one key of a server entry, in words for people. */
export interface EntryNote {
  readonly path: JsonPath;
  readonly message: string;
}

/** A server entry in the words of `breakwater.json`. */
export interface NormalisedEntry {
  readonly entry: JsonObject;
  /** Undefined: neither a URL nor a command says what it is, or both do. */
  readonly kind: 'http' | 'stdio' | undefined;
  /** Path of a normalised member as it stands in the file. Both paths start at the entry. */
  readonly originOf: (path: JsonPath) => JsonPath;
  readonly warnings: readonly EntryNote[];
  /** Set when the entry asks for what the gateway does not do: it is not served at all. */
  readonly refusal: EntryNote | undefined;
}

export interface NormaliseOptions {
  readonly fileKind: FileKind;
  readonly hasBraceVariables: boolean;
}

const TYPE_ALIASES: Readonly<Record<string, string>> = {
  http: 'http',
  'streamable-http': 'http',
  streamable_http: 'http',
  streamablehttp: 'http',
  remote: 'http',
  stdio: 'stdio',
  local: 'stdio',
};

/** Other spellings of our keys, in the order of precedence over the canonical key itself. */
const KEY_ALIASES: readonly (readonly [string, string])[] = [
  ['httpUrl', 'url'],
  ['serverUrl', 'url'],
  ['environment', 'env'],
  ['http_headers', 'headers'],
  ['transport', 'type'],
  ['transportType', 'type'],
];

const COMMON_KEYS = ['type', 'prefix', 'enabled', 'limits', 'tools'] as const;
const HTTP_KEYS: readonly string[] = [...COMMON_KEYS, 'url', 'headers'];
const STDIO_KEYS: readonly string[] = [...COMMON_KEYS, 'command', 'args', 'env', 'cwd'];
const ALL_KEYS: readonly string[] = [...new Set([...HTTP_KEYS, ...STDIO_KEYS])];

/** Keys of clients that mean nothing here, with what to do instead. Ignored with this warning in any file. */
const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  envFile: 'the file is not read; put the variables into env or into the environment of the gateway',
  timeout: 'ignored, because its unit differs between clients; use limits.timeout_ms',
  tool_timeout_sec: 'ignored; use limits.timeout_ms',
  startup_timeout_sec: 'ignored',
  oauth: 'ignored; the gateway sends the headers that are configured here',
  auth: 'ignored; the gateway sends the headers that are configured here',
  authProviderType: 'ignored; the gateway sends the headers that are configured here',
  alwaysAllow: 'ignored; approval is a matter of the client',
  autoApprove: 'ignored; approval is a matter of the client',
  trust: 'ignored; approval is a matter of the client',
  description: 'ignored',
  dev: 'ignored',
  sandboxEnabled: 'ignored; the process is not sandboxed',
  source: 'ignored',
};

const ALLOW_LIST_KEYS = ['includeTools', 'enabled_tools', 'enabledTools', 'allowedTools'] as const;
const DENY_LIST_KEYS = ['excludeTools', 'disabled_tools', 'disabledTools'] as const;

class EntryBuilder {
  readonly entry: JsonObject;
  readonly origins: Map<string, JsonPath> = new Map();
  readonly warnings: EntryNote[] = [];
  refusal: EntryNote | undefined;

  constructor(raw: JsonObject) {
    this.entry = { ...raw };
  }

  take(key: string): JsonValue | undefined {
    const value = this.entry[key];
    delete this.entry[key];
    return value;
  }

  warn(path: JsonPath, message: string): void {
    this.warnings.push({ path, message });
  }

  refuse(path: JsonPath, message: string): void {
    this.refusal ??= { path, message };
  }

  /** Sets a member of an object-valued key unless the file already has it. */
  setMember(at: { key: string; member: string; origin: JsonPath }, value: JsonValue): void {
    const current = this.entry[at.key];
    if (current !== undefined && !isJsonObject(current)) return;
    if (current !== undefined && Object.hasOwn(current, at.member)) return;
    this.entry[at.key] = { ...current, [at.member]: value };
    this.origins.set(formatPath([at.key, at.member]), at.origin);
  }
}

function isStringArray(value: JsonValue | undefined): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function renameKeys(builder: EntryBuilder): void {
  for (const [alias, key] of KEY_ALIASES) {
    if (!Object.hasOwn(builder.entry, alias)) continue;
    const value = builder.take(alias);
    if (Object.hasOwn(builder.entry, key))
      builder.warn([alias], `both ${alias} and ${key} are set; ${alias} is used`);
    if (value === undefined) continue;
    builder.entry[key] = value;
    builder.origins.set(key, [alias]);
  }
}

/** `"command": ["npx", "-y", "x"]` becomes a command and its arguments. */
function splitCommand(builder: EntryBuilder): void {
  const { command, args } = builder.entry;
  if (!Array.isArray(command) || command.length === 0) return;
  const [program, ...first] = command;
  const rest = Array.isArray(args) ? args : [];
  builder.entry['command'] = program;
  builder.origins.set('command', ['command', 0]);
  if (args !== undefined && !Array.isArray(args)) return;
  builder.entry['args'] = [...first, ...rest];
  first.forEach((_, index) => builder.origins.set(`args[${index}]`, ['command', index + 1]));
  rest.forEach((_, index) => builder.origins.set(`args[${first.length + index}]`, ['args', index]));
}

/** Keys that name a variable instead of holding a reference to it. */
function rewriteVariableNames(builder: EntryBuilder): void {
  const token = builder.entry['bearer_token_env_var'];
  if (typeof token === 'string') {
    builder.take('bearer_token_env_var');
    builder.setMember(
      { key: 'headers', member: 'Authorization', origin: ['bearer_token_env_var'] },
      `Bearer \${${token}}`,
    );
  }
  const headers = builder.entry['env_http_headers'];
  if (isJsonObject(headers)) {
    builder.take('env_http_headers');
    for (const [member, name] of Object.entries(headers)) {
      if (typeof name !== 'string') continue;
      builder.setMember({ key: 'headers', member, origin: ['env_http_headers', member] }, `\${${name}}`);
    }
  }
  const names = builder.entry['env_vars'];
  if (isStringArray(names)) {
    builder.take('env_vars');
    names.forEach((name, index) => {
      builder.setMember({ key: 'env', member: name, origin: ['env_vars', index] }, `\${${name}}`);
    });
  }
}

function rewriteEnabled(builder: EntryBuilder): void {
  if (typeof builder.entry['disabled'] !== 'boolean') return;
  const isDisabled = builder.take('disabled');
  if (isDisabled === true) builder.entry['enabled'] = false;
}

/**
 * Deny lists become `enabled: false` per tool. An allow list cannot be
 * expressed, and ignoring it would expose tools that the owner wanted hidden,
 * so the server is refused.
 */
function rewriteToolLists(builder: EntryBuilder): void {
  const { tools } = builder.entry;
  if (isStringArray(tools)) {
    builder.take('tools');
    if (!tools.includes('*')) builder.refuse(['tools'], ALLOW_LIST_REFUSAL);
  }
  for (const key of ALLOW_LIST_KEYS) {
    if (!Object.hasOwn(builder.entry, key)) continue;
    builder.take(key);
    builder.refuse([key], ALLOW_LIST_REFUSAL);
  }
  for (const key of DENY_LIST_KEYS) {
    if (!Object.hasOwn(builder.entry, key)) continue;
    const names = builder.take(key);
    if (!isStringArray(names)) {
      builder.refuse([key], 'a list of tools to hide must be an array of names');
      continue;
    }
    for (const [index, member] of names.entries()) {
      builder.setMember({ key: 'tools', member, origin: [key, index] }, { enabled: false });
    }
  }
}

const ALLOW_LIST_REFUSAL =
  'a list of allowed tools cannot be applied; remove it and switch off the other tools with "tools": {"name": {"enabled": false}}';

/** Settles `type` and returns the kind of server, from the type or else from what the entry has. */
function settleType(builder: EntryBuilder): 'http' | 'stdio' | undefined {
  const declared = builder.entry['type'];
  const hasUrl = Object.hasOwn(builder.entry, 'url');
  const hasCommand = Object.hasOwn(builder.entry, 'command');
  if (typeof declared === 'string') {
    const type = declared.toLowerCase();
    if (type === 'sse') {
      builder.refuse(
        ['type'],
        'the HTTP+SSE transport of 2024-11-05 is not supported; use the Streamable HTTP endpoint of this server with "type": "http"',
      );
      return 'http';
    }
    if (type === 'ws' || type === 'websocket') {
      builder.refuse(['type'], 'WebSocket is not an MCP transport; use "type": "http" or "stdio"');
      return 'http';
    }
    const known = Object.hasOwn(TYPE_ALIASES, type) ? TYPE_ALIASES[type] : undefined;
    if (known === 'http' || known === 'stdio') {
      builder.entry['type'] = known;
      return known;
    }
  }
  if (hasUrl === hasCommand) return undefined;
  return hasUrl ? 'http' : 'stdio';
}

/** Drops keys that are not ours: always those that clients are known to use, and any at all in a client's file. */
function dropForeignKeys(
  builder: EntryBuilder,
  kind: 'http' | 'stdio' | undefined,
  fileKind: FileKind,
): void {
  const known = kind === undefined ? ALL_KEYS : kind === 'http' ? HTTP_KEYS : STDIO_KEYS;
  for (const key of Object.keys(builder.entry)) {
    if (known.includes(key)) continue;
    const advice = Object.hasOwn(FOREIGN_KEYS, key) ? FOREIGN_KEYS[key] : undefined;
    if (advice === undefined && fileKind === 'breakwater') continue;
    builder.take(key);
    const suggestion = advice === undefined ? suggestKey(key, known) : undefined;
    builder.warn(
      [key],
      advice ?? `unknown key, ignored${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
    );
  }
}

/** `{env:NAME}` becomes `${env:NAME}`; `{file:…}` has no counterpart. */
function rewriteBraceVariables(builder: EntryBuilder): void {
  const rewrite = (value: JsonValue, path: JsonPath): JsonValue => {
    if (typeof value === 'string') {
      if (/\{file:[^}]*\}/.test(value)) builder.refuse(path, '{file:…} is not supported; use a variable');
      return value.replace(/(^|[^$])\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, '$1${env:$2}');
    }
    if (Array.isArray(value)) return value.map((item, index) => rewrite(item, [...path, index]));
    if (!isJsonObject(value)) return value;
    const members = Object.entries(value).map(([key, member]) => [
      key,
      rewrite(member ?? null, [...path, key]),
    ]);
    return Object.fromEntries(members) as JsonObject;
  };
  for (const [key, value] of Object.entries(builder.entry)) {
    if (value !== undefined) builder.entry[key] = rewrite(value, [key]);
  }
}

function originLookup(origins: ReadonlyMap<string, JsonPath>): (path: JsonPath) => JsonPath {
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const origin = origins.get(formatPath(path.slice(0, length)));
      if (origin !== undefined) return [...origin, ...path.slice(length)];
    }
    return path;
  };
}

/** Rewrites a server entry of any known client into the words of `breakwater.json`. Checks nothing. */
export function normaliseEntry(raw: JsonObject, options: NormaliseOptions): NormalisedEntry {
  const builder = new EntryBuilder(raw);
  if (options.hasBraceVariables) rewriteBraceVariables(builder);
  renameKeys(builder);
  splitCommand(builder);
  rewriteVariableNames(builder);
  rewriteEnabled(builder);
  rewriteToolLists(builder);
  const kind = settleType(builder);
  dropForeignKeys(builder, kind, options.fileKind);
  return {
    entry: builder.entry,
    kind,
    originOf: originLookup(builder.origins),
    warnings: builder.warnings,
    refusal: builder.refusal,
  };
}
