import { StorageError } from './errors.ts';
import type { StorageOptions } from './open.ts';

/** Which database the environment names. Throws `StorageError('bad_option')` for a pooler that nobody knows. */
export function databaseOptions(
  env: NodeJS.ProcessEnv,
): Pick<StorageOptions, 'databaseUrl' | 'databaseOwnerUrl' | 'isTransactionPooler'> {
  const pooler = env['DATABASE_POOLER'] ?? '';
  if (pooler !== '' && pooler !== 'transaction' && pooler !== 'session') {
    throw new StorageError(
      'bad_option',
      'DATABASE_POOLER is "transaction" or "session", as the pooler behind DATABASE_URL is configured.',
    );
  }
  return {
    databaseUrl: env['DATABASE_URL'],
    databaseOwnerUrl: env['DATABASE_OWNER_URL'],
    isTransactionPooler: pooler === 'transaction',
  };
}
