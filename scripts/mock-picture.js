// Makes docs/images/mock.png again: the mock's page with the traffic of a simulation. Needs Chromium in PATH, or OMNY_CONSUME_CHROMIUM.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startMockEndpoint } from '../dist/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const picture = join(root, 'docs', 'images', 'mock.png');
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const START = new Date(Date.now() - 3 * 3600 * 1000).toISOString();
const SIMULATIONS = [
  ['--sessions', '4', '--seed', '11', '--profile', 'complete,drop-off,skipper'],
  ['--sessions', '1', '--seed', '5', '--profile', 'complete', '--fault', 'timestamps-at-flush'],
  ['--sessions', '4', '--seed', '4', '--profile', 'rewinder,skipper,drop-off'],
  ['--sessions', '1', '--seed', '6', '--profile', 'complete', '--fault', 'seq-gap'],
];

const mock = await startMockEndpoint();
for (const options of SIMULATIONS) {
  const bodies = execFileSync(
    process.execPath,
    [
      join(root, 'bin', 'omny-consume.js'),
      'simulate',
      ...options,
      '--start',
      START,
      '--period',
      '1h',
      '--organization',
      ORGANIZATION,
      '--clip',
      '9b5c82f7-74cf-4841-a870-a470017cc8eb:1800',
      '--source',
      'CustomWeb',
      '--output-format',
      'bodies',
      '--batch-sessions',
      '1',
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  for (const body of bodies.trim().split('\n')) {
    await fetch(`${mock.url}?organizationId=${ORGANIZATION}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
  }
}

const browser = await chromium.launch({
  executablePath: process.env.OMNY_CONSUME_CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
await page.goto(mock.baseUrl);
await page.locator('button.row', { hasText: 'seq-gap' }).click();
await page.locator('.raw-events').waitFor();
await page.screenshot({ path: picture });
await browser.close();
await mock.close();
