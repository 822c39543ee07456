import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { pointer } from './pointer.ts';
import { canonicalJson, type LintSnapshot } from './snapshot.ts';
import type { ToolModel } from './model.ts';
import { propertiesOf } from './schema-shape.ts';
import { typesOf } from './schema-walk.ts';
import { quote } from './quote.ts';

/** `breaking`: calls that worked may fail, or agents are told something else. */
export type DriftKind = 'breaking' | 'compatible';

export interface Drift {
  readonly kind: DriftKind;
  /** Name of the tool. */
  readonly tool: string;
  /** JSON Pointer into the tool. */
  readonly path: string;
  readonly message: string;
}

/** What changed since the snapshot, tool by tool. Both sides must have been measured. */
export function driftBetween(snapshot: LintSnapshot, tools: ReadonlyMap<string, JsonObject>): Drift[] {
  const drifts: Drift[] = [];
  const before = new Map(snapshot.tools.map((tool) => [tool.name, tool]));
  for (const [name, old] of before) {
    const now = tools.get(name);
    if (now === undefined) {
      drifts.push({ kind: 'breaking', tool: name, path: '', message: `The tool ${quote(name)} is gone.` });
    } else {
      drifts.push(...toolDrift(name, old.definition, now));
    }
  }
  for (const name of tools.keys()) {
    if (before.has(name)) continue;
    drifts.push({ kind: 'compatible', tool: name, path: '', message: `The tool ${quote(name)} is new.` });
  }
  return drifts;
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function toolDrift(tool: string, old: JsonObject, now: JsonObject): Drift[] {
  const drifts: Drift[] = [];
  if (!same(old['description'], now['description'])) {
    // The description decides when a model calls the tool: a changed one is how an approved server turns on its users.
    drifts.push({ kind: 'breaking', tool, path: '/description', message: 'The description changed.' });
  }
  drifts.push(...annotationDrift(tool, old, now));
  drifts.push(...schemaDrift(tool, old, now));
  for (const member of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (['name', 'description', 'annotations', 'inputSchema'].includes(member)) continue;
    if (same(old[member], now[member])) continue;
    const path = pointer('', member);
    drifts.push({ kind: 'compatible', tool, path, message: `The member ${quote(member)} changed.` });
  }
  return drifts;
}

/** Values with which a hint promises more than with its default. */
const PROMISES: readonly (readonly [hint: string, promise: boolean])[] = [
  ['readOnlyHint', true],
  ['destructiveHint', false],
  ['idempotentHint', true],
  ['openWorldHint', false],
];

/** Never the value itself: a hint can be any text. */
function shownHint(value: JsonValue | undefined): string {
  if (value === undefined) return 'not stated';
  return typeof value === 'boolean' ? String(value) : 'not a boolean';
}

function annotationDrift(tool: string, old: JsonObject, now: JsonObject): Drift[] {
  const before = isJsonObject(old['annotations']) ? old['annotations'] : {};
  const after = isJsonObject(now['annotations']) ? now['annotations'] : {};
  const drifts: Drift[] = [];
  for (const [hint, promise] of PROMISES) {
    if (before[hint] === after[hint]) continue;
    const isLost = before[hint] === promise;
    drifts.push({
      kind: isLost ? 'breaking' : 'compatible',
      tool,
      path: `/annotations/${hint}`,
      message: `${hint} was ${shownHint(before[hint])} and is ${shownHint(after[hint])}.`,
    });
  }
  return drifts;
}

function namesIn(schema: JsonObject): ReadonlySet<JsonValue> {
  return new Set(Array.isArray(schema['required']) ? schema['required'] : []);
}

/** Compares the parameters one by one, and everything else of the schema as a whole. */
function schemaDrift(tool: string, oldTool: JsonObject, nowTool: JsonObject): Drift[] {
  const old = isJsonObject(oldTool['inputSchema']) ? oldTool['inputSchema'] : {};
  const now = isJsonObject(nowTool['inputSchema']) ? nowTool['inputSchema'] : {};
  if (same(old, now)) return [];
  const drifts: Drift[] = [];
  const add = (kind: DriftKind, name: string, message: string): void => {
    drifts.push({ kind, tool, path: pointer('/inputSchema/properties', name), message });
  };
  const before = propertiesOf(old);
  const after = propertiesOf(now);
  const wasRequired = namesIn(old);
  const isRequired = namesIn(now);
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) add('breaking', name, `The parameter ${quote(name)} is gone.`);
    else if (!same(before[name], after[name]))
      add(changeKind(before[name], after[name]), name, `The schema of ${quote(name)} changed.`);
  }
  for (const name of Object.keys(after)) {
    if (isRequired.has(name) && !wasRequired.has(name))
      add('breaking', name, `The parameter ${quote(name)} is now required.`);
    else if (!Object.hasOwn(before, name)) add('compatible', name, `The parameter ${quote(name)} is new.`);
  }
  const isRestChanged = Object.keys({ ...old, ...now }).some(
    (keyword) => keyword !== 'properties' && keyword !== 'required' && !same(old[keyword], now[keyword]),
  );
  if (isRestChanged) {
    const isClosed = old['additionalProperties'] !== false && now['additionalProperties'] === false;
    const message = isClosed
      ? 'Unknown parameters are now refused.'
      : 'The input schema changed beside its parameters.';
    drifts.push({ kind: isClosed ? 'breaking' : 'compatible', tool, path: '/inputSchema', message });
  }
  return drifts;
}

const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;

/** Whether arguments that were valid may be refused now. */
function changeKind(old: JsonValue | undefined, now: JsonValue | undefined): DriftKind {
  if (!isJsonObject(old) || !isJsonObject(now)) return 'breaking';
  if (!same(old['type'], now['type'])) {
    const types = typesOf(now);
    return typesOf(old).every((type) => types.includes(type)) && Array.isArray(now['type'])
      ? 'compatible'
      : 'breaking';
  }
  if (isEnumNarrowed(old['enum'], now['enum'])) return 'breaking';
  const isTighter = (bound: string, sign: number): boolean => {
    const [a, b] = [old[bound], now[bound]];
    return typeof b === 'number' && (typeof a !== 'number' || sign * b > sign * a);
  };
  if (LOWER_BOUNDS.some((bound) => isTighter(bound, 1)) || UPPER_BOUNDS.some((bound) => isTighter(bound, -1)))
    return 'breaking';
  const compared = [
    'pattern',
    'const',
    'items',
    'properties',
    'required',
    'additionalProperties',
    'anyOf',
    'oneOf',
    'allOf',
    '$ref',
  ];
  return compared.every((keyword) => same(old[keyword], now[keyword])) ? 'compatible' : 'breaking';
}

function isEnumNarrowed(old: JsonValue | undefined, now: JsonValue | undefined): boolean {
  if (!Array.isArray(now)) return false;
  if (!Array.isArray(old)) return true;
  const values = new Set(now.map((value) => canonicalJson(value)));
  return old.some((value) => !values.has(canonicalJson(value)));
}

/** True for a tool that had parameters in the snapshot and has none any more. */
export function hasLostSchema(snapshot: LintSnapshot, tool: ToolModel): boolean {
  if (Object.keys(propertiesOf(tool.input)).length > 0) return false;
  const old = snapshot.tools.find(({ name }) => name === tool.name)?.definition['inputSchema'];
  return isJsonObject(old) && Object.keys(propertiesOf(old)).length > 0;
}
