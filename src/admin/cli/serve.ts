import { resolve } from 'node:path';
import { startGateway, type Gateway } from '../../gateway/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLogger } from '../../platform/logger.ts';
import { EXIT } from './exit-codes.ts';
import type { ServeFlags } from './flags.ts';
import { readConfig } from './read-config.ts';
import { welcomeText } from './welcome.ts';
import { waitForStop } from './wait-for-stop.ts';

/** `breakwater serve`: runs until it is told to stop. Returns the exit code. */
export async function serve(flags: ServeFlags): Promise<number> {
  const config = await readConfig(flags.config);
  if (config === undefined) return EXIT.usage;
  const logger = createLogger({
    nowMs: () => systemClock.nowMs(),
    level: flags.json === true ? 'info' : 'warn',
  });
  // Before anything slow: a signal during the start must not be lost or end in a stack trace.
  const stop = waitForStop();
  let gateway: Gateway;
  try {
    gateway = await startGateway({
      config,
      dataDir: resolve(flags.data),
      host: flags.host,
      port: flags.port,
      clock: systemClock,
      logger,
      env: process.env,
      newAdminToken: flags.newAdminToken === true,
    });
  } catch (error) {
    process.stderr.write(`breakwater: ${startFailure(error, flags)}\n`);
    return EXIT.failed;
  }
  const { project, url } = gateway;
  if (flags.json === true) {
    const ready = {
      event: 'ready',
      url,
      project_id: project.projectId,
      ...(project.token === undefined ? {} : { token: project.token }),
      ...(project.adminToken === undefined ? {} : { admin_token: project.adminToken }),
    };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } else {
    const { token, adminToken } = project;
    process.stdout.write(welcomeText({ url, token, adminToken, config, dataDir: resolve(flags.data) }));
  }
  const signal = await stop;
  logger.info('stopping', { signal });
  await gateway.close();
  logger.info('stopped');
  return EXIT.ok;
}

function startFailure(error: unknown, flags: ServeFlags): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `port ${String(flags.port)} of ${flags.host} is already in use. Stop the other process, or take another port with --port.`;
  }
  if (code === 'EACCES') return `no permission to listen on port ${String(flags.port)} of ${flags.host}.`;
  if (code === 'EADDRNOTAVAIL') return `${flags.host} is not an address of this machine.`;
  return error instanceof Error ? error.message : 'the gateway did not start';
}
