import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';

/** A machine at work on other tests takes longer than the usual 10 s. */
const LAUNCH_TIMEOUT_MS = 60_000;

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What Chromium is started with. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
];

/** The Chromium that the tests drive: `OMNY_CONSUME_CHROMIUM`, else the first in PATH; undefined where there is none. */
export const chromiumPath =
  process.env.OMNY_CONSUME_CHROMIUM ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));

/** CI must not pass because the browser is missing. */
const required = process.env.TEST_REQUIRE_BROWSER === '1';

/** Where there is no Chromium, tests that need it are skipped, by name; with TEST_REQUIRE_BROWSER=1 they fail. */
export const skipsBrowser: boolean = chromiumPath === undefined && !required;

/** A browser of its own, to be closed. */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('No Chromium in PATH: install it, or set OMNY_CONSUME_CHROMIUM');
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: chromiumPath, headless: true, args: [...chromiumFlags] });
}

/**
 * Tests in a real Chromium, one browser for all of them.
 */
export function describeInBrowser(name: string, tests: (open: OpenPage) => void): void {
  describe.skipIf(skipsBrowser)(`${name} (in Chromium)`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    }, LAUNCH_TIMEOUT_MS);
    afterAll(() => browser?.close());
    tests(async (url, options) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      const watched = watch(page);
      await page.goto(url);
      return { page, ...watched };
    });
  });
}

type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<OpenedPage>;

/** A page in a browser context of its own, and what it did that it should not. */
export interface OpenedPage {
  readonly page: Page;
  /** Dialogs, uncaught errors, console errors (a violated policy is one), and requests to other origins than its own. */
  readonly trouble: readonly string[];
}

function watch(page: Page): Omit<OpenedPage, 'page'> {
  const trouble: string[] = [];
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => trouble.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (
      url.protocol !== 'data:' &&
      url.origin !== new URL(page.url()).origin &&
      page.url() !== 'about:blank'
    ) {
      trouble.push(`request: ${url.href}`);
    }
  });
  return { trouble };
}
