import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { generateConfigReference } from '../../scripts/generate-config-reference.ts';
import { findServers } from './dialects.ts';
import { loadConfig } from './load-config.ts';
import { parseJson } from './parse-json.ts';
import { configJsonSchema } from './schema.ts';

const ROOT = new URL('../../', import.meta.url);
const EXAMPLES = readdirSync(new URL('examples/', ROOT)).filter((name) => name.endsWith('.json'));
const env = { SEARCH_TOKEN: 'search-token-1', DATABASE_URL: 'postgres://u:secret@db/x' };

function valueOf(text: string): unknown {
  const result = parseJson(text);
  return result.ok ? result.value : undefined;
}

describe('generated files', () => {
  it.each(generateConfigReference())('$path is what the schema says', ({ path, text }) => {
    expect(readFileSync(new URL(path, ROOT), 'utf8')).toBe(text);
  });
});

describe('example configurations', () => {
  it('exist', () => {
    expect(EXAMPLES).toEqual(expect.arrayContaining(['breakwater.json', 'mcp.json']));
  });

  it.each(EXAMPLES)('%s loads without a warning', async (name) => {
    const file = new URL(`examples/${name}`, ROOT).pathname;
    const result = await loadConfig({ file, env });
    expect(result).toMatchObject({ ok: true, warnings: [], refusedServers: [] });
    if (result.ok) expect(result.config.servers.length).toBeGreaterThan(0);
  });

  it.each(EXAMPLES)('%s is valid under the JSON Schema that editors use', (name) => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, strictTypes: false });
    const validate = ajv.compile(configJsonSchema());
    const value = valueOf(readFileSync(new URL(`examples/${name}`, ROOT), 'utf8'));
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ limits: { rate: { calls: 0 } } })).toBe(false);
    expect(validate({ limts: {} })).toBe(false);
    expect(validate({ mcpServers: { a: { url: 'https://a.b', command: 'x' } } })).toBe(false);
  });

  it('breakwater.json shows every key that there is', () => {
    const value = valueOf(readFileSync(new URL('examples/breakwater.json', ROOT), 'utf8')) as Record<
      string,
      unknown
    >;
    const schema = configJsonSchema() as { properties: Record<string, { properties?: object }> };
    for (const [key, child] of Object.entries(schema.properties)) {
      expect(Object.keys(value)).toContain(key);
      if (child.properties === undefined) continue;
      expect(Object.keys(value[key] as object).sort()).toEqual(Object.keys(child.properties).sort());
    }
    const servers = Object.values(findServers(value as never)?.servers as Record<string, object>);
    const used = new Set(servers.flatMap((entry) => Object.keys(entry)));
    expect([...used].sort()).toEqual([
      'args',
      'command',
      'cwd',
      'enabled',
      'env',
      'headers',
      'limits',
      'prefix',
      'tools',
      'type',
      'url',
    ]);
  });

  it('leaves out by name what needs a variable that is not set', async () => {
    const result = await loadConfig({ file: new URL('examples/breakwater.json', ROOT).pathname, env: {} });
    expect(result.ok).toBe(true);
    expect(result.refusedServers.map(({ server, unsetVariables }) => [server, ...unsetVariables])).toEqual([
      ['search', 'SEARCH_TOKEN'],
      ['database', 'DATABASE_URL'],
    ]);
  });
});
