import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { WIRE_CODES } from '../wire-codes.ts';
import type { EraCodec, MethodClass, ResultRules, SubjectResult } from './codec.ts';
import { subjectOfShared, wrong } from './params.ts';

/**
 * What is served of 2026-07-28. A Map, because a plain object would know
 * `constructor`. Missing on purpose: `initialize`, `ping`, `logging/setLevel`
 * and `resources/(un)subscribe`, which this revision removed, and
 * `subscriptions/listen`, which belongs to a capability that is not declared.
 */
const METHODS: ReadonlyMap<string, MethodClass> = new Map<string, MethodClass>([
  ['server/discover', 'control'],
  ['tools/list', 'list'],
  ['resources/list', 'list'],
  ['resources/templates/list', 'list'],
  ['prompts/list', 'list'],
  ['tools/call', 'invoke'],
  ['resources/read', 'invoke'],
  ['prompts/get', 'invoke'],
  ['completion/complete', 'invoke'],
]);

/** `server/utilities/caching`: complete results of these carry `ttlMs` and `cacheScope`. */
const CACHEABLE: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
  'resources/read',
]);

const PLAIN: ResultRules = { needsResultType: true, isCacheable: false, namesServer: true };
const WITH_CACHE_HINTS: ResultRules = { needsResultType: true, isCacheable: true, namesServer: true };

/** Codec of the stateless era, 2026-07-28. */
export const modernCodec: EraCodec = {
  era: 'modern',
  resourceNotFoundCode: WIRE_CODES.invalidParams,
  methodClass: (method) => METHODS.get(method),
  subjectOf: modernSubject,
  resultRules: (method) => (CACHEABLE.has(method) ? WITH_CACHE_HINTS : PLAIN),
};

/** The answers to an `input_required` result come back with the request itself (`basic/patterns/mrtr`). */
function modernSubject(method: string, params: JsonObject): SubjectResult {
  const responses = params['inputResponses'];
  if (responses !== undefined && !isJsonObject(responses)) return wrong('inputResponses must be an object');
  const state = params['requestState'];
  if (state !== undefined && typeof state !== 'string') return wrong('requestState must be a string');
  return subjectOfShared(method, params);
}
