import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { WIRE_CODES } from '../wire-codes.ts';
import type { EraCodec, MethodClass, ResultRules, SubjectResult } from './codec.ts';
import { subjectOfShared, wrong } from './params.ts';

/**
 * What is served of 2025-03-26 to 2025-11-25. `logging/setLevel`,
 * `resources/(un)subscribe` and `tasks/*` exist there, but belong to
 * capabilities that are not declared to clients, so they are unknown.
 */
const METHODS: ReadonlyMap<string, MethodClass> = new Map<string, MethodClass>([
  ['initialize', 'control'],
  ['ping', 'control'],
  ['tools/list', 'list'],
  ['resources/list', 'list'],
  ['resources/templates/list', 'list'],
  ['prompts/list', 'list'],
  ['tools/call', 'invoke'],
  ['resources/read', 'invoke'],
  ['prompts/get', 'invoke'],
  ['completion/complete', 'invoke'],
]);

const NOTHING_ADDED: ResultRules = { needsResultType: false, isCacheable: false, namesServer: false };

/** Codec of the era with a handshake, 2025-03-26 to 2025-11-25. */
export const legacyCodec: EraCodec = {
  era: 'legacy',
  resourceNotFoundCode: WIRE_CODES.legacyResourceNotFound,
  methodClass: (method) => METHODS.get(method),
  subjectOf: legacySubject,
  resultRules: () => NOTHING_ADDED,
};

function legacySubject(method: string, params: JsonObject): SubjectResult {
  if (method !== 'initialize') return subjectOfShared(method, params);
  if (typeof params['protocolVersion'] !== 'string') return wrong('protocolVersion must be a string');
  // Required by the schema; clients written by hand leave them out, and nothing here depends on them.
  for (const name of ['capabilities', 'clientInfo']) {
    if (params[name] !== undefined && !isJsonObject(params[name])) return wrong(`${name} must be an object`);
  }
  return subjectOfShared(method, params);
}
