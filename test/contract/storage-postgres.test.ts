import { afterAll, describe } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { openStorage } from '../../src/storage/index.ts';
import { startPostgres } from './postgres-server.ts';
import { describeStorage } from './storage.contract.ts';

const server = startPostgres();

// Skipped, and seen to be, where there is neither TEST_DATABASE_URL nor a PostgreSQL of this machine.
describe.skipIf(server === undefined)('with initdb and pg_ctl or TEST_DATABASE_URL', () => {
  afterAll(() => {
    server?.stop();
  });
  describeStorage('a PostgreSQL server', () =>
    openStorage({ dataDir: 'memory://', databaseUrl: server?.url, clock: systemClock, logger: silentLogger }),
  );
});
