/**
 * Started by the suite with the URL of its server. Puts a gateway in front of
 * that server and calls, with an official client, whatever the gateway shows:
 * what the suite then sees is the gateway, and not that client.
 */
import {
  type ConnectedClient,
  gatewayConfig,
  type GatewayProcess,
  legacyClient,
  modernClient,
  modernRequest,
  rawPost,
  startGateway,
} from '../support/index.ts';

const UPSTREAM = 'suite';

interface ToolCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/** What scenarios call, beside the calls that they name themselves. */
const ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  add_numbers: { a: 2, b: 3 },
  valid_tool: { region: 'eu' },
};

async function main(suiteUrl: string): Promise<void> {
  const url = new URL(suiteUrl);
  // The servers of the suite listen on both families, and only one of them is allowed here.
  url.hostname = '127.0.0.1';
  const gateway = await startGateway({ config: gatewayConfig({ [UPSTREAM]: { url: url.href } }) });
  try {
    const connect =
      process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] === '2026-07-28' ? modernClient : legacyClient;
    const client = await connect(gateway.endpointOf(UPSTREAM), gateway.token);
    await useEverything(client, gateway);
    await client.close();
  } finally {
    await gateway.stop();
  }
}

async function useEverything(client: ConnectedClient, gateway: GatewayProcess): Promise<void> {
  const named = namedCalls();
  for (const name of await client.toolNames()) {
    const args =
      withoutNull(named.find((call) => call.name === name)?.arguments) ?? (await argumentsOf(name, gateway));
    // Some tools of the suite answer with an error on purpose.
    await client.callTool(name, args).catch(() => {});
  }
  for (const uri of await orNone(client.resourceUris())) await client.readResource(uri).catch(() => {});
  for (const name of await orNone(client.promptNames())) await client.getPrompt(name, {}).catch(() => {});
}

async function argumentsOf(name: string, gateway: GatewayProcess): Promise<Record<string, unknown>> {
  if (name !== 'json_schema_echo') return ARGUMENTS[name] ?? {};
  return { schema: await schemaOf('json_schema_2020_12_tool', gateway) };
}

/** The schema as the gateway lists it, read from the wire: a client library might mend it. */
async function schemaOf(name: string, gateway: GatewayProcess): Promise<unknown> {
  const request = modernRequest('tools/list', {}, { token: gateway.token });
  const answer = (await rawPost(gateway.endpointOf(UPSTREAM), request)).json() as {
    result: { tools: readonly { name: string; inputSchema: unknown }[] };
  };
  return answer.result.tools.find((tool) => tool.name === name)?.inputSchema;
}

/** Some scenarios say what they want to be called with. */
function namedCalls(): readonly ToolCall[] {
  const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as { toolCalls?: ToolCall[] };
  return context.toolCalls ?? [];
}

/**
 * A scenario wants `null` for a boolean, which the gateway refuses as the schema says. Its check is about
 * arguments that are null or not there, so here they are not there.
 */
function withoutNull(args: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  return args && Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

/** A server without resources or prompts answers with an error. */
function orNone(listed: Promise<string[]>): Promise<string[]> {
  return listed.catch(() => []);
}

await main(process.argv.at(-1) ?? '');
