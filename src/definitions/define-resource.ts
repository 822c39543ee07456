import type { JsonValue } from '../platform/json.ts';
import type { JsonObject } from '../platform/json.ts';
import { assertLimit, assertName, assertText } from './checks.ts';
import { DefinitionError } from './definition-error.ts';
import type { HandlerContext } from './handler-context.ts';
import type { ToolLimits } from './tool-contract.ts';
import { parseUriTemplate, type UriTemplate, type VariablesOf } from './uri-template.ts';

/** Suggests values that begin with, or otherwise fit, what was typed. At most 100 are shown. */
export type Complete = (typed: string, ctx: HandlerContext) => readonly string[] | Promise<readonly string[]>;

/** Text, bytes, or a value that is shown as JSON. Undefined: there is no such resource. */
export type ResourceContent = string | Uint8Array | JsonValue | undefined;

/** A resource as its author writes it. */
export interface ResourceOptions<Uri extends string> {
  /** `config://current`, or a template such as `tickets://{id}`, whose variables are arguments of `read`. */
  readonly uri: Uri;
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  /** Default: `application/json` for values, `text/plain` for text, `application/octet-stream` for bytes. */
  readonly mimeType?: string;
  /** How long a client may keep what it read, up to a day. Default 0. */
  readonly cacheMs?: number;
  readonly limits?: Pick<ToolLimits, 'timeoutMs' | 'responseBytesMax'>;
  /** Completion for the variables of a template. */
  readonly complete?: { readonly [Name in VariablesOf<Uri>]?: Complete };
  readonly read: (
    variables: Readonly<Record<VariablesOf<Uri>, string>>,
    ctx: HandlerContext,
  ) => ResourceContent | Promise<ResourceContent>;
}

/** A resource, checked and ready to be served. Made by `defineResource` only. */
export interface ResourceDefinition {
  readonly kind: 'resource';
  readonly name: string;
  readonly template: UriTemplate;
  /** As `resources/list` or `resources/templates/list` shows it. */
  readonly listing: JsonObject;
  readonly mimeType: string | undefined;
  readonly cacheMs: number;
  readonly limits: ToolLimits;
  readonly complete: ReadonlyMap<string, Complete>;
  readonly read: (variables: Readonly<Record<string, string>>, ctx: HandlerContext) => unknown;
}

const CACHE_MS_MAX = 86_400_000;

/** Defines a resource: something to read, by a name. Throws DefinitionError. */
export function defineResource<const Uri extends string>(options: ResourceOptions<Uri>): ResourceDefinition {
  const subject = `resource ${options.name}`;
  assertName(options.name, 'resource');
  assertText(options.description, subject, 'description');
  if (options.title !== undefined) assertText(options.title, subject, 'title');
  assertLimit(options.cacheMs, CACHE_MS_MAX, { subject, name: 'cacheMs', min: 0 });
  const template = parseUriTemplate(options.uri, subject);
  const complete = new Map<string, Complete>();
  for (const [name, suggest] of Object.entries(options.complete ?? {})) {
    if (!template.variables.includes(name))
      throw new DefinitionError(subject, `\`complete\` names \`${name}\`, which is no variable of the uri`);
    complete.set(name, suggest as Complete);
  }
  return {
    kind: 'resource',
    name: options.name,
    template,
    listing: {
      [template.variables.length === 0 ? 'uri' : 'uriTemplate']: options.uri,
      name: options.name,
      ...(options.title === undefined ? {} : { title: options.title }),
      description: options.description,
      ...(options.mimeType === undefined ? {} : { mimeType: options.mimeType }),
    },
    mimeType: options.mimeType,
    cacheMs: options.cacheMs ?? 0,
    limits: options.limits ?? {},
    complete,
    read: options.read as ResourceDefinition['read'],
  };
}
