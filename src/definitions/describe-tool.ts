import { IDEMPOTENCY_KEEP_MS } from '../platform/limits.ts';
import type { ErrorContracts } from './tool-contract.ts';

/** Name of the argument under which the runtime recognises a repeated write. */
export const IDEMPOTENCY_KEY = 'idempotency_key';

export interface DescribedContract {
  readonly description: string;
  readonly isRetrySafe: boolean;
  readonly errors: ErrorContracts;
}

/** What the author wrote, whether the tool may be called again, and what can go wrong; the only text that a model reads. */
export function describeTool(contract: DescribedContract): string {
  const written = contract.description.trim();
  const sentences = [/[.!?…]$/.test(written) ? written : `${written}.`];
  if (!saysRetrySafety(written)) sentences.push(retrySentence(contract.isRetrySafe));
  const errors = Object.entries(contract.errors).map(([code, error]) => `${code} (${hintOf(error)})`);
  if (errors.length > 0) sentences.push(`Errors: ${errors.join('; ')}.`);
  return sentences.join(' ');
}

/** What the author's text claims about calling the tool twice; undefined: nothing. */
export function retryClaim(description: string): 'safe' | 'not safe' | undefined {
  if (
    /\bnot\s+safe\s+to\s+(?:retry|repeat)\b|\bunsafe\s+to\s+retry\b|\bdo\s+not\s+retry\b|\bnever\s+retry\b/i.test(
      description,
    )
  ) {
    return 'not safe';
  }
  return /\bsafe\s+to\s+(?:retry|repeat)\b/i.test(description) ? 'safe' : undefined;
}

function saysRetrySafety(description: string): boolean {
  return retryClaim(description) !== undefined;
}

function retrySentence(isRetrySafe: boolean): string {
  return isRetrySafe
    ? 'Safe to retry.'
    : `Not safe to retry: a second call takes effect a second time, unless it passes the same ${IDEMPOTENCY_KEY} (remembered for ${keptFor()}).`;
}

function hintOf(error: ErrorContracts[string]): string {
  const recovery = error.recovery.trim().replace(/[.!]$/, '');
  // Not "do not retry": that is a claim about the tool, and this is about one error of it.
  return `${error.retryable ? 'temporary' : 'permanent'}: ${recovery}`;
}

/** How long an outcome is kept under its key, in words. */
export function keptFor(): string {
  const minutes = IDEMPOTENCY_KEEP_MS / 60_000;
  return minutes === 60 ? '1 hour' : `${String(minutes)} minutes`;
}
