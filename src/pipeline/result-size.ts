import type { ResultBody } from './outcome.ts';

/** Local results are serialised to be measured; the cap and the audit both ask, and the value is frozen by then. */
const measured = new WeakMap<ResultBody, number>();

/** Bytes of a result as JSON. */
export function resultBytes(body: ResultBody): number {
  if (body.kind === 'bytes') return body.bytes.length;
  const known = measured.get(body);
  if (known !== undefined) return known;
  const bytes = Buffer.byteLength(JSON.stringify(body.value));
  measured.set(body, bytes);
  return bytes;
}
