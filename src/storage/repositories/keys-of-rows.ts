import { LIST_ROWS_MAX } from '../../platform/limits.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be an id at all. Anything else belongs to no row; the database would call it an error. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A limit between 1 and `LIST_ROWS_MAX`, whatever was asked for. */
export function clampLimit(limit: number): number {
  return Number.isFinite(limit) ? Math.min(Math.max(Math.trunc(limit), 1), LIST_ROWS_MAX) : LIST_ROWS_MAX;
}
