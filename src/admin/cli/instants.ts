import { CliFailure } from './api-client.ts';
import { EXIT } from './exit-codes.ts';

/** `Date.parse` alone takes far more: `5` would be the first of May 2001. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * An instant as the API takes it: RFC 3339 as it is, or a duration (`30d`,
 * `12h`, `5m`, `10s`) before or after now.
 */
export function instantOf(
  text: string | undefined,
  options: { readonly flag: string; readonly direction: 'ago' | 'ahead'; readonly nowMs: number },
): string | undefined {
  if (text === undefined) return undefined;
  const duration = /^(\d{1,6})([smhd])$/.exec(text);
  const offsetMs = Number(duration?.[1]) * (UNIT_MS[duration?.[2] ?? ''] ?? Number.NaN);
  const atMs = Number.isNaN(offsetMs)
    ? Date.parse(INSTANT.test(text) ? text : '')
    : options.nowMs + (options.direction === 'ago' ? -offsetMs : offsetMs);
  if (Number.isNaN(atMs) || atMs < 0 || atMs > Date.UTC(9999, 11, 31)) {
    throw new CliFailure(
      EXIT.usage,
      `${options.flag} must be an instant like 2030-01-31T12:00:00Z, or a duration like 30d, 12h or 5m.`,
    );
  }
  return new Date(atMs).toISOString();
}
