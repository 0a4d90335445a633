import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../../browser.js';
import { HOSTILE, SHEET, written } from './sheet.js';

/** Control characters are shown as escapes. */
const SHOWN = HOSTILE.replace('\u001b', '\\u001b');

describeInBrowser('the sheet of certify as a page', (open) => {
  let folder = '';
  let url = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'omny-consume-sheet-'));
    const file = join(folder, 'sheet.html');
    writeFileSync(file, written('html'));
    url = pathToFileURL(file).href;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('shows names and evidence as text, and asks for nothing', async () => {
    const { page, trouble } = await open(url);
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.reload();
    expect(await page.locator('.sheet > li').count()).toBe(SHEET.lines.length);
    expect(await page.locator('.sheet > li').nth(2).textContent()).toContain(SHOWN);
    expect(await page.locator('header').textContent()).toContain(SHOWN);
    expect(await page.locator('.warning').textContent()).toContain(SHOWN);
    expect(await page.locator('img, script').count()).toBe(0);
    expect(requests).toEqual([url]);
    expect(trouble).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('breaks no rule of accessibility in %s', async (colorScheme) => {
    const { page } = await open(url, { colorScheme });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  it.each([
    ['a phone', { width: 360, height: 740 }, 'screen'],
    ['a printed page', { width: 688, height: 1017 }, 'print'],
  ] as const)('fits on %s', async (_, viewport, media) => {
    const { page } = await open(url, { viewport });
    await page.emulateMedia({ media });
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(viewport.width);
    expect(await page.locator('.sheet .mark').last().isVisible()).toBe(true);
  });
});
