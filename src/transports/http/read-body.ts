import type { IncomingMessage } from 'node:http';

export type BodyResult =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly problem: 'too_large' | 'gone' };

/**
 * Collects the request body, never holding more than `bytesMax`. The usual
 * body arrives as one chunk and is not copied.
 */
export function readBody(req: IncomingMessage, bytesMax: number): Promise<BodyResult> {
  return new Promise((resolve) => {
    let first: Buffer | undefined;
    let rest: Buffer[] | undefined;
    let total = 0;
    let isSettled = false;
    // Settling a promise twice is harmless but slow: the engine reports it to the process.
    const settle = (result: BodyResult): void => {
      if (isSettled) return;
      isSettled = true;
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      total += chunk.length;
      if (total > bytesMax) {
        // What still comes is read past and not kept, until the answer closes the connection.
        first = undefined;
        rest = undefined;
        settle({ ok: false, problem: 'too_large' });
      } else if (first === undefined) {
        first = chunk;
      } else {
        rest ??= [first];
        rest.push(chunk);
      }
    };
    const onEnd = (): void => {
      if (isSettled) return;
      const bytes = rest === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(rest, total);
      settle({ ok: true, bytes });
    };
    const onGone = (): void => {
      settle({ ok: false, problem: 'gone' });
    };
    // A connection that broke before this says so to nobody any more.
    if (req.destroyed) {
      onGone();
      return;
    }
    // They stay: only the first to settle counts, and taking four listeners off costs more than reading the body.
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('error', onGone);
    req.on('close', onGone);
  });
}
