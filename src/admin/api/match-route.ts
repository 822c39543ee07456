import { ADMIN_PREFIX, ADMIN_ROUTES, type AdminRoute, type PathId } from '../contract/index.ts';

export type Match =
  | {
      readonly kind: 'route';
      readonly route: AdminRoute;
      readonly ids: Readonly<Partial<Record<PathId, string>>>;
    }
  | { readonly kind: 'method'; readonly allow: readonly string[] }
  | { readonly kind: 'none' };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Pattern {
  readonly route: AdminRoute;
  readonly segments: readonly string[];
  /** Paths without ids are tried first: `/tokens/check` is not the token `check`. */
  readonly isLiteral: boolean;
}

const PATTERNS: readonly Pattern[] = ADMIN_ROUTES.map((route) => ({
  route,
  segments: route.path.split('/').slice(1),
  isLiteral: !route.path.includes('{'),
})).sort((a, b) => Number(b.isLiteral) - Number(a.isLiteral));

/** Finds the route of a path (without query). A segment that must be an id and is no UUID leads nowhere. */
export function matchRoute(method: string, path: string): Match {
  const given = path.slice(ADMIN_PREFIX.length + 1).split('/');
  const allow: string[] = [];
  for (const { route, segments } of PATTERNS) {
    const ids = idsIn(segments, given);
    if (ids === undefined) continue;
    if (route.method === method) return { kind: 'route', route, ids };
    allow.push(route.method);
  }
  return allow.length === 0 ? { kind: 'none' } : { kind: 'method', allow };
}

/** The ids of a path that has this form; undefined when it has not. */
function idsIn(
  segments: readonly string[],
  given: readonly string[],
): Partial<Record<PathId, string>> | undefined {
  if (segments.length !== given.length) return undefined;
  const ids: Partial<Record<PathId, string>> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== value) return undefined;
    } else if (UUID.test(value)) {
      ids[segment.slice(1, -1) as PathId] = value.toLowerCase();
    } else {
      return undefined;
    }
  }
  return ids;
}
