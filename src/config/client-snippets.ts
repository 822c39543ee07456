import type { JsonObject } from '../platform/json.ts';

/** The endpoint that a client is to be pointed at. */
export interface SnippetTarget {
  /** Full URL of the endpoint. */
  readonly url: string;
  /** Name of the entry. Default `breakwater`. */
  readonly name?: string;
}

/** A target and the token that is written out in the text. */
export interface SnippetTargetWithToken extends SnippetTarget {
  readonly token: string;
}

/** A call to show in a snippet. */
export interface SnippetCall {
  /** Exposed name of the tool. */
  readonly tool: string;
  readonly arguments: JsonObject;
}

const NAME_DEFAULT = 'breakwater';
const REVISION = '2026-07-28';

/** Variable that links refer to in place of the token. */
export const TOKEN_VARIABLE = 'BREAKWATER_TOKEN';

/**
 * Quotes a word for a POSIX shell. Single quotes switch off every expansion;
 * a single quote itself is written outside of them.
 */
export function shellQuote(word: string): string {
  if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An `mcp.json` to paste, for clients whose root key is `mcpServers`. */
export function mcpJsonSnippet(target: SnippetTargetWithToken): string {
  const entry = { type: 'http', url: target.url, headers: { Authorization: `Bearer ${target.token}` } };
  return `${JSON.stringify({ mcpServers: { [target.name ?? NAME_DEFAULT]: entry } }, null, 2)}\n`;
}

/** The command that adds the endpoint to Claude Code. */
export function claudeCommand(target: SnippetTargetWithToken): string {
  const words = ['claude', 'mcp', 'add', '--transport', 'http', target.name ?? NAME_DEFAULT, target.url];
  const header = shellQuote(`Authorization: Bearer ${target.token}`);
  return `${words.map(shellQuote).join(' ')} --header ${header}`;
}

/**
 * Encodes a header value as specification 2026-07-28, Streamable HTTP, says:
 * plain when it is visible ASCII without outer spaces and cannot be mistaken
 * for the encoded form, else `=?base64?…?=`.
 */
function headerValue(value: string): string {
  const isPlain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value);
  return isPlain ? value : `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

/**
 * One request by curl in revision 2026-07-28: no handshake, every header that
 * the revision requires. Without a call it asks for the list of tools.
 */
export function curlCommand(target: SnippetTargetWithToken, call?: SnippetCall): string {
  const method = call === undefined ? 'tools/list' : 'tools/call';
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method,
    params: {
      ...(call === undefined ? {} : { name: call.tool, arguments: call.arguments }),
      _meta: {
        'io.modelcontextprotocol/protocolVersion': REVISION,
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  };
  const headers = [
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Authorization: Bearer ${target.token}`,
    `MCP-Protocol-Version: ${REVISION}`,
    `Mcp-Method: ${method}`,
    ...(call === undefined ? [] : [`Mcp-Name: ${headerValue(call.tool)}`]),
  ];
  return [
    `curl -sS ${shellQuote(target.url)}`,
    ...headers.map((header) => `-H ${shellQuote(header)}`),
    `--data-binary ${shellQuote(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}

/**
 * A link that adds the endpoint to Cursor. Links end up in histories and chats,
 * so the token is a reference to BREAKWATER_TOKEN in Cursor's own syntax.
 */
export function cursorLink(target: SnippetTarget): string {
  const headers = { Authorization: `Bearer \${env:${TOKEN_VARIABLE}}` };
  const config = Buffer.from(JSON.stringify({ url: target.url, headers }), 'utf8').toString('base64');
  const query = new URLSearchParams({ name: target.name ?? NAME_DEFAULT, config });
  return `cursor://anysphere.cursor-deeplink/mcp/install?${query.toString()}`;
}

/** A link that adds the endpoint to VS Code, which asks for the token and keeps it in its own secret store. */
export function vsCodeLink(target: SnippetTarget): string {
  const id = 'breakwater-token';
  const config = {
    name: target.name ?? NAME_DEFAULT,
    type: 'http',
    url: target.url,
    headers: { Authorization: `Bearer \${input:${id}}` },
    inputs: [{ type: 'promptString', id, description: 'Breakwater token', password: true }],
  };
  return `vscode:mcp/install?${encodeURIComponent(JSON.stringify(config))}`;
}
