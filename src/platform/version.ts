import { readFileSync } from 'node:fs';

/** Version of this package, from the `package.json` that it was installed with. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return String(version);
}
