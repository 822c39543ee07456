/** Appends steps to a JSON Pointer (RFC 6901). */
export function pointer(base: string, ...steps: readonly (string | number)[]): string {
  let path = base;
  for (const step of steps) path += `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return path;
}

/** The steps of a JSON Pointer; undefined when it is none. */
export function pointerSteps(path: string): string[] | undefined {
  if (path === '') return [];
  if (!path.startsWith('/')) return undefined;
  return path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
