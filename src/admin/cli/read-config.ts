import { formatFindings, loadConfig, type GatewayConfig } from '../../config/index.ts';

/**
 * Loads the configuration and prints on stderr what is wrong or doubtful in
 * it. Undefined when nothing may be started.
 */
export async function readConfig(file: string | undefined): Promise<GatewayConfig | undefined> {
  const loaded = await loadConfig({ file, env: process.env });
  const findings = formatFindings(loaded);
  if (findings !== '') process.stderr.write(`${findings.trimEnd()}\n`);
  return loaded.ok ? loaded.config : undefined;
}
