// Copies what the compiler does not emit into dist/: SQL migrations and the executable bit of the CLI.
import { chmodSync, cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const ASSET = /\.(?:sql|md|gz|tgz|tar|json)$/;

function copyAssets(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) copyAssets(path);
    else if (ASSET.test(name)) cpSync(path, join(root, 'dist', relative(join(root, 'src'), path)));
  }
}

copyAssets(join(root, 'src'));
const cli = join(root, 'dist/admin/cli/main.js');
if (existsSync(cli)) chmodSync(cli, 0o755);
