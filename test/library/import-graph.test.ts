import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), '../../src');

interface Graph {
  readonly files: ReadonlySet<string>;
  /** Specifier of everything that is not a file of ours → the file that loads it. */
  readonly packages: ReadonlyMap<string, string>;
}

/** What is loaded when `entry` is: static imports of values. Dynamic ones and types cost nothing at load. */
function loadedBy(entry: string): Graph {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const specifier of staticImports(readFileSync(path, 'utf8'))) {
      if (specifier.startsWith('.')) visit(resolve(dirname(path), specifier));
      else packages.set(specifier, relative(SRC, path));
    }
  };
  visit(resolve(SRC, entry));
  return { files, packages };
}

function staticImports(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(?!type\b)([^'";]*?\bfrom\s+)?'([^']+)'/gm)) {
    const names = /\{([^}]*)\}/.exec(match[1] ?? '')?.[1];
    const listed = (names ?? '').split(',').filter((name) => name.trim() !== '');
    // With `verbatimModuleSyntax`, an import of nothing but inline types still loads its file.
    if (listed.length > 0 || names === undefined) found.push(match[2] ?? '');
  }
  return found;
}

describe('importing the library', () => {
  const graph = loadedBy('index.ts');

  it('is looked at at all', () => {
    expect(graph.files.size).toBeGreaterThan(40);
    expect([...graph.files].some((file) => file.endsWith('pipeline/build-pipeline.ts'))).toBe(true);
    expect(loadedBy('config/index.ts').packages.has('zod')).toBe(true);
  });

  it('loads no package at all: schema compilers, databases and HTTP clients come when they are needed', () => {
    expect(Object.fromEntries([...graph.packages].filter(([name]) => !name.startsWith('node:')))).toEqual({});
  });

  it('loads nothing of Node that takes time to load, and no server that stdio does not need', () => {
    const light = ['node:buffer', 'node:crypto', 'node:fs', 'node:module', 'node:stream', 'node:zlib'];
    expect(Object.fromEntries([...graph.packages].filter(([name]) => !light.includes(name)))).toEqual({});
  });

  it('reaches nothing of the gateway', () => {
    const heavy =
      /^(?:gateway|storage|upstream|catalog|config|admin|observability|testing|transports\/http)\//;
    expect([...graph.files].map((file) => relative(SRC, file)).filter((file) => heavy.test(file))).toEqual(
      [],
    );
  });
});
