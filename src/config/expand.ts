/** What variables resolve to. */
export interface ExpandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of `${workspaceFolder}` and `${userHome}`; absent: they are unknown here. */
  readonly folders?: Readonly<Record<string, string>>;
}

/** Why a string could not be filled in. Names the variable, never a value. */
export type ExpandFailure =
  | { readonly reason: 'unset'; readonly variable: string }
  | { readonly reason: 'malformed'; readonly detail: string };

export type ExpandResult =
  | {
      readonly ok: true;
      readonly value: string;
      /** Values that came from the environment, for redaction. */
      readonly secrets: readonly string[];
      /** Variables that are set to the empty string, which is seldom meant. */
      readonly emptyVariables: readonly string[];
    }
  | { readonly ok: false; readonly failures: readonly ExpandFailure[] };

/** Content of `${…}`: `NAME`, `env:NAME`, each with an optional `:-default`. */
const REFERENCE = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;

/**
 * Variables that tell where and as whom the process runs. Redacting them would
 * blacken every path in the logs and protect nothing.
 */
const PUBLIC_VARIABLES: ReadonlySet<string> = new Set([
  'HOME',
  'HOSTNAME',
  'LANG',
  'LOGNAME',
  'NODE_ENV',
  'PATH',
  'PORT',
  'PWD',
  'SHELL',
  'TEMP',
  'TMP',
  'TMPDIR',
  'TZ',
  'USER',
  'USERNAME',
  'USERPROFILE',
]);

/**
 * Shorter values are not redacted: `1` or `eu` occur everywhere, and a log
 * with every digit blackened hides more than it protects.
 */
export const SECRET_CHARS_MIN = 4;

/** State of one expansion; what it collects is handed out once at the end. */
interface Pass {
  readonly context: ExpandContext;
  readonly secrets: Set<string>;
  readonly emptyVariables: string[];
  readonly failures: ExpandFailure[];
}

function resolve(pass: Pass, reference: string): string {
  if (reference.startsWith('input:')) {
    pass.failures.push({
      reason: 'malformed',
      detail: '${input:…} asks a person, which a gateway cannot do; use an environment variable',
    });
    return '';
  }
  const match = REFERENCE.exec(reference);
  const name = match?.[1];
  if (name === undefined) {
    pass.failures.push({
      reason: 'malformed',
      detail: '"${" must be followed by a variable name; write "$${" for the text "${"',
    });
    return '';
  }
  const fallback = match?.[2];
  if (fallback?.includes('${') === true) {
    pass.failures.push({ reason: 'malformed', detail: 'a default value cannot contain another variable' });
    return '';
  }
  const folders = pass.context.folders ?? {};
  const { env } = pass.context;
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value === undefined && Object.hasOwn(folders, name)) return folders[name] ?? '';
  // As in a shell, `:-` also replaces an empty value: an unset variable often arrives as one.
  if (fallback !== undefined && (value === undefined || value === '')) return fallback;
  if (value === undefined) {
    pass.failures.push({ reason: 'unset', variable: name });
    return '';
  }
  if (value === '') pass.emptyVariables.push(name);
  if (value.length >= SECRET_CHARS_MIN && !PUBLIC_VARIABLES.has(name)) pass.secrets.add(value);
  return value;
}

/**
 * Fills in the variables of one string: `${NAME}`, `${NAME:-default}`,
 * `${env:NAME}`; `$${` stands for the text `${`. A bare `$NAME` is text,
 * because passwords contain dollar signs. One pass from left to right: a value
 * that itself contains `${…}` is never looked at again, so whoever controls
 * one variable cannot read another. All failures of the string are reported.
 */
export function expandString(template: string, context: ExpandContext): ExpandResult {
  const pass: Pass = { context, secrets: new Set(), emptyVariables: [], failures: [] };
  let value = '';
  let at = 0;
  while (at < template.length) {
    const next = template.indexOf('$', at);
    if (next === -1) break;
    value += template.slice(at, next);
    if (template.startsWith('$${', next)) {
      value += '${';
      at = next + 3;
    } else if (template.startsWith('${', next)) {
      const end = template.indexOf('}', next + 2);
      if (end === -1) {
        pass.failures.push({
          reason: 'malformed',
          detail: 'a "${" without its "}"; write "$${" for the text "${"',
        });
        at = template.length;
      } else {
        value += resolve(pass, template.slice(next + 2, end));
        at = end + 1;
      }
    } else {
      value += '$';
      at = next + 1;
    }
  }
  value += template.slice(at);
  if (pass.failures.length > 0) return { ok: false, failures: pass.failures };
  return { ok: true, value, secrets: [...pass.secrets], emptyVariables: pass.emptyVariables };
}
