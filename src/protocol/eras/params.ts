import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import {
  COMPLETION_VALUE_CHARS_MAX,
  CURSOR_CHARS_MAX,
  DEFINITION_NAME_CHARS_MAX,
  RESOURCE_URI_CHARS_MAX,
} from '../../platform/limits.ts';
import { WIRE_CODES } from '../wire-codes.ts';
import type { SubjectResult } from './codec.ts';

const NO_SUBJECT: SubjectResult = { ok: true, subject: undefined };

/**
 * Checks the params of the methods that both eras share. Members that a method
 * does not define are left alone: params are open in every revision.
 */
export function subjectOfShared(method: string, params: JsonObject): SubjectResult {
  const meta = params['_meta'];
  if (meta !== undefined && !isJsonObject(meta)) return wrong('_meta must be an object');
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
      return subjectOfNamed(params);
    case 'resources/read':
      return subjectOfUri(params['uri']);
    case 'completion/complete':
      return subjectOfCompletion(params);
    case 'tools/list':
    case 'resources/list':
    case 'resources/templates/list':
    case 'prompts/list':
      return checkCursor(params['cursor']);
    default:
      return NO_SUBJECT;
  }
}

/** -32602 with a text that names the member and the rule, never the value. */
export function wrong(rule: string): SubjectResult {
  return { ok: false, code: WIRE_CODES.invalidParams, message: `Invalid params: ${rule}.` };
}

function subjectOfNamed(params: JsonObject): SubjectResult {
  const name = params['name'];
  if (!isText(name, DEFINITION_NAME_CHARS_MAX)) return wrong('name must be a string of 1 to 256 characters');
  const args = params['arguments'];
  if (args !== undefined && !isJsonObject(args)) return wrong('arguments must be an object');
  return { ok: true, subject: name };
}

function subjectOfUri(uri: JsonValue | undefined): SubjectResult {
  if (!isText(uri, RESOURCE_URI_CHARS_MAX)) return wrong('uri must be a string of 1 to 8192 characters');
  return { ok: true, subject: uri };
}

/** An empty cursor is a valid one (2026-07-28 `server/utilities/pagination`). */
function checkCursor(cursor: JsonValue | undefined): SubjectResult {
  if (cursor === undefined) return NO_SUBJECT;
  return typeof cursor === 'string' && cursor.length <= CURSOR_CHARS_MAX
    ? NO_SUBJECT
    : wrong('cursor must be a string of at most 4096 characters');
}

function subjectOfCompletion(params: JsonObject): SubjectResult {
  const argument = params['argument'];
  if (
    !isJsonObject(argument) ||
    typeof argument['name'] !== 'string' ||
    typeof argument['value'] !== 'string'
  ) {
    return wrong('argument must be an object with the strings name and value');
  }
  if (argument['name'].length > DEFINITION_NAME_CHARS_MAX)
    return wrong('argument.name must have at most 256 characters');
  if (argument['value'].length > COMPLETION_VALUE_CHARS_MAX)
    return wrong('argument.value must have at most 8192 characters');
  const context = params['context'];
  if (context !== undefined && !isJsonObject(context)) return wrong('context must be an object');
  const ref = params['ref'];
  if (!isJsonObject(ref)) return wrong('ref must be an object');
  if (ref['type'] === 'ref/prompt') {
    const name = ref['name'];
    if (!isText(name, DEFINITION_NAME_CHARS_MAX))
      return wrong('ref.name must be a string of 1 to 256 characters');
    return { ok: true, subject: name };
  }
  if (ref['type'] === 'ref/resource') return subjectOfUri(ref['uri']);
  return wrong('ref.type must be ref/prompt or ref/resource');
}

function isText(value: JsonValue | undefined, charsMax: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= charsMax;
}
