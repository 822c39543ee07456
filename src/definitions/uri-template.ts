import { RESOURCE_URI_CHARS_MAX } from '../platform/limits.ts';
import { DefinitionError } from './definition-error.ts';

/** Names of the variables in a URI template literal. */
export type VariablesOf<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `+${infer Path}` ? Path : Name) | VariablesOf<Rest>
  : never;

/** A template of our own resources: literals, `{name}` for one segment and `{+path}` for several. */
export interface UriTemplate {
  readonly text: string;
  readonly variables: readonly string[];
  /** Values of the variables, decoded; undefined when the URI is not of this form. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

interface Literal {
  readonly literal: string;
}
interface Variable {
  readonly name: string;
  readonly isPath: boolean;
}

const VARIABLES_MAX = 10;
const EXPRESSION = /^(\+?)([A-Za-z_][A-Za-z0-9_]{0,63})$/;

/**
 * Reads a URI or a URI template (RFC 6570, levels 1 and 2: `{name}`,
 * `{+path}`). Throws DefinitionError for everything else, because a template
 * that nobody can expand is worse than none.
 */
export function parseUriTemplate(text: string, subject: string): UriTemplate {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text) || text.length > RESOURCE_URI_CHARS_MAX) {
    throw new DefinitionError(subject, 'the uri must be absolute, for example `config://current`');
  }
  const parts = splitTemplate(text, subject);
  const variables = parts.flatMap((part) => ('name' in part ? [part.name] : []));
  if (new Set(variables).size !== variables.length || variables.length > VARIABLES_MAX) {
    throw new DefinitionError(
      subject,
      `the variables of a uri template must differ, and be at most ${String(VARIABLES_MAX)}`,
    );
  }
  return { text, variables, match: (uri) => match(parts, uri) };
}

function splitTemplate(text: string, subject: string): (Literal | Variable)[] {
  const parts: (Literal | Variable)[] = [];
  for (const piece of text.split(/(\{[^{}]*\})/)) {
    if (piece === '') continue;
    if (!piece.startsWith('{')) {
      if (/[{}\s]/.test(piece))
        throw new DefinitionError(subject, 'the uri has a brace or a blank that belongs to no variable');
      parts.push({ literal: piece });
      continue;
    }
    const found = EXPRESSION.exec(piece.slice(1, -1));
    const previous = parts.at(-1);
    if (found?.[2] === undefined || (previous !== undefined && 'name' in previous)) {
      throw new DefinitionError(
        subject,
        'a uri template may use `{name}` and `{+path}`, with text between them',
      );
    }
    parts.push({ name: found[2], isPath: found[1] === '+' });
  }
  return parts;
}

/** Linear in the URI for each literal: the next literal is looked for once, the last one at the end. */
function match(parts: readonly (Literal | Variable)[], uri: string): Record<string, string> | undefined {
  if (uri.length > RESOURCE_URI_CHARS_MAX) return undefined;
  const values: Record<string, string> = {};
  let position = 0;
  let pending: Variable | undefined;
  for (const [index, part] of parts.entries()) {
    if ('name' in part) {
      pending = part;
      continue;
    }
    const at =
      index === parts.length - 1
        ? uri.length - part.literal.length
        : uri.indexOf(part.literal, position + (pending === undefined ? 0 : 1));
    if (at < position || !uri.startsWith(part.literal, at)) return undefined;
    if (pending === undefined ? at !== position : !take(pending, uri.slice(position, at), values))
      return undefined;
    pending = undefined;
    position = at + part.literal.length;
  }
  if (pending === undefined) return position === uri.length ? values : undefined;
  return take(pending, uri.slice(position), values) ? values : undefined;
}

/**
 * Decodes a value once. Handlers build paths and queries from it, so what
 * climbs out of a segment is not accepted: an encoded slash in `{name}`, `..`
 * as a segment, controls.
 */
function take(variable: Variable, raw: string, values: Record<string, string>): boolean {
  if (raw === '' || (!variable.isPath && raw.includes('/'))) return false;
  let value: string;
  try {
    value = decodeURIComponent(raw);
  } catch {
    return false;
  }
  if (/[\p{Cc}\\]/u.test(value) || (!variable.isPath && value.includes('/'))) return false;
  if (value.split('/').some((segment) => segment === '..' || segment === '.')) return false;
  values[variable.name] = value;
  return true;
}
