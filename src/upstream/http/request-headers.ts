import type { JsonObject } from '../../platform/json.ts';
import { encodeHeaderValue } from '../../protocol/index.ts';
import type { ClientInfo, Session } from '../answer/session.ts';

/** The revision that did not have the `MCP-Protocol-Version` header yet. */
const REVISION_WITHOUT_VERSION_HEADER = '2025-03-26';

/**
 * Headers of every request to one upstream. No content coding is offered,
 * because a few kilobytes of gzip become megabytes after they were counted.
 */
export function baseHeaders(client: ClientInfo, configured: readonly string[]): readonly string[] {
  const hasUserAgent = configured.includes('user-agent');
  return [
    'content-type',
    'application/json',
    'accept',
    'application/json, text/event-stream',
    'accept-encoding',
    'identity',
    ...(hasUserAgent ? [] : ['user-agent', `${client.name}/${client.version}`]),
    ...configured,
  ];
}

/**
 * Mirrored headers of one modern request: transports/streamable-http.mdx of
 * 2026-07-28. `extra` holds what is already encoded, for example `Mcp-Param-*`.
 */
export function modernHeaders(
  base: readonly string[],
  message: { readonly revision: string; readonly method: string; readonly params: JsonObject },
  extra: Readonly<Record<string, string>> | undefined,
): string[] {
  const headers = [...base, 'mcp-protocol-version', message.revision, 'mcp-method', message.method];
  const name = mirroredName(message.method, message.params);
  if (typeof name === 'string') headers.push('mcp-name', encodeHeaderValue(name));
  if (extra !== undefined) {
    for (const key of Object.keys(extra)) headers.push(key, extra[key] ?? '');
  }
  return headers;
}

/** Headers of one legacy request after the handshake. */
export function legacyHeaders(base: readonly string[], session: Session): string[] {
  const headers = [...base];
  if (session.info.revision !== REVISION_WITHOUT_VERSION_HEADER) {
    headers.push('mcp-protocol-version', session.info.revision);
  }
  if (session.sessionId !== undefined) headers.push('mcp-session-id', session.sessionId);
  return headers;
}

function mirroredName(method: string, params: JsonObject): JsonObject[string] {
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
      return params['name'];
    case 'resources/read':
      return params['uri'];
    default:
      return undefined;
  }
}
