import { afterAll } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { openStorage, type Storage, type StorageOptions } from '../../src/storage/index.ts';
import { createCleanup } from '../support/index.ts';
import { startPostgres } from './postgres-server.ts';
import { describeStorage } from './storage.contract.ts';

const cleanup = createCleanup();
afterAll(cleanup.run);

function open(urls: Pick<StorageOptions, 'databaseUrl' | 'databaseOwnerUrl'>): Promise<Storage> {
  return openStorage({ dataDir: 'memory://', ...urls, clock: systemClock, logger: silentLogger });
}

const given = process.env['TEST_DATABASE_URL'];
if (given !== undefined && given !== '') {
  describeStorage('the server of TEST_DATABASE_URL', () => open({ databaseUrl: given }));
} else {
  // The roles belong to the whole server, so each owner gets a server where it makes them itself.
  const start = () => cleanup.add(startPostgres(), (server) => server.remove());

  describeStorage('a PostgreSQL server, as a superuser', async () =>
    open({ databaseUrl: await start().createDatabase('superuser') }),
  );
  describeStorage(
    'a PostgreSQL server, as an owner that may create roles',
    async () => open({ databaseUrl: await start().createDatabase('creator of roles') }),
    { canBecomeOwner: true },
  );
  describeStorage('a PostgreSQL server, with a user that is not the owner', async () => {
    const server = start();
    const databaseOwnerUrl = await server.createDatabase('creator of roles');
    await server.admin('create role caller login noinherit');
    const databaseUrl = databaseOwnerUrl.replace(/\/\/[^@]+@/, '//caller@');
    return await open({ databaseUrl, databaseOwnerUrl });
  });
}
