import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { LINT_CHARS_MAX, LINT_ITEMS_MAX, LINT_TEXT_CHARS_MAX } from '../../platform/limits.ts';
import type { LintContract, LintInput } from './input.ts';
import { measureDefinition, type Oversize } from './measure.ts';
import { effectiveSchema, namedNodes, typesOf, walkSchema, type SchemaNode } from './schema-walk.ts';
import { headVerb, type HeadVerb } from './text/verbs.ts';
import { nameWords, phraseText } from './text/words.ts';

/** A named member of an input or output schema. */
export interface ParamModel {
  readonly name: string;
  readonly words: readonly string[];
  /** JSON Pointer into the tool. */
  readonly path: string;
  readonly node: SchemaNode;
  /** As written. */
  readonly schema: JsonObject;
  /** With references followed and "or null" taken off. */
  readonly effective: JsonObject;
  readonly types: readonly string[];
  readonly isRequired: boolean;
  /** A parameter of the tool itself, not of an object inside. */
  readonly isTopLevel: boolean;
  /** `''` when there is none. */
  readonly description: string;
  /** Its words, see `phraseText`. */
  readonly text: string;
}

export interface ToolModel {
  readonly index: number;
  readonly raw: JsonObject;
  /** `''` when there is none. */
  readonly name: string;
  readonly words: readonly string[];
  readonly verb: HeadVerb | undefined;
  /** Cut to what is read; `''` when there is none. */
  readonly description: string;
  readonly text: string;
  readonly annotations: JsonObject;
  /** The input schema, `{}` when it is no object. */
  readonly input: JsonObject;
  readonly inputNodes: readonly SchemaNode[];
  readonly output: JsonObject | undefined;
  readonly outputNodes: readonly SchemaNode[];
  readonly params: readonly ParamModel[];
  readonly outputs: readonly ParamModel[];
  readonly contract: LintContract | undefined;
  /** Declared to change nothing, or by its verb in the absence of any declaration. */
  readonly isReadOnly: boolean;
}

/** A definition that was not examined. */
export interface Unexamined {
  readonly index: number;
  readonly name: string;
  readonly reason: Oversize | 'is not an object' | 'comes after as much as is examined in one run';
}

export interface LintModel {
  readonly input: LintInput;
  readonly tools: readonly ToolModel[];
  readonly unexamined: readonly Unexamined[];
  readonly resources: readonly ItemModel[];
  readonly resourceTemplates: readonly ItemModel[];
  readonly prompts: readonly ItemModel[];
  /** Resources, templates and prompts that were not examined. */
  readonly leftOutItems: number;
  /** Tools in the input, the unexamined ones included. */
  readonly toolCount: number;
}

/** A resource, a template or a prompt. */
export interface ItemModel {
  /** JSON Pointer into the document. */
  readonly path: string;
  readonly raw: JsonObject;
}

export function textMember(object: JsonObject, member: string): string {
  const value = Object.hasOwn(object, member) ? object[member] : undefined;
  return typeof value === 'string' ? value : '';
}

function objectMember(object: JsonObject, member: string): JsonObject | undefined {
  const value = Object.hasOwn(object, member) ? object[member] : undefined;
  return isJsonObject(value) ? value : undefined;
}

/** Brings the input into the one form that rules read. */
export function buildModel(input: LintInput): LintModel {
  const tools: ToolModel[] = [];
  const unexamined: Unexamined[] = [];
  let chars = 0;
  input.tools.slice(0, LINT_ITEMS_MAX).forEach((definition, index) => {
    if (!isJsonObject(definition)) {
      unexamined.push({ index, name: '', reason: 'is not an object' });
      return;
    }
    const measured = measureDefinition(definition);
    chars += measured.ok ? measured.chars : 0;
    if (measured.ok && chars <= LINT_CHARS_MAX) {
      tools.push(toolModel(definition, index, input));
      return;
    }
    const reason = measured.ok ? 'comes after as much as is examined in one run' : measured.problem;
    unexamined.push({ index, name: textMember(definition, 'name'), reason });
  });
  const resources = itemModels(input.resources, '/resources');
  const resourceTemplates = itemModels(input.resourceTemplates, '/resourceTemplates');
  const prompts = itemModels(input.prompts, '/prompts');
  const given = [input.resources, input.resourceTemplates, input.prompts].reduce(
    (sum, list) => sum + (list?.length ?? 0),
    0,
  );
  return {
    input,
    tools,
    unexamined,
    resources,
    resourceTemplates,
    prompts,
    leftOutItems: given - resources.length - resourceTemplates.length - prompts.length,
    toolCount: input.tools.length,
  };
}

function itemModels(items: readonly unknown[] | undefined, path: string): ItemModel[] {
  return (items ?? []).slice(0, LINT_ITEMS_MAX).flatMap((raw, index) => {
    return isJsonObject(raw) && measureDefinition(raw).ok ? [{ path: `${path}/${index}`, raw }] : [];
  });
}

function toolModel(raw: JsonObject, index: number, { contracts }: LintInput): ToolModel {
  const name = textMember(raw, 'name');
  const words = nameWords(name);
  const verb = headVerb(words);
  const description = textMember(raw, 'description').slice(0, LINT_TEXT_CHARS_MAX);
  const annotations = objectMember(raw, 'annotations') ?? {};
  const input = objectMember(raw, 'inputSchema') ?? {};
  const output = objectMember(raw, 'outputSchema');
  const inputNodes = walkSchema(input, '/inputSchema');
  const outputNodes = output === undefined ? [] : walkSchema(output, '/outputSchema');
  return {
    index,
    raw,
    name,
    words,
    verb,
    description,
    text: phraseText(description),
    annotations,
    input,
    inputNodes,
    output,
    outputNodes,
    params: paramModels(inputNodes, input),
    outputs: output === undefined ? [] : paramModels(outputNodes, output),
    contract: contracts !== undefined && Object.hasOwn(contracts, name) ? contracts[name] : undefined,
    isReadOnly: readOnly(annotations, verb),
  };
}

function readOnly(annotations: JsonObject, verb: HeadVerb | undefined): boolean {
  const { readOnlyHint, destructiveHint } = annotations as {
    readOnlyHint?: JsonValue;
    destructiveHint?: JsonValue;
  };
  if (typeof readOnlyHint === 'boolean') return readOnlyHint;
  return destructiveHint !== true && verb?.kind === 'read';
}

function paramModels(nodes: readonly SchemaNode[], root: JsonObject): ParamModel[] {
  return namedNodes(nodes).map((node) => {
    const effective = effectiveSchema(node.schema, root);
    const description = textMember(effective, 'description').slice(0, LINT_TEXT_CHARS_MAX);
    return {
      name: node.name,
      words: nameWords(node.name),
      path: node.path,
      node,
      schema: node.schema,
      effective,
      types: typesOf(effective),
      isRequired: node.isRequired,
      isTopLevel: node.parent?.parent === undefined,
      description,
      text: phraseText(description),
    };
  });
}
