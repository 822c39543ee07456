/** Longest URI or template that is matched, and the expressions in one template. */
const URI_CHARS_MAX = 8192;
const EXPRESSIONS_MAX = 20;

/**
 * Decides whether a URI can be an expansion of an RFC 6570 template, well
 * enough to find the upstream that owns it: literals must stand in order, and
 * each expression may be any text (`{+path}`, `{/…}`, `{?…}`) or text without
 * a slash (`{name}`). Runs in time linear in the URI for each literal, never
 * as a regular expression: the template comes from an upstream.
 */
export function matchesUriTemplate(template: string, uri: string): boolean {
  if (template.length > URI_CHARS_MAX || uri.length > URI_CHARS_MAX) return false;
  const parts = splitTemplate(template);
  if (parts === undefined) return false;
  let position = 0;
  let crossesSlash: boolean | undefined;
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'expression') {
      crossesSlash = (crossesSlash ?? false) || part.crossesSlash;
      continue;
    }
    const isLast = index === parts.length - 1;
    const found = isLast ? lastIndexFrom(uri, part.text, position) : uri.indexOf(part.text, position);
    if (found === -1) return false;
    if (crossesSlash === undefined ? found !== position : !isFill(uri.slice(position, found), crossesSlash))
      return false;
    position = found + part.text.length;
    crossesSlash = undefined;
  }
  return crossesSlash === undefined ? position === uri.length : isFill(uri.slice(position), crossesSlash);
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'expression'; readonly crossesSlash: boolean };

function splitTemplate(template: string): Part[] | undefined {
  const parts: Part[] = [];
  let position = 0;
  let expressions = 0;
  while (position < template.length) {
    const open = template.indexOf('{', position);
    if (open === -1) {
      parts.push({ kind: 'literal', text: template.slice(position) });
      break;
    }
    if (open > position) parts.push({ kind: 'literal', text: template.slice(position, open) });
    const close = template.indexOf('}', open);
    expressions += 1;
    if (close === -1 || expressions > EXPRESSIONS_MAX) return undefined;
    parts.push({ kind: 'expression', crossesSlash: '+#/?&;.'.includes(template[open + 1] ?? '') });
    position = close + 1;
  }
  return parts;
}

/** The last literal must end the URI, so it is looked for from the end. */
function lastIndexFrom(uri: string, text: string, position: number): number {
  const at = uri.length - text.length;
  return at >= position && uri.endsWith(text) ? at : -1;
}

/** An expression of the form `{?query}` may expand to nothing; `{name}` may not. */
function isFill(text: string, crossesSlash: boolean): boolean {
  return crossesSlash || (text.length > 0 && !text.includes('/'));
}
