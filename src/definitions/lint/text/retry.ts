import { hasPhrase } from './words.ts';

/** What a description says about calling the tool again; `both`: it depends. */
export type RetryStatement = 'safe' | 'unsafe' | 'both' | undefined;

const UNSAFE = [
  'not safe to retry',
  'not safe to repeat',
  'unsafe to retry',
  'do not retry',
  'don t retry',
  'must not be retried',
  'should not be retried',
  'never retry',
  'not idempotent',
  'non idempotent',
  'not be repeated',
  'at most once',
  'call only once',
  'call it only once',
] as const;

/** Phrases that speak of repetition without saying how it ends. */
const CONDITIONAL = [
  'calling it again',
  'calling again',
  'a second call',
  'repeated call',
  'repeated calls',
  'repeating the call',
  'each call creates',
  'every call creates',
  'each call sends',
  'every call sends',
  'only retry',
  'retry only',
  'idempotency key',
  'idempotency_key',
] as const;

const SAFE = [
  'safe to retry',
  'safe to repeat',
  'safe to call again',
  'safe to call repeatedly',
  'safely retry',
  'safely retried',
  'safely repeated',
  'can be retried',
  'may be retried',
  'may be repeated',
  'can be repeated',
  'can be called again',
  'repeat calls have no further effect',
  'repeated calls have no',
  'no further effect',
  'no additional effect',
  'has the same effect',
  'idempotent',
  'retry safe',
] as const;

/** Takes the text of `phraseText`. */
export function retryStatement(text: string): RetryStatement {
  const isUnsafe = hasPhrase(text, UNSAFE);
  // "not safe to retry" contains "safe to retry": only what is left counts as the opposite.
  const rest = UNSAFE.reduce((left, phrase) => left.replaceAll(` ${phrase} `, ' '), text);
  const isSafe = hasPhrase(rest, SAFE);
  if (isSafe && isUnsafe) return 'both';
  if (isUnsafe) return 'unsafe';
  if (isSafe) return 'safe';
  return hasPhrase(text, CONDITIONAL) ? 'both' : undefined;
}
