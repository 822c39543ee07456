import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type ConnectedClient, toToolCallResult } from './connected-client.ts';

/** Pinned, so that a fallback to the legacy handshake is a failure and not a silent success. */
const REVISION = '2026-07-28';

/** The official SDK v2 client, revision 2026-07-28 and nothing else, over Streamable HTTP. */
export function modernClient(url: string, token?: string): Promise<ConnectedClient> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
}

/** The official SDK v2 client over stdio: starts `command` as its server. */
export function modernStdioClient(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ConnectedClient> {
  return connect(new StdioClientTransport({ command, args: [...args], env, stderr: 'ignore' }));
}

async function connect(transport: Transport): Promise<ConnectedClient> {
  const client = new Client(
    { name: 'modern-test-client', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: REVISION } } },
  );
  await client.connect(transport);
  // Served lists may be cached by this client; a test wants to see what the server says now.
  const fresh = { cacheMode: 'refresh' } as const;
  return {
    revision: client.getNegotiatedProtocolVersion(),
    serverName: client.getServerVersion()?.name,
    toolNames: async () => (await client.listTools(undefined, fresh)).tools.map((tool) => tool.name),
    callTool: async (name, args, options) =>
      toToolCallResult(await client.callTool({ name, arguments: args }, options)),
    resourceUris: async () =>
      (await client.listResources(undefined, fresh)).resources.map((resource) => resource.uri),
    resourceTemplates: async () =>
      (await client.listResourceTemplates(undefined, fresh)).resourceTemplates.map(
        (template) => template.uriTemplate,
      ),
    readResource: async (uri) => {
      const [first] = (await client.readResource({ uri }, fresh)).contents;
      return first !== undefined && 'text' in first ? first.text : undefined;
    },
    promptNames: async () =>
      (await client.listPrompts(undefined, fresh)).prompts.map((prompt) => prompt.name),
    getPrompt: async (name, args) => {
      const content = (await client.getPrompt({ name, arguments: args })).messages[0]?.content;
      return content?.type === 'text' ? content.text : undefined;
    },
    completePrompt: async (name, argument) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument })).completion.values,
    close: () => client.close(),
  };
}
