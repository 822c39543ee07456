import type { JsonObject } from '../../platform/json.ts';
import type { Era } from '../revisions.ts';

/**
 * How much of the pipeline a method needs: `invoke` dispatches work, `list`
 * reads definitions, `control` is handshake, discovery and ping.
 */
export type MethodClass = 'invoke' | 'list' | 'control';

/** The params have the shape that the method asks for, or what is wrong with them. */
export type SubjectResult =
  | {
      readonly ok: true;
      /** Tool or prompt name, or resource URI; undefined for methods that are about none. */
      readonly subject: string | undefined;
    }
  | { readonly ok: false; readonly code: number; readonly message: string };

/** What the era asks of a result beyond what the method defines. */
export interface ResultRules {
  /** Every result says `resultType`; `complete` where it says nothing. */
  readonly needsResultType: boolean;
  /** Complete results carry `ttlMs` and `cacheScope`. */
  readonly isCacheable: boolean;
  /** `_meta` should name the server. */
  readonly namesServer: boolean;
}

/**
 * What differs between the eras. Code that serves both takes one of these
 * instead of asking for the era in every place.
 */
export interface EraCodec {
  readonly era: Era;
  /** Undefined: unknown in this era, removed, or part of a capability that is not declared. */
  methodClass(method: string): MethodClass | undefined;
  readonly resourceNotFoundCode: number;
  /** Checks the shape of the params of a known method and says what the request is about. */
  subjectOf(method: string, params: JsonObject): SubjectResult;
  resultRules(method: string): ResultRules;
}
