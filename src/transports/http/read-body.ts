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
    const settle = (result: BodyResult): void => {
      req.off('data', onData);
      req.off('end', onEnd);
      req.off('error', onGone);
      req.off('close', onGone);
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      total += chunk.length;
      if (total > bytesMax) {
        settle({ ok: false, problem: 'too_large' });
      } else if (first === undefined) {
        first = chunk;
      } else {
        rest ??= [first];
        rest.push(chunk);
      }
    };
    const onEnd = (): void => {
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
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('error', onGone);
    req.on('close', onGone);
  });
}
