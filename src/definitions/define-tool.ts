import type { JsonObject } from '../platform/json.ts';
import { isJsonObject } from '../platform/json.ts';
import {
  IDEMPOTENCY_KEY_CHARS_MAX,
  RATE_CALLS_MAX,
  RATE_WINDOW_MS_MAX,
  RESPONSE_BYTES_MAX_CEILING,
  TIMEOUT_MS_MAX,
} from '../platform/limits.ts';
import { adaptSchema, type AdaptedSchema } from './adapt-schema.ts';
import { DefinitionError } from './definition-error.ts';
import { describeMembers } from './describe-property.ts';
import { describeTool, IDEMPOTENCY_KEY, keptFor, retryClaim } from './describe-tool.ts';
import type { ToolContext } from './handler-context.ts';
import type { ArgumentsOf, CallArgumentsOf, ReturnOf, SchemaLike } from './infer.ts';
import type {
  Content,
  Effects,
  ErrorContracts,
  ExposedResource,
  ToolDefinition,
  ToolLimits,
} from './tool-contract.ts';
import { assertLimit, assertName, assertText } from './checks.ts';
import { parseUriTemplate } from './uri-template.ts';

/** What the handler of a tool returns: the value of the output schema, or text or content where there is none. */
export type ToolReturn<Output> = [Output] extends [undefined]
  ? string | readonly Content[]
  : ReturnOf<Output>;

/** A tool as its author writes it. */
export interface ToolOptions<
  Input extends SchemaLike,
  Output extends SchemaLike | undefined,
  Errors extends ErrorContracts,
> {
  /** `verb_noun`, at most 64 letters, digits, `_` and `-`: what every provider accepts. */
  readonly name: string;
  readonly title?: string;
  /** What it does, when to use it and what it returns. Ranges, retry safety and errors are added from the contract. */
  readonly description: string;
  readonly input: Input;
  readonly output?: Output;
  /** JSON Schemas to advertise, where the schema library cannot say them. */
  readonly inputJsonSchema?: JsonObject;
  readonly outputJsonSchema?: JsonObject;
  readonly effects: Effects;
  /** A second call with the same arguments changes nothing further. Reads always are. Default false. */
  readonly idempotent?: boolean;
  /** It reaches things outside of this system. Default false. */
  readonly openWorld?: boolean;
  /** Errors that the tool can end with, by code in capitals, for example `PROJECT_ARCHIVED`. */
  readonly errors?: Errors;
  readonly limits?: ToolLimits;
  /** Arguments of typical calls; shown in the schema. */
  readonly examples?: readonly CallArgumentsOf<Input>[];
  /** Shows the result as a resource too; for reads that are cheap. Template variables are arguments. */
  readonly exposeAsResource?: { readonly uri: string; readonly cacheMs?: number };
  readonly handler: (
    args: ArgumentsOf<Input>,
    ctx: ToolContext<keyof Errors & string>,
  ) => ToolReturn<Output> | Promise<ToolReturn<Output>>;
}

/** Defines a tool. Throws DefinitionError when it could not be served as it is written. */
export function defineTool<
  const Input extends SchemaLike,
  const Output extends SchemaLike | undefined = undefined,
  const Errors extends ErrorContracts = Record<never, never>,
>(options: ToolOptions<Input, Output, Errors>): ToolDefinition {
  const subject = `tool ${options.name}`;
  checkTexts(options, subject);
  const errors: ErrorContracts = options.errors ?? {};
  checkErrors(errors, subject);
  checkLimits(options.limits ?? {}, subject);
  const isRetrySafe = options.effects === 'read' || options.idempotent === true;
  checkRetryClaim(options.description, isRetrySafe, subject);
  const examples = (options.examples ?? []) as readonly JsonObject[];
  const input = adaptSchema(options.input, {
    subject,
    direction: 'input',
    jsonSchema: options.inputJsonSchema,
    finish: (schema) => finishInput(schema, { subject, examples, takesKey: !isRetrySafe }),
  });
  const output = outputOf(options, subject);
  return {
    kind: 'tool',
    name: options.name,
    listing: listingOf(options, { input, output, isRetrySafe, errors }),
    effects: options.effects,
    isRetrySafe,
    takesIdempotencyKey: !isRetrySafe,
    input,
    output,
    errors,
    limits: options.limits ?? {},
    examples,
    resource: exposedResource(options, { input, isRetrySafe, subject }),
    // The types of the arguments were checked at the definition; from here the schemas vouch for them.
    handler: options.handler as ToolDefinition['handler'],
  };
}

type AnyOptions = Pick<
  ToolOptions<SchemaLike, SchemaLike | undefined, ErrorContracts>,
  | 'name'
  | 'title'
  | 'description'
  | 'effects'
  | 'idempotent'
  | 'openWorld'
  | 'output'
  | 'outputJsonSchema'
  | 'exposeAsResource'
>;

const EFFECTS: ReadonlySet<string> = new Set<Effects>(['read', 'write', 'destructive']);

