import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { measureDefinition } from './measure.ts';

/** The state of a list of tools, for comparing a later one with it. */
export interface LintSnapshot {
  readonly version: 1;
  readonly tools: readonly SnapshotTool[];
}

export interface SnapshotTool {
  readonly name: string;
  /** SHA-256 over the canonical form of the definition, hexadecimal. */
  readonly hash: string;
  /** The definition itself, so that a difference can be named. */
  readonly definition: JsonObject;
}

/** JSON with sorted members: two definitions are equal when their texts are. The value must have been measured. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`);
  return `{${members.join(',')}}`;
}

/** Hash of one definition, the same whatever the order of its members. */
export function definitionHash(definition: JsonObject): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex');
}

/** Sorted by name, so that the file changes only where a tool does. Definitions that cannot be examined are left out. */
export function createSnapshot(tools: readonly unknown[]): LintSnapshot {
  const entries = tools.flatMap((tool): SnapshotTool[] => {
    if (!isJsonObject(tool) || !measureDefinition(tool).ok) return [];
    const name = tool['name'];
    if (typeof name !== 'string') return [];
    return [{ name, hash: definitionHash(tool), definition: tool }];
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { version: 1, tools: entries };
}

/** Reads a snapshot that was written as JSON; undefined when it is none. Hashes are computed anew, not believed. */
export function parseSnapshot(value: unknown): LintSnapshot | undefined {
  if (!isJsonObject(value) || value['version'] !== 1 || !Array.isArray(value['tools'])) return undefined;
  const definitions: JsonObject[] = [];
  for (const entry of value['tools']) {
    if (!isJsonObject(entry) || !isJsonObject(entry['definition'])) return undefined;
    definitions.push(entry['definition']);
  }
  return createSnapshot(definitions);
}
