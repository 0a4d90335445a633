import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { reportHtml } from '../../src/report/html/html.js';
import { fromText, toText } from '../../src/report/html/page-data.js';
import type { ClipFigures, Report } from '../../src/report/output.js';
import { report } from '../../src/report/report.js';
import { describeInBrowser } from '../browser.js';
import { simulatedReport } from './simulated.js';

const HOSTILE = '</script><img src=x onerror="document.title=\'taken\'"><b id=bold>"&';

describe('counts as a short text', () => {
  it('come back as they were', () => {
    const counts = fc.array(fc.oneof(fc.nat(3), fc.nat(1_000_000), fc.constant(0)), { maxLength: 300 });
    fc.assert(
      fc.property(counts, (all) => {
        expect(fromText(toText(all))).toEqual(all);
      }),
    );
  });

  it('are short where neighbours are alike', () => {
    expect(toText(Array.from({ length: 3600 }, () => 7)).length).toBeLessThan(10);
  });
});

describeInBrowser('the report as a page', (open) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'omny-consume-report-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let pages = 0;
  async function openReport(figures: Report, options = {}) {
    pages += 1;
    const file = join(folder, `${pages}.html`);
    writeFileSync(file, [...reportHtml(figures)].join(''));
    const opened = await open(pathToFileURL(file).href, options);
    return { ...opened, file };
  }
  const documented = () =>
    report(readInputs(['fixtures/report/as-documented/input.csv']), { now: 1767225600, bin: 10 });

  it('draws the four graphs, and shows in all of them the value under the pointer', async () => {
    const { page, trouble } = await openReport(await documented());
    const plots = page.locator('svg.plot');
    await plots.first().waitFor();
    expect(await plots.count()).toBe(4);
    for (const path of await page.locator('svg.plot path').all()) {
      expect(await path.getAttribute('d')).toMatch(/^M.*V/);
    }
    const box = await plots.nth(1).boundingBox();
    if (!box) throw new Error('not drawn');
    await page.mouse.move(box.x + box.width * (15 / 40), box.y + 20);
    expect(await page.locator('.readout').allTextContents()).toEqual([
      '0:10–0:20: 100.0 %, 2 of 2',
      '0:10–0:20: 0',
      '0:10–0:20: 1',
      '0:10–0:20: 1',
    ]);
    await page.mouse.move(box.x + box.width * (25 / 40), box.y + 20);
    expect(await page.locator('.readout').first().textContent()).toBe('0:20–0:30: 50.0 %, 1 of 2');
    await page.mouse.move(0, 0);
    expect(await page.locator('.readout').allTextContents()).toEqual(['', '', '', '']);
    expect(trouble).toEqual([]);
  });

  it('is used with the keyboard alone', async () => {
    const { page } = await openReport(await documented());
    const slider = page.getByRole('slider', { name: 'Drop-off along the clip' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toBe('0:10–0:20: 1');
    await page.keyboard.press('End');
    expect(await slider.getAttribute('aria-valuetext')).toBe('0:30–0:40: 1');
    expect(await slider.getAttribute('aria-valuenow')).toBe('3');
    const clip = page.getByRole('button', { name: '9b5c82f7-74cf-4841-a870-a670017cc8eb' });
    expect(await clip.getAttribute('aria-pressed')).toBe('true');
    await clip.press('Enter');
    expect(await page.locator('article').count()).toBe(0);
    await clip.press('Enter');
    expect(await page.locator('article').count()).toBe(1);
    await page.getByRole('button', { name: 'Hide' }).press('Enter');
    expect(await page.locator('article').count()).toBe(0);
    expect(await page.evaluate<string>('document.activeElement.dataset.clip')).toBe('0');
  });

  it('has a table behind each graph', async () => {
    const { page } = await openReport(await documented());
    await page.getByText('Retention as a table').click();
    const rows = page.getByRole('region', { name: 'Retention as a table' }).getByRole('row');
    expect(await rows.allTextContents()).toEqual([
      'TimeShare of plays that heard the moment',
      '0:00 to 0:10100.0 %',
      '0:10 to 0:20100.0 %',
      '0:20 to 0:3050.0 %',
      '0:30 to 0:4050.0 %',
    ]);
  });

  it('sorts by any column, and stays quick with a thousand clips', async () => {
    const figures = await documented();
    const { page, trouble } = await openReport({ ...figures, clips: thousand(figures) });
    const first = page.locator('#clips tbody tr').first();
    await page.locator('svg.plot').first().waitFor();
    expect(await page.locator('article').count()).toBe(3);
    expect(await page.locator('svg.plot').count()).toBeLessThanOrEqual(12);
    const head = page.getByRole('button', { name: 'Completion' });
    const sortedBy = () => page.locator('[aria-sort]:not([aria-sort="none"])').allTextContents();
    expect(await sortedBy()).toEqual(['Plays']);
    await head.click();
    expect(await sortedBy()).toEqual(['Completion']);
    expect(await first.locator('td').nth(5).textContent()).toBe('99.9 %');
    await head.click();
    expect(await first.locator('td').nth(5).textContent()).toBe('0.0 %');
    expect(await page.getByRole('status').textContent()).toBe('Sorted by Completion, ascending');
    await page.locator('[data-clip="999"]').click();
    expect(await page.locator('article h3').last().textContent()).toMatch(/^00000999/);
    await page.locator('article').last().locator('svg.plot').first().waitFor();
    expect(trouble).toEqual([]);
  });

  it('takes ids and names for text, whatever they hold, and asks for nothing', async () => {
    const figures = await documented();
    const clips = figures.clips.map((clip) => ({ ...clip, clipId: HOSTILE }));
    const totals = { ...figures.totals, sources: { [HOSTILE]: 3 } };
    const { page, trouble, file } = await openReport({ ...figures, totals, clips });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.reload();
    await page.locator('svg.plot').first().waitFor();
    expect(await page.locator('[data-clip="0"]').textContent()).toBe(HOSTILE);
    expect(await page.locator('article h3').textContent()).toBe(HOSTILE);
    expect(await page.locator('.totals').textContent()).toContain(HOSTILE);
    const named = await openReport({ ...figures, clips: clips.map((clip) => ({ ...clip, title: HOSTILE })) });
    await named.page.locator('svg.plot').first().waitFor();
    expect(await named.page.locator('[data-clip="0"]').textContent()).toBe(HOSTILE);
    expect(await named.page.locator('article h3').textContent()).toBe(HOSTILE);
    expect(await named.page.locator('article .note').first().textContent()).toBe(HOSTILE);
    expect(await page.locator('img, #bold').count()).toBe(0);
    expect(await page.title()).toBe('Listening report');
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(trouble).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing serious against it in %s', async (colorScheme) => {
    const figures = await simulatedReport({ sessions: 60 });
    const { page } = await openReport(figures, { colorScheme });
    await page.locator('svg.plot').first().waitFor();
    await page.locator('.values').first().locator('summary').click();
    await page.getByRole('slider').first().focus();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  it('says which clips of the list are in view, and names those without a title by their id', async () => {
    const figures = await documented();
    const [first, second, ...others] = thousand(figures).slice(0, 100) as [ClipFigures, ClipFigures];
    const clips = [{ ...first, title: 'Kitchen Table' }, { ...second, title: ' ' }, ...others];
    const { page } = await openReport({ ...figures, clips });
    const names = page.locator('[data-clip]');
    expect(await names.nth(0).textContent()).toBe('Kitchen Table');
    expect(await names.nth(0).getAttribute('title')).toBe(`Kitchen Table (${first.clipId})`);
    expect(await names.nth(1).textContent()).toBe(second.clipId);
    const list = page.locator('.scroll.more');
    await page.getByText(/^Clips 1 to \d+ of 100: scroll/).waitFor();
    await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.getByText(/^Clips \d+ to 100 of 100: scroll/).waitFor();
    expect(await list.count()).toBe(0);
  });

  it('prints the clips that are shown, also those that were not scrolled to', async () => {
    // Inside the margins of an A4 page.
    const viewport = { width: 688, height: 1017 };
    const { page } = await openReport(await simulatedReport({ sessions: 60 }), { viewport });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('svg.plot').count()).toBe(12);
    expect(await page.locator('.close').first().isVisible()).toBe(false);
    const table = await page
      .locator('.scroll')
      .first()
      .evaluate((box) => box.scrollHeight - box.clientHeight);
    expect(table).toBe(0);
    const box = await page.locator('#clips').boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(viewport.width);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('#clips thead th')).position`)).toBe(
      'static',
    );
  });
});

function thousand({ clips: [clip] }: Report): ClipFigures[] {
  if (!clip) throw new Error('no clip');
  const counts = Array.from({ length: 1800 }, (_, i) => (i * 7919) % 13);
  return Array.from({ length: 1000 }, (_, i) => ({
    ...clip,
    clipId: `${String(i).padStart(8, '0')}-74cf-4841-a870-a670017cc8eb`,
    duration: 18_000,
    plays: 2000 - i,
    completion: { ...clip.completion, average: ((i * 7) % 1000) / 1000 },
    retention: counts,
    startAt: counts,
    dropOff: counts,
    skips: counts,
  }));
}
