import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.ts';
import type { createServer } from '../../src/index.ts';
import { connect } from '../../src/testing/index.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function pages(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pages(path) : entry.name.endsWith('.md') ? [path] : [];
  });
}

const TOP = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'bench/README.md',
];
const PAGES = [...TOP, ...pages('docs')];

/** Code blocks of one language on one page. */
function blocks(page: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return [...read(page).matchAll(fence)].map((match) => match[1] ?? '');
}

describe('the documentation', () => {
  it.each(PAGES)('%s has no link to a file that is not there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(resolve(ROOT, dirname(page), link)))).toEqual([]);
  });

  it.each(PAGES)('%s names only npm scripts that exist', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...read(page).matchAll(/\bnpm (?:run ([a-z][\w:]*)|(start|test)\b)/g)];
    const named = commands.map((match) => match[1] ?? match[2] ?? '');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('shows a configuration in the README that is valid as it stands', () => {
    const [config] = blocks('README.md', 'json');
    const loaded = parseConfig({ file: 'breakwater.json', text: config ?? '', env: { GITHUB_TOKEN: 'x' } });
    expect(loaded).toMatchObject({ ok: true, refusedServers: [], warnings: [] });
  });

  it('shows a server in the README that compiles and answers as it stands', async () => {
    const [snippet] = blocks('README.md', 'ts');
    const [definition = ''] = (snippet ?? '').split('\nawait createServer');
    const file = join(ROOT, 'test/docs/.readme-snippet.ts');
    writeFileSync(
      file,
      `${definition}\nexport const server = createServer({ name: 'calculator', version: '1.0.0', tools: [addNumbers] });\n`,
    );
    try {
      const { server } = (await import(file)) as { server: ReturnType<typeof createServer> };
      const client = connect(server);
      expect(await client.callTool('add_numbers', { a: 2, b: 3 })).toMatchObject({
        isError: false,
        raw: { structuredContent: { sum: 5 } },
      });
      await server.close();
    } finally {
      rmSync(file, { force: true });
    }
  });

  it('numbers the decisions once each', () => {
    const numbers = pages('docs/decisions').map((page) => page.split('/').at(-1)?.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('runs the README test command in CI', () => {
    const [command] = blocks('README.md', 'sh').filter((block) => block.includes('npm test'));
    expect(command?.trim()).toBe('npm ci && npm test');
    expect(read('.ci/run')).toContain('npm ci && npm test');
  });
});
