/** What stands between an upstream's prefix and the name of its tool. Legal in every provider's tool names, unlike a dot or a slash. */
export const PREFIX_SEPARATOR = '__';

/** Longest name the specification recommends for a tool (tools, "Tool Names"). */
const EXPOSED_NAME_CHARS_MAX = 128;

/** How the names of one upstream appear at one endpoint. */
export interface Naming {
  /** Undefined when the name cannot be shown (too long after prefixing). */
  expose(name: string): string | undefined;
  /** The upstream's own name, or undefined when the exposed one is not of this upstream. */
  strip(exposed: string): string | undefined;
}

/** Names as the upstream wrote them: `/mcp/<upstream>`. */
export const unprefixed: Naming = {
  expose: (name) => name,
  strip: (exposed) => exposed,
};

/** Names with the upstream's prefix: `/mcp`. An empty prefix leaves them as they are. */
export function prefixed(prefix: string): Naming {
  if (prefix === '') return unprefixed;
  const start = `${prefix}${PREFIX_SEPARATOR}`;
  return {
    expose(name) {
      const exposed = `${start}${name}`;
      return exposed.length > EXPOSED_NAME_CHARS_MAX ? undefined : exposed;
    },
    strip: (exposed) =>
      exposed.startsWith(start) && exposed.length > start.length ? exposed.slice(start.length) : undefined,
  };
}
