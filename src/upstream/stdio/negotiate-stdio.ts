import type { Clock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import { RESPONSE_BYTES_MAX_DEFAULT, STDIO_PROBE_MS, STDIO_START_MS } from '../../platform/limits.ts';
import { Deadline } from '../answer/deadline.ts';
import {
  discoverParams,
  initializeParams,
  noCommonRevision,
  readDiscover,
  readInitialize,
} from '../answer/negotiate.ts';
import type { HandshakeVerdict } from '../answer/negotiate.ts';
import type { Reply } from '../answer/reply.ts';
import type { ClientInfo } from '../answer/session.ts';
import type { StdioConnection } from './connection.ts';

export interface NegotiateOptions {
  readonly clock: Clock;
  readonly client: ClientInfo;
  /** Go to `initialize` at once: this server is known to be legacy, or to die from the probe. */
  readonly skipsProbe: boolean;
}

/** `diedFromProbe`: the child ended without an answer to `server/discover`; a new one must not be probed. */
export type StdioVerdict = HandshakeVerdict | { readonly ok: false; readonly diedFromProbe: true };

/**
 * Finds out the era of a child: probe first, handshake after an error or after
 * silence (transports/stdio.mdx of 2026-07-28). Silence may also be a modern
 * server that is still starting, so the handshake goes into the same process,
 * and a discover result that comes late still counts if the handshake fails.
 */
export async function negotiateStdio(
  connection: StdioConnection,
  options: NegotiateOptions,
): Promise<StdioVerdict> {
  if (options.skipsProbe) return shakeHands(connection, options);
  const { clock } = options;
  const deadline = new Deadline(clock, STDIO_START_MS);
  const params = discoverParams(options.client);
  const probe = ask(connection, { method: 'server/discover', params }, deadline);
  const first = await orSilence(probe, clock);
  if (first === undefined) {
    const verdict = await shakeHandsInSilence(connection, options, probe);
    deadline.expire();
    return verdict;
  }
  if (connection.isDown) return { ok: false, diedFromProbe: true };
  const verdict = readDiscover(first);
  switch (verdict.kind) {
    case 'modern':
      return { ok: true, info: verdict.info };
    case 'legacy':
      return shakeHands(connection, options);
    case 'again':
      // One process is one version, so it would say the same again.
      return { ok: false, outcome: noCommonRevision() };
    case 'failed':
      return { ok: false, outcome: verdict.outcome };
    default:
      return verdict satisfies never;
  }
}

/** The probe is still unanswered: what comes of it counts only when the handshake fails. */
async function shakeHandsInSilence(
  connection: StdioConnection,
  options: NegotiateOptions,
  probe: Promise<Reply>,
): Promise<StdioVerdict> {
  const handshake = await shakeHands(connection, options);
  if (handshake.ok) return handshake;
  if (connection.isDown) return { ok: false, diedFromProbe: true };
  const late = await orSilence(probe, options.clock);
  const verdict = late === undefined ? undefined : readDiscover(late);
  return verdict?.kind === 'modern' ? { ok: true, info: verdict.info } : handshake;
}

async function shakeHands(connection: StdioConnection, options: NegotiateOptions): Promise<HandshakeVerdict> {
  const params = initializeParams(options.client);
  const deadline = new Deadline(options.clock, STDIO_START_MS);
  const verdict = readInitialize(await ask(connection, { method: 'initialize', params }, deadline));
  if (verdict.ok) connection.notify('notifications/initialized');
  return verdict;
}

async function ask(
  connection: StdioConnection,
  message: { method: string; params: JsonObject },
  deadline: Deadline,
): Promise<Reply> {
  const reply = await new Promise<Reply>((resolve) => {
    connection.send(message, {
      method: message.method,
      signal: deadline,
      responseBytesMax: RESPONSE_BYTES_MAX_DEFAULT,
      read: (read) => read,
      resolve,
    });
  });
  deadline.release();
  return reply;
}

/** The reply, or undefined when it does not come within the probe time. */
function orSilence(reply: Promise<Reply>, clock: Clock): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(STDIO_PROBE_MS, () => {
      resolve(undefined);
    });
    void reply.then((value) => {
      cancel();
      resolve(value);
    });
  });
}
