import { defineConfig } from 'vitest/config';
import { textModules } from './scripts/text-modules.js';

export default defineConfig({
  plugins: [textModules()],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 60_000,
    env: { NO_COLOR: '1', TZ: 'UTC' },
    coverage: { include: ['src/**'] },
  },
});
