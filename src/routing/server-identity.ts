import type { JsonObject } from '../platform/json.ts';

/** What this server says about itself in `initialize`, `server/discover` and result `_meta`. */
export interface ServerIdentity {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
}

export function identityObject(identity: ServerIdentity): JsonObject {
  return {
    name: identity.name,
    ...(identity.title === undefined ? {} : { title: identity.title }),
    version: identity.version,
  };
}
