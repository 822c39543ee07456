import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';
import { adaptSchema, type AdaptedSchema } from './adapt-schema.ts';
import { assertName, assertText } from './checks.ts';
import { DefinitionError } from './definition-error.ts';
import type { Complete } from './define-resource.ts';
import { describeMembers } from './describe-property.ts';
import type { HandlerContext } from './handler-context.ts';
import type { ArgumentsOf, CallArgumentsOf, SchemaLike } from './infer.ts';
import type { Content } from './tool-contract.ts';

export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: Content;
}

/** A prompt as its author writes it. */
export interface PromptOptions<Input extends SchemaLike> {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  /** Arguments. MCP sends them as text, so every member takes a string: `string`, or an enumeration of strings. */
  readonly input?: Input;
  readonly inputJsonSchema?: JsonObject;
  /** Completion beside that of enumerations, which comes from the schema. */
  readonly complete?: { readonly [Name in keyof CallArgumentsOf<Input> & string]?: Complete };
  /** One user message as text, or the messages themselves. */
  readonly render: (
    args: ArgumentsOf<Input>,
    ctx: HandlerContext,
  ) => string | readonly PromptMessage[] | Promise<string | readonly PromptMessage[]>;
}

/** A prompt, checked and ready to be served. Made by `definePrompt` only. */
export interface PromptDefinition {
  readonly kind: 'prompt';
  readonly name: string;
  readonly description: string;
  readonly listing: JsonObject;
  readonly input: AdaptedSchema;
  readonly complete: ReadonlyMap<string, Complete>;
  readonly render: (args: unknown, ctx: HandlerContext) => unknown;
}

const NO_ARGUMENTS = { type: 'object', properties: {} } as const;

/** Defines a prompt: a template that a person picks. Throws DefinitionError. */
export function definePrompt<const Input extends SchemaLike = typeof NO_ARGUMENTS>(
  options: PromptOptions<Input>,
): PromptDefinition {
  const subject = `prompt ${options.name}`;
  assertName(options.name, 'prompt');
  assertText(options.description, subject, 'description');
  if (options.title !== undefined) assertText(options.title, subject, 'title');
  const input = adaptSchema(options.input ?? NO_ARGUMENTS, {
    subject,
    direction: 'input',
    jsonSchema: options.inputJsonSchema,
    finish: describeMembers,
  });
  const complete = new Map<string, Complete>();
  const args = argumentsOf(input.jsonSchema, { subject, complete });
  for (const [name, suggest] of Object.entries(options.complete ?? {})) {
    if (!args.some((argument) => argument['name'] === name)) {
      throw new DefinitionError(subject, `\`complete\` names \`${name}\`, which is no argument`);
    }
    complete.set(name, suggest as Complete);
  }
  return {
    kind: 'prompt',
    name: options.name,
    description: options.description,
    listing: {
      name: options.name,
      ...(options.title === undefined ? {} : { title: options.title }),
      description: options.description,
      ...(args.length === 0 ? {} : { arguments: args }),
    },
    input,
    complete,
    render: options.render as PromptDefinition['render'],
  };
}

function argumentsOf(
  schema: JsonObject,
  { subject, complete }: { readonly subject: string; readonly complete: Map<string, Complete> },
): JsonObject[] {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, property]) => {
    const values = isJsonObject(property) ? property['enum'] : undefined;
    if (!isJsonObject(property) || !takesText(property)) {
      throw new DefinitionError(
        subject,
        `the argument \`${name}\` must take a string, because MCP sends prompt arguments as text`,
      );
    }
    if (Array.isArray(values)) {
      const texts = values.filter((value): value is string => typeof value === 'string');
      complete.set(name, (typed) => texts.filter((value) => value.startsWith(typed)));
    }
    const description = property['description'];
    return {
      name,
      ...(typeof description === 'string' ? { description } : {}),
      required: required.includes(name),
    };
  });
}

function takesText(property: JsonObject): boolean {
  const isText = (value: JsonValue): boolean => typeof value === 'string';
  if (Array.isArray(property['enum'])) return property['enum'].every(isText);
  return property['type'] === 'string' || typeof property['const'] === 'string';
}
