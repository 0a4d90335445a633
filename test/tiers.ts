/**
 * The tests that start a process or a browser (`npm run test:e2e`); all others are unit tests. test/tiers.test.ts holds the list to what
 * the files import.
 */
export const E2E = [
  'test/cli/written-files.test.ts',
  'test/cli/fix.test.ts',
  'test/cli/mock.test.ts',
  'test/cli/quiet-and-verbose.test.ts',
  'test/cli/rules/rules.test.ts',
  'test/cli/schema/schema.test.ts',
  'test/cli/send/built-proxy.test.ts',
  'test/cli/send/delivery.test.ts',
  'test/cli/send/disk.test.ts',
  'test/cli/send/kill.test.ts',
  'test/cli/send/steps.test.ts',
  'test/cli/transcripts.test.ts',
  'test/cli/validate/destinations.test.ts',
  'test/cli/validate/golden.test.ts',
  'test/guide/snippets.browser.test.ts',
  'test/hostile/bounds.test.ts',
  'test/hostile/memory.test.ts',
  'test/mock/page.browser.test.ts',
  'test/mock/player.browser.test.ts',
  'test/read/sources-again.test.ts',
  'test/readme-ci.test.ts',
  'test/readme.test.ts',
  'test/report/html.test.ts',
  'test/scripts/new.test.ts',
  'test/send/curl.test.ts',
];
