import {
  BUNDLED_SERVER_NAME,
  claudeCommand,
  curlCommand,
  mcpJsonSnippet,
  type GatewayConfig,
} from '../../config/index.ts';

export interface WelcomeOptions {
  readonly url: string;
  /** Only when it was just created: it is shown once. */
  readonly token: string | undefined;
  /** Token of an operator, as `token`. */
  readonly adminToken: string | undefined;
  readonly config: GatewayConfig;
  readonly dataDir: string;
}

/** What a person reads when the gateway is up: where it is, and how to make the first call. */
export function welcomeText(options: WelcomeOptions): string {
  const { url, token, config, dataDir } = options;
  const lines = ['', '  Breakwater is ready.', '', `  Endpoint   ${url}`, `  Data       ${dataDir}`];
  lines.push(`  Upstreams  ${upstreamList(config)}`);
  if (token === undefined) {
    lines.push('', '  The token of this data folder was shown when it was created.', '');
    lines.push(...adminLines(options));
    return `${lines.join('\n')}\n`;
  }
  lines.push('', '  Your token, shown only this once:', '', `    ${token}`, '');
  lines.push('  For the mcp.json of a client:', '', indent(mcpJsonSnippet({ url, token })), '');
  lines.push('  For Claude Code:', '', `    ${claudeCommand({ url, token })}`, '');
  const isBundled = config.servers.some((server) => server.name === BUNDLED_SERVER_NAME);
  if (isBundled) {
    const call = { tool: `${BUNDLED_SERVER_NAME}__echo`, arguments: { text: 'hello' } };
    lines.push('  A first call:', '', indent(curlCommand({ url, token }, call)), '');
  } else {
    lines.push('  A first request, the list of tools:', '', indent(curlCommand({ url, token })), '');
  }
  lines.push(...adminLines(options));
  return `${lines.join('\n')}\n`;
}

/** The token that manages everything, and the commands that use it. */
function adminLines({ url, adminToken }: WelcomeOptions): string[] {
  if (adminToken === undefined) return [];
  const lines = [
    '  The token of the operator, shown only this once. It manages projects and tokens and reads the audit',
    '  log; it calls no tools:',
    '',
  ];
  lines.push(`    export BREAKWATER_URL=${new URL(url).origin}`);
  lines.push(`    export BREAKWATER_TOKEN=${adminToken}`);
  lines.push('    npx --no-install breakwater token list', '');
  return lines;
}

function upstreamList(config: GatewayConfig): string {
  if (config.servers.length === 0) return 'none: every configured server was refused or switched off';
  return config.servers.map((server) => `${server.name} (${server.type})`).join(', ');
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
