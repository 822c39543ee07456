import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claudeCommand,
  cursorLink,
  curlCommand,
  mcpJsonSnippet,
  shellQuote,
  vsCodeLink,
} from './client-snippets.ts';
import { parseConfig } from './load-config.ts';

const target = { url: 'http://127.0.0.1:3000/mcp', token: "bw_live_a'b$(c)" };

/** The words as a shell passes them to a program. */
function shellWords(command: string): string[] {
  const script = `for word in ${command}; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('snippets', () => {
  it('render an mcp.json that clients and this gateway read', () => {
    const text = mcpJsonSnippet({ ...target, name: 'gate' });
    expect(JSON.parse(text)).toEqual({
      mcpServers: {
        gate: { type: 'http', url: target.url, headers: { Authorization: `Bearer ${target.token}` } },
      },
    });
    expect(parseConfig({ file: 'mcp.json', text, env: {} }).ok).toBe(true);
  });

  it('quote the command for Claude Code so that the shell passes every word on unchanged', () => {
    expect(shellWords(claudeCommand(target))).toEqual([
      'claude',
      'mcp',
      'add',
      '--transport',
      'http',
      'breakwater',
      target.url,
      '--header',
      `Authorization: Bearer ${target.token}`,
    ]);
    expect(claudeCommand({ url: 'http://h/mcp', token: 'bw_live_x' })).toBe(
      "claude mcp add --transport http breakwater http://h/mcp --header 'Authorization: Bearer bw_live_x'",
    );
  });

  it('give curl every header of the revision and a body that agrees with them', () => {
    const words = shellWords(
      curlCommand(target, { tool: 'example__echo', arguments: { text: "it's $HOME" } }),
    );
    const headers = words.filter((_, index) => words[index - 1] === '-H');
    expect(words.slice(0, 3)).toEqual(['curl', '-sS', target.url]);
    expect(headers).toEqual([
      'Content-Type: application/json',
      'Accept: application/json, text/event-stream',
      `Authorization: Bearer ${target.token}`,
      'MCP-Protocol-Version: 2026-07-28',
      'Mcp-Method: tools/call',
      'Mcp-Name: example__echo',
    ]);
    expect(JSON.parse(words.at(-1) ?? '')).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'example__echo',
        arguments: { text: "it's $HOME" },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    });
  });

  it('encode a tool name that cannot stand in a header', () => {
    const command = curlCommand(target, { tool: 'gr\u00fc\u00dfen', arguments: {} });
    expect(command).toContain(`=?base64?${Buffer.from('gr\u00fc\u00dfen').toString('base64')}?=`);
  });

  it('put no token into links', () => {
    const config = new URL(cursorLink(target)).searchParams.get('config') ?? '';
    expect(JSON.parse(Buffer.from(config, 'base64').toString('utf8'))).toEqual({
      url: target.url,
      headers: { Authorization: 'Bearer ${env:BREAKWATER_TOKEN}' },
    });
    const link = vsCodeLink({ url: target.url });
    expect(JSON.parse(decodeURIComponent(link.slice('vscode:mcp/install?'.length)))).toMatchObject({
      name: 'breakwater',
      type: 'http',
      url: target.url,
      headers: { Authorization: 'Bearer ${input:breakwater-token}' },
      inputs: [{ id: 'breakwater-token', password: true }],
    });
    expect(cursorLink(target) + vsCodeLink(target)).not.toContain('bw_live');
  });
});

describe('shellQuote', () => {
  it('survives a real shell for any text', () => {
    const text = fc.string({
      unit: fc.constantFrom("'", '"', '$', '`', '\\', ' ', '\n', '!', '*', '~', 'a', '#', ';', '-', '\u00e9'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (words) => {
        expect(shellWords(words.map(shellQuote).join(' '))).toEqual(words);
      }),
      { numRuns: 15 },
    );
  });
});
