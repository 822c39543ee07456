/** `{"jsonrpc":"2.0","id":7,…`, the order of most servers. */
const AT_START = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*[,}]/;

/** `…,"jsonrpc":"2.0","id":7}`, the order of the TypeScript SDK. */
const AT_END = /,\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;

/**
 * The id of a response that cannot be read as a whole, because it is too long
 * or no valid JSON, from its two ends. Our ids are numbers, so nothing else is
 * looked for. A wrong guess fails another request of the same child, which
 * that child could answer wrongly anyway; undefined when nothing is found.
 */
export function findOwnId(start: Buffer, end: Buffer): number | undefined {
  const found = AT_START.exec(start.toString('latin1'))?.[1] ?? AT_END.exec(end.toString('latin1'))?.[1];
  return found === undefined ? undefined : Number(found);
}
