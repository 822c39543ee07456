import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../platform/json.ts';

/** Name under which the bundled example server is fronted. */
export const BUNDLED_SERVER_NAME = 'example';

/**
 * The entry of the bundled example server, as a file would have it. Run from
 * the sources it needs the loader that runs the gateway itself.
 */
export function bundledServerEntry(): JsonObject {
  const isSource = import.meta.url.endsWith('.ts');
  const main = fileURLToPath(new URL(`../example-upstream/main.${isSource ? 'ts' : 'js'}`, import.meta.url));
  return {
    type: 'stdio',
    command: escapeVariables(process.execPath),
    args: isSource ? ['--import', 'tsx', escapeVariables(main)] : [escapeVariables(main)],
  };
}

/**
 * A path may contain `${`; it must not be taken for a variable. The replacement
 * is a function because `$$` in a replacement text stands for one dollar sign.
 */
function escapeVariables(path: string): string {
  return path.replaceAll('${', () => '$${');
}
