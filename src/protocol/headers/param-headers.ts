import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { WIRE_CODES } from '../wire-codes.ts';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts';
import type { ParamHeader } from './param-header-schema.ts';

const PREFIX = 'Mcp-Param-';

/**
 * The `Mcp-Param-*` headers of one `tools/call`. A value that is null or
 * absent has no header; one that is no string, number or boolean has none
 * either, and the schema of the tool refuses it anyway.
 */
export function buildParamHeaders(
  declared: readonly ParamHeader[],
  args: JsonObject,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const param of declared) {
    const text = textOf(valueAt(args, param.path));
    if (text !== undefined) headers[`${PREFIX}${param.name}`] = encodeHeaderValue(text);
  }
  return headers;
}

/** Received headers with lower-case names, as `node:http` gives them. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type ParamHeaderCheck =
  | { readonly ok: true }
  /** HTTP 400. */
  | { readonly ok: false; readonly code: number; readonly message: string };

const AGREED: ParamHeaderCheck = { ok: true };

/**
 * Holds received `Mcp-Param-*` headers against the arguments (2026-07-28
 * `basic/transports/streamable-http`): where the body has a value, its header
 * must be there and say the same. Integers are compared as numbers, so `42.0`
 * is 42. Headers without a declaration or without a value are ignored; they
 * carry no meaning and are never copied upstream.
 */
export function checkParamHeaders(
  declared: readonly ParamHeader[],
  args: JsonObject,
  received: ReceivedHeaders,
): ParamHeaderCheck {
  for (const param of declared) {
    const value = valueAt(args, param.path);
    const text = textOf(value);
    if (text === undefined) continue;
    const raw = received[`mcp-param-${param.name.toLowerCase()}`];
    if (raw === undefined) return mismatch('A required Mcp-Param header is missing.');
    if (typeof raw !== 'string') return mismatch('An Mcp-Param header is there twice.');
    const decoded = decodeHeaderValue(raw);
    if (!decoded.ok) return mismatch('An Mcp-Param header is not encoded correctly.');
    if (decoded.value !== text && !isSameInteger(param, value, decoded.value)) {
      return mismatch('An Mcp-Param header differs from the body.');
    }
  }
  return AGREED;
}

function isSameInteger(param: ParamHeader, value: JsonValue | undefined, received: string): boolean {
  if (param.type !== 'integer' || typeof value !== 'number' || received.length > 32) return false;
  return isDecimal(received) && Number(received) === value;
}

/** Digits with an optional sign and fraction. `Number` alone would also take `0x2a`, ` 42` and the empty text. */
function isDecimal(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

/** The text of a value in a header; undefined for what has none. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'number') return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
}

function valueAt(args: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = args;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function mismatch(message: string): ParamHeaderCheck {
  return { ok: false, code: WIRE_CODES.headerMismatch, message };
}
