// Makes docs/images again: the mock's page with the traffic of a simulation, and the report of another as a page. Needs Chromium in PATH, or OMNY_CONSUME_CHROMIUM.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { startMockEndpoint } from '../dist/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const picture = (name) => join(root, 'docs', 'images', name);
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIPS = `ClipId,Duration,Title
9b5c82f7-74cf-4841-a870-a670017cc8eb,1312,Kitchen Table 12: Bread
3f0d1a52-88c4-4d5e-9b21-a67300c1f4d2,2745,Kitchen Table 13: Salt
c2a7e6b1-5f43-4a90-8d17-a68101a2b3c4,1890,Kitchen Table 14: The Garden
`;
const START = new Date(Date.now() - 3 * 3600 * 1000).toISOString();
const SIMULATIONS = [
  ['--sessions', '4', '--seed', '11', '--profile', 'complete,drop-off,skipper'],
  ['--sessions', '1', '--seed', '5', '--profile', 'complete', '--fault', 'timestamps-at-flush'],
  ['--sessions', '4', '--seed', '4', '--profile', 'rewinder,skipper,drop-off'],
  ['--sessions', '1', '--seed', '6', '--profile', 'complete', '--fault', 'seq-gap'],
];

const mock = await startMockEndpoint();
for (const options of SIMULATIONS) {
  const bodies = run(
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
await page.screenshot({ path: picture('mock.png') });
await mock.close();

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-pictures-'));
const clips = join(folder, 'clips.csv');
const sessions = join(folder, 'sessions.ndjson');
const html = join(folder, 'report.html');
writeFileSync(clips, CLIPS);
run(
  'simulate',
  '--sessions',
  '2500',
  '--seed',
  '1',
  '--source',
  'CustomWeb',
  '--clips',
  clips,
  '-o',
  sessions,
);
run('report', '--clips', clips, '--bin', '5', '--format', 'html', '-o', html, sessions);
await page.setViewportSize({ width: 1240, height: 1050 });
await page.goto(pathToFileURL(html).href);
const plot = await page.locator('svg.plot').first().boundingBox();
await page.mouse.move(plot.x + plot.width * 0.4, plot.y + plot.height / 2);
await page.screenshot({ path: picture('report.png') });
await browser.close();
rmSync(folder, { recursive: true });

/** What the command line prints. */
function run(...args) {
  return execFileSync(process.execPath, [join(root, 'bin', 'omny-consume.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
