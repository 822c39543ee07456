import type { ErrorObject } from 'ajv';

/** Errors that say that a branch is of another kind altogether, and not merely filled in wrongly. */
const KIND_KEYWORDS: ReadonlySet<string> = new Set(['type', 'const', 'enum']);

/**
 * A failed `anyOf` or `oneOf` yields the errors of all its branches and then
 * its own. A reader needs one of three things: what kinds of value are
 * possible, if none fits; the errors of the one branch whose kind fits; or,
 * where neither is clear, that no alternative matches.
 */
export function mergeBranchErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const merged: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      merged.push(error);
      continue;
    }
    const branches: ErrorObject[] = [];
    while (isFromBranchOf(error, merged.at(-1))) {
      const branch = merged.pop();
      if (branch !== undefined) branches.unshift(branch);
    }
    merged.push(...mostTelling(error, branches));
  }
  return merged;
}

/**
 * Branch errors come right before the error of their keyword and lie at or
 * below its place. Their schema path continues its path or, when the branch is
 * a `$ref`, starts somewhere else altogether.
 */
function isFromBranchOf(composite: ErrorObject, error: ErrorObject | undefined): boolean {
  if (error === undefined || !error.instancePath.startsWith(composite.instancePath)) return false;
  const parent = composite.schemaPath.slice(0, composite.schemaPath.lastIndexOf('/'));
  return (
    error.schemaPath.startsWith(`${composite.schemaPath}/`) || !error.schemaPath.startsWith(`${parent}/`)
  );
}

function mostTelling(composite: ErrorObject, errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const branches = Array.isArray(composite.schema) ? composite.schema.length : 0;
  const byBranch = groupByBranch(composite, errors);
  const ofOtherKind: ErrorObject[] = [];
  const ofThisKind: (readonly ErrorObject[])[] = [];
  for (const group of byBranch.values()) {
    const kind = group.find((error) => isKindError(composite, error));
    if (kind === undefined) ofThisKind.push(group);
    else ofOtherKind.push(kind);
  }
  if (byBranch.size !== branches) return [composite];
  if (ofThisKind.length === 1) return ofThisKind[0] ?? [composite];
  if (ofThisKind.length > 1 || !ofOtherKind.every(({ keyword }) => keyword === 'type')) return [composite];
  const types = [...new Set(ofOtherKind.flatMap(({ schema }) => schema as string | string[]))];
  return [{ ...composite, keyword: 'type', schema: types }];
}

function groupByBranch(composite: ErrorObject, errors: readonly ErrorObject[]): Map<string, ErrorObject[]> {
  const groups = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const branch = branchOf(composite, error);
    const group = groups.get(branch);
    if (group === undefined) groups.set(branch, [error]);
    else group.push(error);
  }
  return groups;
}

function isKindError(composite: ErrorObject, error: ErrorObject): boolean {
  if (!KIND_KEYWORDS.has(error.keyword)) return false;
  if (error.instancePath === composite.instancePath) return true;
  // A constant in a member tells the kinds of a tagged union apart.
  const below = error.instancePath.slice(composite.instancePath.length + 1);
  return error.keyword === 'const' && !below.includes('/');
}

/** The branch by its number, or one group for what comes through references. */
function branchOf(composite: ErrorObject, error: ErrorObject): string {
  const prefix = `${composite.schemaPath}/`;
  if (!error.schemaPath.startsWith(prefix)) return 'reference';
  return error.schemaPath.slice(prefix.length).split('/', 1)[0] ?? '';
}
