import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** One resolution: every address of a name, in the order to try them. */
export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** The egress policy refused an address. The message holds neither the address nor the name. */
export class EgressBlockedError extends Error {
  readonly code = 'BREAKWATER_EGRESS_BLOCKED';
  override readonly name = 'EgressBlockedError';
  constructor() {
    super('the destination is not allowed by the egress policy');
  }
}

/** Resolves as the operating system does, `/etc/hosts` included. */
export const systemResolve: Resolve = (hostname, done) => {
  systemLookup(hostname, { all: true }, (error, addresses) => {
    done(error, error === null ? addresses : []);
  });
};

/** More addresses than this in one answer are no service but an attack on the dialler. */
const ADDRESSES_MAX = 64;

/**
 * A `lookup` for `net.connect` that resolves once and hands on exactly the
 * addresses it has vetted, so that nothing can change between check and dial.
 * One refused address refuses the whole answer: a name with a public and a
 * private address is a rebinding attempt.
 */
export function createGuardedLookup(
  resolve: Resolve,
  isAllowed: (address: string) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const first = addresses[0];
      if (first === undefined) return callback(noAnswer(), '', 0);
      if (addresses.length > ADDRESSES_MAX || !addresses.every((entry) => isAllowed(entry.address))) {
        return callback(new EgressBlockedError(), '', 0);
      }
      if (options.all === true) return callback(null, [...addresses]);
      return callback(null, first.address, first.family);
    });
  };
}

function noAnswer(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name has no address'), { code: 'ENODATA' });
}
