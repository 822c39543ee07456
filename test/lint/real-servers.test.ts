/**
 * The linter on servers that other people wrote, as their installed versions
 * list themselves. The counts are pinned: a heuristic that changes shows up
 * here as a difference, and so does a new version of a server.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectServer } from '../../src/admin/cli/lint-connect.ts';
import { lint, type LintInput } from '../../src/definitions/lint/index.ts';
import {
  createCleanup,
  everythingServer,
  filesystemServer,
  memoryServer,
  tempDir,
  type StdioLaunch,
} from '../support/index.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

const resolver = createRequire(import.meta.url);

function installedVersion(name: string): string {
  const manifest = JSON.parse(
    readFileSync(resolver.resolve(`@modelcontextprotocol/${name}/package.json`), 'utf8'),
  ) as { version: string };
  return manifest.version;
}

async function listed(launch: StdioLaunch): Promise<LintInput> {
  const { command, args, env = {} } = launch;
  const connected = await connectServer({ type: 'stdio', name: 'server', command, args, env }, 30_000);
  if (!connected.ok) throw new Error(connected.reason);
  return connected.input;
}

/** Findings per rule, as `severity rule` → count. */
function counted(input: LintInput): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { severity, ruleId } of lint(input).findings) {
    const key = `${severity} ${ruleId}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe('server-everything 2026.8.31', () => {
  it('has these findings', async () => {
    expect(installedVersion('server-everything')).toBe('2026.8.31');
    const input = await listed(everythingServer());
    expect(input.tools).toHaveLength(13);
    expect(counted(input)).toMatchInlineSnapshot(`
      {
        "info annot/title": 13,
        "info desc/returns": 5,
        "info desc/when-to-use": 8,
        "info name/verb-noun": 1,
        "info output/schema": 12,
        "info param/default-in-desc": 7,
        "info param/enum-not-slugs": 1,
        "info param/number-vs-integer": 2,
        "info param/range": 5,
        "info param/string-bound": 3,
        "info resource/read-belongs": 3,
        "info resource/size": 7,
        "info schema/dialect": 13,
        "warning desc/min-length": 3,
        "warning desc/retry-safety": 4,
        "warning output/open": 1,
        "warning param/ambiguous-name": 1,
        "warning param/desc-tautology": 1,
        "warning param/described": 1,
        "warning param/unit-in-name": 1,
        "warning schema/additional-properties": 9,
        "warning schema/empty-params": 4,
        "warning schema/format-portable": 1,
        "warning server/version-match": 1,
      }
    `);
  });
});

describe('server-filesystem 2026.8.31', () => {
  it('has these findings', async () => {
    expect(installedVersion('server-filesystem')).toBe('2026.8.31');
    const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
    const input = await listed(filesystemServer(folder.path));
    expect(input.tools).toHaveLength(14);
    expect(counted(input)).toMatchInlineSnapshot(`
      {
        "info annot/title": 14,
        "info desc/when-to-use": 8,
        "info output/described": 14,
        "info param/array-max": 4,
        "info param/default-in-desc": 1,
        "info param/range": 4,
        "info param/string-bound": 17,
        "info resource/read-belongs": 1,
        "info schema/dialect": 14,
        "info server/instructions": 1,
        "warning annot/explicit": 10,
        "warning desc/destructive-warning": 2,
        "warning desc/overlap": 1,
        "warning desc/retry-safety": 4,
        "warning name/verb-noun": 1,
        "warning output/open": 14,
        "warning param/described": 18,
        "warning param/pagination": 4,
        "warning param/path-constraint": 1,
        "warning schema/additional-properties": 13,
        "warning schema/additional-properties-nested": 1,
        "warning schema/empty-params": 1,
        "warning server/version-match": 1,
      }
    `);
  });
});

describe('server-memory 2026.8.31', () => {
  it('has these findings', async () => {
    expect(installedVersion('server-memory')).toBe('2026.8.31');
    const folder = cleanup.add(await tempDir(), (thing) => thing.remove());
    const input = await listed(memoryServer(join(folder.path, 'memory.jsonl')));
    expect(input.tools).toHaveLength(9);
    expect(counted(input)).toMatchInlineSnapshot(`
      {
        "info annot/title": 9,
        "info desc/when-to-use": 8,
        "info output/described": 9,
        "info param/array-max": 10,
        "info param/string-bound": 11,
        "info resource/size": 1,
        "info schema/dialect": 9,
        "info server/instructions": 1,
        "warning annot/idempotency-key": 3,
        "warning desc/destructive-warning": 2,
        "warning desc/min-length": 1,
        "warning desc/retry-safety": 6,
        "warning output/open": 9,
        "warning output/truncation-field": 1,
        "warning param/desc-tautology": 3,
        "warning param/described": 4,
        "warning param/pagination": 1,
        "warning schema/additional-properties": 8,
        "warning schema/additional-properties-nested": 5,
        "warning schema/empty-params": 1,
        "warning server/version-match": 1,
      }
    `);
  });
});
