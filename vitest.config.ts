import { defineConfig } from 'vitest/config';
import { textModules } from './scripts/text-modules.js';
import { E2E } from './test/tiers.js';

export default defineConfig({
  plugins: [textModules()],
  test: {
    setupFiles: ['test/seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // TEST_TZ=America/St_Johns runs the tests, and the programs they start, in another time zone.
    env: { NO_COLOR: '1', TZ: process.env.TEST_TZ ?? 'UTC' },
    // One worker a processor: unit tests wait for nothing but each other.
    maxWorkers: '100%',
    pool: 'forks',
    // What the unit tests reach (`npm run coverage`): the end-to-end tests run the built program, in processes that are not measured.
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { statements: 85, branches: 80, functions: 84, lines: 86 },
    },
    projects: [
      // One module graph a worker: loading the sources anew for each file takes as long as the tests.
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: E2E, isolate: false } },
      { extends: true, test: { name: 'e2e', include: E2E } },
    ],
  },
});
