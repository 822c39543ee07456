import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

export interface FakeDns {
  /** What a name resolves to: an address, or the error code of the resolver. */
  readonly names: Map<string, string>;
  readonly restore: () => void;
}

/** Puts an answer in front of the system's resolver for some names: no test may depend on a network. */
export function fakeDns(): FakeDns {
  const names = new Map<string, string>();
  const original = dns.lookup;
  const lookup = (hostname: string, options: object, callback: (...words: unknown[]) => void): void => {
    const found = names.get(hostname);
    if (found === undefined) {
      original(hostname, options, callback as never);
    } else if (/^[\d.]+$/.test(found)) {
      setImmediate(callback, null, [{ address: found, family: 4 }]);
    } else {
      setImmediate(callback, Object.assign(new Error(`${found} c4n4ry ${hostname}`), { code: found }));
    }
  };
  dns.lookup = lookup as typeof dns.lookup;
  syncBuiltinESMExports();
  return {
    names,
    restore() {
      dns.lookup = original;
      syncBuiltinESMExports();
    },
  };
}
