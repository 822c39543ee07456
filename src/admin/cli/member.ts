import type { JsonObject } from '../../platform/json.ts';

/** A member of an answer as text; empty when it is neither text nor a number. */
export function memberText(row: JsonObject, name: string): string {
  const value = row[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
