import type { JsonValue } from '../platform/json.ts';
import type { StandardInput, StandardOutput, StandardSchema } from './standard-schema.ts';

/** A JSON Schema of an object, written as a literal so that its types can be read from it. */
export interface JsonSchemaLiteral {
  readonly type: 'object';
  readonly [keyword: string]: unknown;
}

/** What a definition takes as a schema. */
export type SchemaLike = StandardSchema | JsonSchemaLiteral;

/** Arguments as a handler receives them: validated, with every default filled in. */
export type ArgumentsOf<Schema> = Schema extends StandardSchema
  ? StandardOutput<Schema>
  : FromJsonSchema<Schema, 'filled'>;

/** Arguments as a caller writes them: what has a default may be left out. */
export type CallArgumentsOf<Schema> = Schema extends StandardSchema
  ? StandardInput<Schema>
  : FromJsonSchema<Schema, 'given'>;

/** What a handler returns for its output schema. */
export type ReturnOf<Schema> = Schema extends StandardSchema
  ? StandardInput<Schema>
  : FromJsonSchema<Schema, 'given'>;

/** `filled`: members with a default are there; `given`: they may be absent. */
type Mode = 'filled' | 'given';

/**
 * The type that a JSON Schema literal describes. Understands `type`, `enum`,
 * `const`, `properties`, `required`, `default`, `items`, `anyOf` and `oneOf`;
 * whatever else decides about a value is checked when it arrives, and typed as
 * any JSON value.
 */
export type FromJsonSchema<Schema, M extends Mode> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly anyOf: readonly (infer Branch)[] }
      ? FromJsonSchema<Branch, M>
      : Schema extends { readonly oneOf: readonly (infer Branch)[] }
        ? FromJsonSchema<Branch, M>
        : Schema extends { readonly type: readonly (infer Name)[] }
          ? FromTypeName<Name, Schema, M>
          : Schema extends { readonly type: infer Name }
            ? FromTypeName<Name, Schema, M>
            : JsonValue;

type FromTypeName<Name, Schema, M extends Mode> = Name extends 'string'
  ? string
  : Name extends 'number' | 'integer'
    ? number
    : Name extends 'boolean'
      ? boolean
      : Name extends 'null'
        ? null
        : Name extends 'array'
          ? Schema extends { readonly items: infer Items }
            ? FromJsonSchema<Items, M>[]
            : JsonValue[]
          : Name extends 'object'
            ? FromProperties<Schema, M>
            : JsonValue;

type FromProperties<Schema, M extends Mode> = Schema extends { readonly properties: infer Properties }
  ? Flat<
      {
        [Key in keyof Properties & PresentKeys<Schema, Properties, M>]: FromJsonSchema<Properties[Key], M>;
      } & {
        [Key in Exclude<keyof Properties, PresentKeys<Schema, Properties, M>>]?: FromJsonSchema<
          Properties[Key],
          M
        >;
      }
    >
  : Schema extends { readonly additionalProperties: infer Rest }
    ? { [member: string]: Rest extends boolean ? JsonValue : FromJsonSchema<Rest, M> }
    : Record<never, never>;

type PresentKeys<Schema, Properties, M extends Mode> =
  | (Schema extends { readonly required: readonly (infer Key)[] } ? Key : never)
  | (M extends 'filled' ? KeysWithDefault<Properties> : never);

type KeysWithDefault<Properties> = {
  [Key in keyof Properties]: Properties[Key] extends { readonly default: unknown } ? Key : never;
}[keyof Properties];

/** One object type instead of an intersection, so that messages of the compiler can be read. */
type Flat<Type> = { [Key in keyof Type]: Type[Key] };
