import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/logger.ts';
import { openStorage } from '../../src/storage/index.ts';
import { describeStorage } from './storage.contract.ts';

describeStorage('the embedded database', () =>
  openStorage({ dataDir: 'memory://', clock: systemClock, logger: silentLogger }),
);
