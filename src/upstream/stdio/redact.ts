/** Shorter values are too common in ordinary text to be replaced. */
const SECRET_CHARS_MIN = 6;

/** Replaces the given values in texts for the log: a child may print its own environment. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= SECRET_CHARS_MIN);
  return (text) => {
    let redacted = text;
    for (const secret of known) redacted = redacted.replaceAll(secret, '[redacted]');
    return redacted;
  };
}
