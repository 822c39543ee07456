/**
 * Runs the tests of `test/faults` with many more rounds than `npm test` does:
 *
 *   npm run faults                     200 rounds
 *   npm run faults -- 1000             as many as you say
 *   npm run faults -- 200 1234567      with the seed of a failed run
 */
import { spawn } from 'node:child_process';

const [iterations = '200', seed] = process.argv.slice(2);
const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/faults'], {
  stdio: 'inherit',
  env: { ...process.env, FAULT_ITERATIONS: iterations, ...(seed === undefined ? {} : { FAULT_SEED: seed }) },
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
