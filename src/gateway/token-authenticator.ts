import type { Clock } from '../platform/clock.ts';
import { TOKENS_CHANNEL, type Storage } from '../storage/index.ts';
import { type CachingAuthenticator, createAuthenticator } from '../tenancy/index.ts';

/** The authenticator of the process, which forgets a token as soon as the database says that it has changed. */
export async function createTokenAuthenticator(
  storage: Storage,
  clock: Clock,
): Promise<CachingAuthenticator> {
  const authenticator = createAuthenticator({
    lookup: storage.tokens,
    pepper: storage.keys.tokenPepper,
    clock,
  });
  await storage.database.listen(TOKENS_CHANNEL, (tokenId) => {
    authenticator.invalidate(tokenId === '' ? undefined : tokenId);
  });
  return authenticator;
}
