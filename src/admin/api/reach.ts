import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../platform/clock.ts';
import { ADMIN_PRESENCE_CACHE_MS } from '../../platform/limits.ts';

const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/;
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])\.?(?::\d{1,5})?$/i;
/** What proxies add. One on this machine forwards for somebody else, who is not on the loopback address. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

/**
 * True for a request that was made on this machine and knows it: it came over
 * the loopback address, names it in `Host` (a web page that has rebound its
 * own name to 127.0.0.1 names that), and no proxy says that it forwards.
 */
export function isFromLoopback(req: IncomingMessage): boolean {
  if (!LOOPBACK_ADDRESS.test(req.socket.remoteAddress ?? '')) return false;
  if (!LOOPBACK_HOST.test(req.headers.host ?? '')) return false;
  return FORWARDED.every((name) => req.headers[name] === undefined);
}

/**
 * Whether the admin surface exists for a request. Without any operator's
 * token it exists on the loopback address alone: nobody has set it up for use
 * from elsewhere. A token is needed everywhere: whatever can be made to fetch
 * a URL on this machine, such as an upstream's tool, reaches loopback too.
 */
export class AdminReach {
  readonly #hasOperatorToken: () => Promise<boolean>;
  readonly #clock: Clock;
  #known: { readonly answer: Promise<boolean>; readonly staleAtMs: number } | undefined;

  constructor(options: { readonly hasOperatorToken: () => Promise<boolean>; readonly clock: Clock }) {
    this.#hasOperatorToken = options.hasOperatorToken;
    this.#clock = options.clock;
  }

  async exists(req: IncomingMessage): Promise<boolean> {
    if (isFromLoopback(req)) return true;
    const nowMs = this.#clock.monotonicMs();
    if (this.#known === undefined || nowMs >= this.#known.staleAtMs) {
      // One question for all who ask at the same time; an answer that cannot be had is no.
      const answer = this.#hasOperatorToken().catch(() => false);
      this.#known = { answer, staleAtMs: nowMs + ADMIN_PRESENCE_CACHE_MS };
    }
    return await this.#known.answer;
  }
}
