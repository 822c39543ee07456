import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { CONNECT_TIMEOUT_MS } from '../../platform/limits.ts';
import { compileCidrs, isAddressAllowed, isCovered } from './address-policy.ts';
import { createGuardedLookup, EgressBlockedError, systemResolve } from './guarded-lookup.ts';
import type { Resolve } from './guarded-lookup.ts';
import type { EgressPolicy } from './url-policy.ts';

export interface GuardedConnectOptions {
  readonly policy: EgressPolicy;
  /** Default: the operating system's resolver. */
  readonly resolve?: Resolve | undefined;
  /** Default `CONNECT_TIMEOUT_MS`; covers name resolution, TCP and TLS. */
  readonly connectTimeoutMs?: number | undefined;
  /** Certificate authorities to trust instead of the built-in ones, PEM. */
  readonly caPem?: string | undefined;
}

/**
 * Vets every dial: names in the lookup hook, literal addresses here, because
 * Node never calls a lookup hook for them.
 */
export function createGuardedConnect(
  options: GuardedConnectOptions,
  requiresCover: boolean,
): buildConnector.connector {
  const blocks = compileCidrs(options.policy.allowCidrs);
  const trust = options.policy.origin === 'operator' ? 'operator' : 'strict';
  const isAllowed = requiresCover
    ? (address: string): boolean => isCovered(address, blocks)
    : (address: string): boolean => isAddressAllowed(address, trust, blocks);
  const connect = buildConnector({
    lookup: createGuardedLookup(options.resolve ?? systemResolve, isAllowed),
    timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    rejectUnauthorized: true,
    allowH2: false,
    ...(options.caPem === undefined ? {} : { ca: options.caPem }),
  });
  return (target, callback) => {
    if (isIP(target.hostname) !== 0 && !isAllowed(target.hostname)) {
      // Not at once: the client is still queueing the request that made it dial.
      queueMicrotask(() => {
        callback(new EgressBlockedError(), null);
      });
      return;
    }
    connect(target, callback);
  };
}
