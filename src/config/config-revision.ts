import { createHash } from 'node:crypto';

/** JSON with sorted members, so that two spellings of one entry are the same text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value instanceof Map) return canonicalJson(Object.fromEntries(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * Sixteen hex digits of a SHA-256 over a resolved server entry, variables
 * filled in: a changed token is a changed server. 64 bits are enough to tell
 * the few revisions of one server apart and too few to be worth inverting.
 */
export function configRevisionOf(entry: object): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex').slice(0, 16);
}