function checkTexts(options: AnyOptions, subject: string): void {
  assertName(options.name, 'tool');
  assertText(options.description, subject, 'description');
  if (options.title !== undefined) assertText(options.title, subject, 'title');
  if (!EFFECTS.has(options.effects))
    throw new DefinitionError(subject, '`effects` must be read, write or destructive');
  if (options.effects === 'read' && options.idempotent === false) {
    throw new DefinitionError(subject, 'a read changes nothing, so it cannot be `idempotent: false`');
  }
}

/** Capitals, so that a tool's own code is never mistaken for one of the runtime's. */
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

function checkErrors(errors: ErrorContracts, subject: string): void {
  for (const [code, error] of Object.entries(errors)) {
    if (!CODE.test(code))
      throw new DefinitionError(subject, `the error code \`${code}\` is not of the form PROJECT_ARCHIVED`);
    assertText(error.recovery, subject, `recovery of ${code}`);
    if (typeof error.retryable !== 'boolean')
      throw new DefinitionError(subject, `\`retryable\` of ${code} is missing`);
  }
}

function checkLimits(limits: ToolLimits, subject: string): void {
  assertLimit(limits.timeoutMs, TIMEOUT_MS_MAX, { subject, name: 'timeoutMs' });
  assertLimit(limits.responseBytesMax, RESPONSE_BYTES_MAX_CEILING, { subject, name: 'responseBytesMax' });
  assertLimit(limits.rate?.calls, RATE_CALLS_MAX, { subject, name: 'rate.calls' });
  assertLimit(limits.rate?.windowMs, RATE_WINDOW_MS_MAX, { subject, name: 'rate.windowMs' });
}

function checkRetryClaim(description: string, isRetrySafe: boolean, subject: string): void {
  const claim = retryClaim(description);
  if (claim === undefined || (claim === 'safe') === isRetrySafe) return;
  throw new DefinitionError(
    subject,
    `the description says that it is ${claim} to retry, and \`effects\` and \`idempotent\` say the opposite`,
  );
}

function finishInput(
  schema: JsonObject,
  { subject, examples, takesKey }: { subject: string; examples: readonly JsonObject[]; takesKey: boolean },
): JsonObject {
  const described = describeMembers(schema);
  if (examples.length > 0) described['examples'] = structuredClone([...examples]);
  if (!takesKey) return described;
  const properties = isJsonObject(described['properties']) ? described['properties'] : {};
  if (Object.hasOwn(properties, IDEMPOTENCY_KEY)) {
    throw new DefinitionError(
      subject,
      `the runtime adds and handles \`${IDEMPOTENCY_KEY}\`; leave it out of the input schema`,
    );
  }
  described['properties'] = { ...properties, [IDEMPOTENCY_KEY]: KEY_SCHEMA };
  return described;
}

const KEY_SCHEMA: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: IDEMPOTENCY_KEY_CHARS_MAX,
  description:
    `Any unique text, for example a UUID. Calls with the same key and the same arguments take effect once and get the first result, for ${keptFor()}. ` +
    `At most ${String(IDEMPOTENCY_KEY_CHARS_MAX)} characters.`,
};

function outputOf(options: AnyOptions, subject: string): AdaptedSchema | undefined {
  if (options.output === undefined) return undefined;
  return adaptSchema(options.output, { subject, direction: 'output', jsonSchema: options.outputJsonSchema });
}

interface Derived {
  readonly input: AdaptedSchema;
  readonly output: AdaptedSchema | undefined;
  readonly isRetrySafe: boolean;
  readonly errors: ErrorContracts;
}

function listingOf(options: AnyOptions, { input, output, isRetrySafe, errors }: Derived): JsonObject {
  return {
    name: options.name,
    ...(options.title === undefined ? {} : { title: options.title }),
    description: describeTool({ description: options.description, isRetrySafe, errors }),
    inputSchema: input.jsonSchema,
    ...(output === undefined ? {} : { outputSchema: output.jsonSchema }),
    annotations: {
      ...(options.title === undefined ? {} : { title: options.title }),
      readOnlyHint: options.effects === 'read',
      destructiveHint: options.effects === 'destructive',
      idempotentHint: isRetrySafe,
      openWorldHint: options.openWorld ?? false,
    },
  };
}

function exposedResource(
  options: AnyOptions,
  derived: { readonly input: AdaptedSchema; readonly isRetrySafe: boolean; readonly subject: string },
): ExposedResource | undefined {
  const exposed = options.exposeAsResource;
  if (exposed === undefined) return undefined;
  const { subject } = derived;
  if (options.effects !== 'read')
    throw new DefinitionError(subject, 'only a tool with `effects: "read"` can be exposed as a resource');
  const template = parseUriTemplate(exposed.uri, subject);
  const properties = derived.input.jsonSchema['properties'];
  for (const variable of template.variables) {
    if (!isJsonObject(properties) || !isJsonObject(properties[variable])) {
      throw new DefinitionError(
        subject,
        `the variable \`${variable}\` of \`exposeAsResource\` is no argument of the tool`,
      );
    }
  }
  assertLimit(exposed.cacheMs, 86_400_000, { subject, name: 'exposeAsResource.cacheMs', min: 0 });
  return { uri: exposed.uri, cacheMs: exposed.cacheMs ?? 0 };
}
