/**
 * The answer that every target has to deliver, agreed between the upstream,
 * which makes it, and the load generator, which checks it byte by byte.
 */

const HEAD = '{"resultType":"complete","content":[{"type":"text","text":"';
const TAIL = '"}]}';

/** The text of the echo result: what is left of `resultBytes` after the JSON around it. ASCII, no escapes. */
export function echoText(resultBytes: number): string {
  const length = resultBytes - HEAD.length - TAIL.length;
  const pattern = 'The quick brown fox jumps over the lazy dog. ';
  return pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);
}

/** The whole `result` object, exactly `resultBytes` long. */
export function echoResult(resultBytes: number): string {
  return `${HEAD}${echoText(resultBytes)}${TAIL}`;
}
