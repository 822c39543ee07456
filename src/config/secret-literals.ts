import { SECRET_CHARS_MIN } from './expand.ts';

/** Names of headers, environment variables and query parameters whose values are credentials. */
const CREDENTIAL_NAME =
  /auth|token|secret|passw|credential|cookie|signature|(^|[^a-z])sig([^a-z]|$)|api[-_]?key|private[-_]?key|access[-_]?key|(^|[-_])key$/i;

/** True for a name that promises a credential. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL_NAME.test(name);
}

function addSecret(secrets: Set<string>, value: string): void {
  if (value.length >= SECRET_CHARS_MIN) secrets.add(value);
}

/**
 * Adds the values of named strings (headers, environment) that are credentials
 * by their name. Of `Bearer abc` it is `abc` that must not appear anywhere.
 */
export function collectNamedSecrets(named: Readonly<Record<string, string>>, secrets: Set<string>): void {
  for (const [name, value] of Object.entries(named)) {
    if (!isCredentialName(name)) continue;
    addSecret(secrets, value.trim().replace(/^(?:Bearer|Basic|Token|ApiKey|Digest)\s+/i, ''));
  }
}

/** Adds query parameters that are credentials by their name, as written and decoded. */
export function collectUrlSecrets(url: string, secrets: Set<string>): void {
  for (const pair of new URL(url).search.slice(1).split('&')) {
    const [name = '', raw = ''] = pair.split(/=(.*)/s);
    if (!isCredentialName(name)) continue;
    addSecret(secrets, raw);
    for (const value of new URLSearchParams(pair).values()) addSecret(secrets, value);
  }
}
