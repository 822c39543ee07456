import { hasPhrase } from './words.ts';

/** Last words of names under which credentials are passed. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'passphrase',
  'secret',
  'api key',
  'apikey',
  'access token',
  'auth token',
  'bearer token',
  'refresh token',
  'session token',
  'api token',
  'id token',
  'private key',
  'secret key',
  'access key',
  'client secret',
  'credential',
  'credentials',
  'authorization',
  'personal access token',
]);

/** A bare `token` is a credential unless its description speaks of something else. */
const OTHER_TOKENS = [
  'page',
  'pagination',
  'cursor',
  'next',
  'continuation',
  'sync',
  'erc20',
  'coin',
  'contract',
  'symbol',
  'swap',
] as const;

/** True for the name of a credential. Words as of `nameWords`, text as of `phraseText`. */
export function isSecretName(words: readonly string[], text: string): boolean {
  const last = words[words.length - 1] ?? '';
  const lastTwo = words.slice(-2).join(' ');
  if (SECRET_NAMES.has(last) || SECRET_NAMES.has(lastTwo)) return true;
  return words.length === 1 && last === 'token' && !hasPhrase(text, OTHER_TOKENS);
}

const LITERAL = /[A-Za-z0-9_.-]+/g;

/** Beginnings of well-known credentials, and the least length of the whole. */
const PREFIXES: readonly (readonly [prefix: string, charsMin: number])[] = [
  ['sk-', 20],
  ['sk_live_', 20],
  ['rk_live_', 20],
  ['ghp_', 30],
  ['gho_', 30],
  ['ghs_', 30],
  ['github_pat_', 40],
  ['glpat-', 20],
  ['xoxb-', 20],
  ['xoxp-', 20],
  ['AKIA', 20],
  ['ASIA', 20],
  ['AIza', 35],
  ['bw_live_', 20],
  ['npm_', 30],
  ['eyJ', 60],
];

/** Distinct characters that a random text of that length has at least; `sk-xxxxxxxxxxxxxxxxxxxx` has three. */
const DISTINCT_CHARS_MIN = 10;

function isCredential(word: string): boolean {
  const isKnown = PREFIXES.some(([prefix, charsMin]) => word.startsWith(prefix) && word.length >= charsMin);
  if (!isKnown || new Set(word).size < DISTINCT_CHARS_MIN) return false;
  // Placeholders are made of words: `sk-your-api-key-goes-here` has no digit.
  return /[0-9]/.test(word) && !/example|your|xxxx|\.\.\./i.test(word);
}

/** True when a text contains something that looks like a real credential. The credential itself is never returned. */
export function hasCredential(text: string): boolean {
  if (text.includes('-----BEGIN ') && text.includes('PRIVATE KEY-----')) return true;
  return (text.match(LITERAL) ?? []).some(isCredential);
}
