import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type MockEndpoint, startMockEndpoint } from '../../src/mock/start.js';
import { describeInBrowser } from '../browser.js';
import { type Flush, type PlayerSite, startPlayerSite } from './player-page.js';
import { CLIP } from './plays.js';

describeInBrowser('a player that sends when its page goes away', (open) => {
  let site: PlayerSite;
  let mock: MockEndpoint;
  beforeAll(async () => {
    site = await startPlayerSite();
  });
  afterAll(() => site?.close());
  beforeEach(async () => {
    mock = await startMockEndpoint({ port: 0 });
  });
  afterEach(() => mock.close());

  it.each<[Flush, string, string[]]>([
    ['string', 'text/plain;charset=UTF-8', ['content-type']],
    ['blob', 'application/json', []],
    ['fetch', 'application/json', []],
  ])('by %s', async (flush, contentType, rules) => {
    const { page, trouble } = await open(site.url(flush, mock.url));
    const button = page.getByRole('button', { name: 'Play or pause' });
    await button.click();
    await page.locator('output', { hasText: /^[1-9]\.|^0\.[3-9]/ }).waitFor();
    await button.click();
    await button.click();
    await page.locator('output', { hasText: /^[1-9]\./ }).waitFor();
    await page.goto('about:blank');

    const [session] = await mock.waitFor(1);
    expect(session).toMatchObject({ clipId: CLIP, source: 'CustomWeb', events: 4, standing: 'first' });
    expect(session!.played).toBeGreaterThan(0.5);
    expect(session!.intervals).toHaveLength(2);
    expect(session!.lateSeconds).toBeLessThan(5);
    const [request, ...others] = mock.requests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({ method: 'POST', contentType, unmatched: null, enabled: true });
    expect(request!.origin).toBe(new URL(site.url(flush, mock.url)).origin);
    expect(mock.findings().map(({ rule }) => rule)).toEqual([...rules, 'session-too-short']);
    expect(trouble).toEqual([]);

    const { page: shown } = await open(mock.baseUrl);
    const row = shown.getByRole('button', { name: /^Session / });
    await row.click();
    const codes = await shown.locator('.findings code').allTextContents();
    expect(codes.includes('content-type')).toBe(flush === 'string');
    expect(await row.textContent()).toContain('1 pause');
  });
});
