import { CONFIG_STRING_CHARS_MAX } from '../platform/limits.ts';
import { checkHeaderValue, checkProcessString, checkUrl, isReservedHeader } from './checks.ts';
import type { JsonPath } from './json-source.ts';
import type { ConfigReport, Mistake } from './report.ts';
import type { HttpServerFile, StdioServerFile, ToolFile } from './schema-server.ts';

/** Where mistakes of one server go: a report, and the way from the entry's paths to the file's. */
export interface ServerReport {
  readonly report: ConfigReport;
  readonly placeOf: (path: JsonPath) => JsonPath;
}

/** One expanded string of an entry and what it has to be. */
interface FinalString {
  readonly path: JsonPath;
  readonly value: string;
  readonly check: (value: string) => Mistake | undefined;
}

/** Reports a mistake of an expanded string; true when there is none. */
function isSound(at: ServerReport, { path, value, check }: FinalString): boolean {
  const mistake: Mistake | undefined =
    value.length > CONFIG_STRING_CHARS_MAX
      ? { expected: `at most ${CONFIG_STRING_CHARS_MAX} characters`, found: 'a longer string' }
      : check(value);
  if (mistake !== undefined) at.report.problem(at.placeOf(path), mistake);
  return mistake === undefined;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Checks the final strings of a remote server; returns its headers without those that the gateway sets itself. */
export function checkHttpServer(server: HttpServerFile, at: ServerReport): Record<string, string> {
  const isUrlSound = isSound(at, { path: ['url'], value: server.url, check: checkUrl });
  const headers: Record<string, string> = {};
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(server.headers)) {
    const path = ['headers', name];
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (twin !== undefined) {
      const found = `the same header as ${twin}`;
      at.report.problem(at.placeOf(path), { expected: 'each header once (names ignore case)', found });
    } else if (isReservedHeader(name))
      at.report.warn(at.placeOf(path), 'ignored; the gateway sets this header itself');
    else if (isSound(at, { path, value, check: checkHeaderValue })) headers[name] = value;
  }
  if (isUrlSound && Object.keys(headers).length > 0) {
    const { protocol, hostname } = new URL(server.url);
    if (protocol === 'http:' && !LOOPBACK.test(hostname)) {
      at.report.warn(at.placeOf(['url']), 'headers go to this server unencrypted; use https://');
    }
  }
  return headers;
}

/** Checks the final strings of a local server. */
export function checkStdioServer(server: StdioServerFile, at: ServerReport): void {
  const check = (path: JsonPath, value: string): boolean =>
    isSound(at, { path, value, check: checkProcessString });
  if (server.command.trim() === '') {
    at.report.problem(at.placeOf(['command']), { expected: 'a program', found: 'an empty string' });
  } else check(['command'], server.command);
  for (const [index, arg] of server.args.entries()) check(['args', index], arg);
  for (const [name, value] of Object.entries(server.env)) check(['env', name], value);
  if (server.cwd !== undefined) check(['cwd'], server.cwd);
}

/** Two tools of one server must not be shown under one name. */
export function checkToolNames(tools: Readonly<Record<string, ToolFile>>, at: ServerReport): void {
  const shown = new Map<string, string>();
  for (const [remoteName, tool] of Object.entries(tools)) {
    const name = tool.name ?? remoteName;
    const other = shown.get(name);
    if (other === undefined) shown.set(name, remoteName);
    else if (tool.enabled) {
      const place = at.placeOf(
        tool.name === undefined ? ['tools', remoteName] : ['tools', remoteName, 'name'],
      );
      at.report.problem(place, { expected: 'a name of its own', found: `the name of the tool ${other}` });
    }
  }
}
