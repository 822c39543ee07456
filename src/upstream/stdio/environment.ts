/** Names of the gateway's own environment that a child may see; nothing else is inherited. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a child: what programs need to start, and what the
 * operator declared for it. The gateway's own variables hold its secrets
 * (database, key-encryption key), so they are never passed on by default.
 */
export function childEnvironment(
  own: Environment,
  declared: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = own[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...declared };
}
