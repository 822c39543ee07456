/**
 * Throws when the environment makes Node send requests through a proxy: the
 * proxy resolves names itself, so every check of the egress guard would be
 * skipped. Proxy variables without the switch are ignored by Node and by us.
 */
export function assertNoEnvironmentProxy(env: Readonly<Record<string, string | undefined>>): void {
  const options = env['NODE_OPTIONS'] ?? '';
  const flag = env['NODE_USE_ENV_PROXY'];
  if ((flag !== undefined && flag !== '' && flag !== '0') || options.includes('--use-env-proxy')) {
    throw new Error(
      'NODE_USE_ENV_PROXY is set: a proxy resolves names itself, which bypasses the egress guard. Unset it to start.',
    );
  }
}
