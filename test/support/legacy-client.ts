import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type ConnectedClient, toToolCallResult } from './connected-client.ts';

/** The official SDK v1 client (initialize handshake, revision 2025-11-25) over Streamable HTTP. */
export function legacyClient(url: string, token?: string): Promise<ConnectedClient> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport);
}

/** The official SDK v1 client over stdio: starts `command` as its server. */
export function legacyStdioClient(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ConnectedClient> {
  return connect(new StdioClientTransport({ command, args: [...args], env, stderr: 'ignore' }) as Transport);
}

async function connect(transport: Transport): Promise<ConnectedClient> {
  const client = new Client({ name: 'legacy-test-client', version: '1.0.0' });
  await client.connect(transport);
  return {
    // Only its HTTP transport remembers the revision.
    revision: (transport as { protocolVersion?: string }).protocolVersion,
    serverName: client.getServerVersion()?.name,
    toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
    callTool: async (name, args, options) =>
      toToolCallResult(await client.callTool({ name, arguments: args }, undefined, options)),
    resourceUris: async () => (await client.listResources()).resources.map((resource) => resource.uri),
    resourceTemplates: async () =>
      (await client.listResourceTemplates()).resourceTemplates.map((template) => template.uriTemplate),
    readResource: async (uri) => {
      const [first] = (await client.readResource({ uri })).contents;
      return first !== undefined && 'text' in first ? first.text : undefined;
    },
    promptNames: async () => (await client.listPrompts()).prompts.map((prompt) => prompt.name),
    getPrompt: async (name, args) => {
      const content = (await client.getPrompt({ name, arguments: args })).messages[0]?.content;
      return content?.type === 'text' ? content.text : undefined;
    },
    completePrompt: async (name, argument) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument })).completion.values,
    close: () => client.close(),
  };
}
