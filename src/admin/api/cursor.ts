import type { JsonObject } from '../../platform/json.ts';
import { ADMIN_PAGE_ROWS_DEFAULT } from '../../platform/limits.ts';
import type { Values } from '../contract/index.ts';
import { AdminProblem, numberOf, textOf } from './admin-call.ts';

/** A place in a list, opaque to the client: what it contains may change with a release. */
export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** The key that `encodeCursor` took; undefined when the request has no `after`. */
export function cursorOf(query: Values): string | undefined {
  const after = textOf(query, 'after');
  return after === undefined ? undefined : Buffer.from(after, 'base64url').toString('utf8');
}

/** As `cursorOf` for lists by id. Throws `invalid_query` for anything that is no id. */
export function idCursorOf(query: Values): string | undefined {
  const key = cursorOf(query);
  if (key !== undefined && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) throw badCursor();
  return key;
}

export function badCursor(): AdminProblem {
  return new AdminProblem('invalid_query', [{ path: 'after', expected: 'the `next` of the page before' }]);
}

export function pageRowsOf(query: Values): number {
  return numberOf(query, 'limit') ?? ADMIN_PAGE_ROWS_DEFAULT;
}

/** One page. A page that is full may be the last one: then the next is empty. */
export function pageOf<Row>(
  rows: readonly Row[],
  options: {
    readonly limit: number;
    readonly view: (row: Row) => JsonObject;
    readonly keyOf: (row: Row) => string;
    /** There is a `next` after every page that has a row: more may come. */
    readonly isOpenEnded?: boolean;
  },
): JsonObject {
  const last = rows.at(-1);
  const goesOn = rows.length >= options.limit || options.isOpenEnded === true;
  return {
    items: rows.map(options.view),
    next: goesOn && last !== undefined ? encodeCursor(options.keyOf(last)) : null,
  };
}
