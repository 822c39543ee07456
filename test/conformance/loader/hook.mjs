const SHIM = new URL('./fs-shim.mjs', import.meta.url).href;

/** Gives the suite, and nothing else, an `fs` that has a `globSync`. */
export async function resolve(specifier, context, next) {
  const isSuite = context.parentURL?.includes('/@modelcontextprotocol/conformance/') === true;
  if (isSuite && (specifier === 'fs' || specifier === 'node:fs')) return { url: SHIM, shortCircuit: true };
  return next(specifier, context);
}
