import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Two workers: the suite must be honest on a two-core machine that also runs the processes under test. */
const shared = { maxWorkers: 2, testTimeout: 20_000, hookTimeout: 60_000 } as const;

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Examples import the package by its name; tests run them on the sources. */
const alias = [
  { find: /^breakwater\/testing$/, replacement: source('testing/index.ts') },
  { find: /^breakwater$/, replacement: source('index.ts') },
];

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'unit', include: ['src/**/*.test.ts', 'bench/**/*.test.ts'] } },
      {
        resolve: { alias },
        test: {
          ...shared,
          name: 'cross',
          include: [
            'test/{architecture,pins,contract,security,requirements,simulation,docs,library,conformance}/**/*.test.ts',
          ],
        },
      },
      {
        // Real processes and real clocks: one file at a time, so that they do not starve each other.
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/{e2e,faults,lint}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
