import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BEHAVIOUR_IDS } from '../../../src/certify/define.js';
import { type MockEndpoint, startMockEndpoint } from '../../../src/mock/start.js';
import { RULES } from '../../../src/rules/index.js';
import { describeInBrowser } from '../../browser.js';
import { CLIP, guid, OTHER_CLIP, type Part, play, post } from '../plays.js';

const HOSTILE = '<img src=http://127.0.0.1:9/x onerror="alert(1)"><script>alert(2)</script>';

describeInBrowser('the mock’s page', (open) => {
  let mock: MockEndpoint;
  beforeEach(async () => {
    mock = await startMockEndpoint({ port: 0 });
  });
  afterEach(() => mock.close());

  it('says where to point a player while nothing has arrived, and copies it', async () => {
    const { page, trouble } = await open(mock.baseUrl, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('heading', { name: 'Nothing has arrived yet' }).waitFor();
    await page.getByRole('button', { name: 'Copy URL' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(mock.url);
    await page.getByRole('button', { name: 'Copy the simulate command' }).click();
    await page.locator('#copy-simulate.done').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `omny-consume simulate --sessions 20 | omny-consume send --endpoint ${mock.url}`,
    );
    expect(trouble).toEqual([]);
  });

  it('shows a curl command that draws no finding', async () => {
    const { page } = await open(mock.baseUrl);
    const line = await page.locator('#try-curl').textContent();
    const [, body = '', url = ''] =
      /^curl -H 'Content-Type: application\/json' --data '([^']+)' '([^']+)'$/.exec(line ?? '') ?? [];
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await page.locator('li.session[data-state="ok"]').waitFor();
    expect(mock.findings()).toEqual([]);
    expect(mock.summary()).toMatchObject({ sessions: 1, playedSeconds: 42 });
  });

  it('shows sessions as they arrive, newest first, each with what was heard', async () => {
    const { page, trouble } = await open(mock.baseUrl);
    await post(mock.url, play(1, [[0, 100]]));
    await rowOf(page, 1).waitFor();
    const parts = [
      [0, 20],
      [20, 40, 60],
      [70, 100],
      [30, 50],
    ] as const;
    await post(mock.url, play(2, parts));
    await rowOf(page, 2).waitFor();
    expect(await shown(page)).toEqual([2, 1]);
    const drawn = rowOf(page, 2).locator('.timeline');
    expect(await extents(drawn.locator('.heard'))).toEqual(['0% 30%', '40% 10%', '70% 30%']);
    expect(await extents(drawn.locator('.again'))).toEqual(['30% 10%']);
    expect(await drawn.locator('.pause').count()).toBe(1);
    expect(await drawn.locator('.ahead:not(.tip)').count()).toBe(1);
    expect(await drawn.locator('.back:not(.tip)').count()).toBe(1);
    expect(await rowOf(page, 2).textContent()).toContain('1 pause · 1 jump ahead · 1 jump back');
    expect(trouble).toEqual([]);
  });

  it('unfolds a session’s findings with their hints', async () => {
    await post(mock.url, play(1, [[0, 100]]), { Source: 'Web' });
    const { page } = await open(mock.baseUrl);
    const row = page.getByRole('button', { name: /^Session 00000001…, warning, played 1:40, 1 finding/ });
    expect(await row.getAttribute('aria-expanded')).toBe('false');
    await row.click();
    const finding = page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
    const [told] = mock.findings();
    expect(await finding.locator('code').textContent()).toBe('source-reserved');
    expect(await finding.locator('.message').textContent()).toBe(told!.message);
    expect(await finding.locator('.hint').textContent()).toBe(told!.hint);
    expect(await page.locator('.details').textContent()).toContain(guid(1));
    expect(await row.getAttribute('aria-expanded')).toBe('true');
    await row.click();
    expect(await finding.count()).toBe(0);
  });

  it('filters by state and by clip', async () => {
    await post(mock.url, play(1, [[0, 100]]));
    await post(mock.url, play(2, [[0, 100]], { clip: OTHER_CLIP }), { Source: 'Web' });
    await post(mock.url, play(3, [[0, 100]]).slice(1));
    const { page } = await open(mock.baseUrl);
    await rowOf(page, 3).waitFor();
    expect(await counts(page)).toEqual(['3', '1', '1', '1']);
    await page.locator('.states label.error').click();
    expect(await shown(page)).toEqual([3]);
    await page.locator('.states label.warning').click();
    expect(await shown(page)).toEqual([2]);
    await page.getByLabel('Clip', { exact: true }).selectOption(CLIP);
    expect(await shown(page)).toEqual([]);
    await page.getByText('No session matches this choice.').waitFor();
    await page.locator('.states label.all').click();
    expect(await shown(page)).toEqual([3, 1]);
    expect(await counts(page)).toEqual(['2', '1', '0', '1']);
  });

  it('shows the events as they arrived, the one with a finding marked, and what its rule says', async () => {
    const events = play(1, [
      [0, 50],
      [60, 100],
    ]) as Record<string, unknown>[];
    Object.assign(events[2]!, { Type: 'Pause', ClipId: OTHER_CLIP });
    await post(mock.url, [...play(2, [[0, 100]]), ...events]);
    const { page, trouble } = await open(mock.baseUrl, { viewport: { width: 1280, height: 900 } });
    await rowOf(page, 1).locator('button.row').click();
    const raw = page.getByRole('list', { name: 'Events of request 0' }).getByRole('listitem');
    expect(await raw.locator('.index').allTextContents()).toEqual(['2', '3', '4', '5']);
    const marked = page.locator('.raw-events > .error');
    expect(await marked.locator('.index').textContent()).toBe('4');
    expect(await marked.locator('.field.error').allTextContents()).toEqual(['"Type": "Pause"']);
    expect(await marked.locator('code').textContent()).toContain(`"ClipId": "${OTHER_CLIP}"`);
    await page.getByRole('button', { name: 'request 0, event 4, /Type' }).click();
    expect(await page.locator(':focus .index').textContent()).toBe('4');
    await page.getByRole('button', { name: 'About this rule' }).first().click();
    await page.locator('.about').getByText(RULES['type-unknown'].why).waitFor();
    expect(await overflow(page)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('finds sessions by a part of their SessionId, by rule and by diagnosis', async () => {
    const stamped = [1, 2, 3].flatMap((number) =>
      play(number, [[0, 100]]).map((event) => ({ ...event, Timestamp: 1_700_000_000 + number })),
    );
    await post(mock.url, [...play(0xab, [[0, 100]]), ...stamped]);
    await post(mock.url, play(0xcd, [[0, 100]]), { Source: 'Web' });
    const { page } = await open(mock.baseUrl);
    await page.getByRole('heading', { name: '1 diagnosis' }).waitFor();
    const [diagnosis] = mock.diagnoses();
    await page.getByText(diagnosis!.title).click();
    await page.getByText(diagnosis!.evidence).waitFor();
    await page.getByRole('button', { name: 'Show these sessions' }).click();
    expect((await shown(page)).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    await page.getByLabel('Found').selectOption('source-reserved');
    expect(await shown(page)).toEqual([0xcd]);
    await page.getByLabel('Found').selectOption('');
    await page.getByLabel('SessionId', { exact: true }).fill(' 00000AB');
    expect(await shown(page)).toEqual([0xab]);
  });

  it('shows no behaviours where no sheet is kept', async () => {
    await post(mock.url, play(1, [[0, 100]]));
    const { page } = await open(mock.baseUrl);
    await rowOf(page, 1).waitFor();
    expect(await page.locator('#behaviours-panel').isHidden()).toBe(true);
  });

  describe('with a sheet of behaviours', () => {
    beforeEach(async () => {
      await mock.close();
      mock = await startMockEndpoint({ port: 0, require: ['pause', 'stall'], faults: ['503@#1'] });
    });
    const paused: readonly Part[] = [
      [0, 30],
      [30, 60, 5],
    ];

    it('marks each as right, wrong or not seen as sessions arrive, and says what to do', async () => {
      const { page, trouble } = await open(mock.baseUrl);
      await post(mock.url, play(1, paused));
      const line = (id: string) =>
        page.locator('#behaviours li').filter({ has: page.getByText(id, { exact: true }) });
      await line('pause').getByText('The session stops at 0:30 and starts there again 5 s later.').waitFor();
      expect(await page.locator('#behaviours li').count()).toBe(BEHAVIOUR_IDS.length);
      expect(await line('retry-after-503').getAttribute('class')).toBe('not-seen');
      const { lines } = mock.certify();
      const stall = lines.find(({ behaviour }) => behaviour === 'stall')!;
      expect(await line('stall').textContent()).toContain(
        `${stall.title} not seen required stall${stall.next}`,
      );
      await post(mock.url, play(1, paused));
      await post(mock.url, play(2, [[0, 30]]).slice(0, 1));
      await page.locator('#behaviours li.right').filter({ hasText: 'retry-after-503' }).waitFor();
      expect(await line('retry-after-503').textContent()).toContain('right retry-after-503');
      await page.getByText(`${rightOf(mock)} right`).waitFor();
      expect(trouble).toEqual([]);
    });

    it('leads to the session in which one was seen, whatever was chosen', async () => {
      // The first request is answered 503, so that its session is not kept.
      await post(mock.url, play(9, [[0, 30]]));
      await post(mock.url, play(1, paused));
      for (let number = 2; number < 30; number += 1) await post(mock.url, play(number, [[0, 30]]));
      const { page } = await open(mock.baseUrl);
      await page.getByLabel('SessionId', { exact: true }).fill('0000001c');
      const link = page.locator('#behaviour-pause');
      expect(await link.textContent()).toBe('session 00000001\u2026');
      await link.click();
      expect(await page.locator('.session.open .facts .id').first().textContent()).toBe(guid(1));
      expect(await page.locator(':focus').getAttribute('aria-label')).toMatch(/^Session 00000001/);
      const y = (await page.locator(':focus').boundingBox())!.y / page.viewportSize()!.height;
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(0.7);
    });

    it('is closed on a phone until it is opened, no wider than that, and empty after a reset', async () => {
      for (const number of [9, 1]) await post(mock.url, play(number, paused));
      const { page, trouble } = await open(mock.baseUrl, { viewport: { width: 390, height: 844 } });
      const panel = page.locator('#behaviours-panel');
      await panel.getByText(`${rightOf(mock)} right`).waitFor();
      expect(await page.locator('#behaviours').isHidden()).toBe(true);
      await panel.locator('summary').click();
      await page.getByText('Pauses and continues').waitFor();
      expect(await overflow(page)).toEqual([]);
      mock.reset();
      await page.getByRole('heading', { name: 'Nothing has arrived yet' }).waitFor();
      await post(mock.url, play(1, [[0, 30]]));
      await post(mock.url, play(2, [[0, 30]]));
      await panel.getByText(`${rightOf(mock)} right`).waitFor();
      expect(trouble).toEqual([]);
    });
  });

  it('has the sessions before retention on a phone, and nothing wider than that', async () => {
    await post(mock.url, play(1, [[0, 100]]).slice(1), { Source: HOSTILE });
    const { page } = await open(mock.baseUrl, { viewport: { width: 390, height: 844 } });
    await rowOf(page, 1).locator('button.row').click();
    await page.locator('.raw-events').waitFor();
    const topOf = async (id: string) => (await page.locator(id).boundingBox())?.y ?? 0;
    expect(await topOf('#list')).toBeLessThan(await topOf('#retention-heading'));
    expect(await overflow(page)).toEqual([]);
    await page.getByRole('link', { name: 'Retention' }).click();
    expect(await topOf('#retention-heading')).toBeLessThan(844);
  });

  it('shows hostile ids, sources, paths and headers as text', async () => {
    const { page, trouble } = await open(mock.baseUrl);
    await post(mock.url, play(1, [[0, 100]]), { Source: HOSTILE });
    await post(mock.url, play(2, [[0, 100]], { sessionId: HOSTILE }));
    await post(mock.url, play(3, [[0, 100]], { clip: HOSTILE }));
    await fetch(`${mock.baseUrl}/${encodeURIComponent(HOSTILE)}`, { headers: { 'user-agent': HOSTILE } });
    await page.locator('#unmatched li').waitFor();
    const buttons = page.locator('button.row');
    expect(await buttons.count()).toBe(3);
    for (const button of await buttons.all()) await button.click();
    expect(await rowOf(page, 1).locator('.played').textContent()).toContain(HOSTILE);
    const details = await page.locator('.details').allTextContents();
    expect(details.map((text) => text.includes('<img src=http'))).toEqual([true, true, true]);
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  it('may load nothing from elsewhere, and make no markup of text', async () => {
    const { page } = await open(mock.baseUrl);
    const refused = page.waitForEvent('console', (message) =>
      message.text().includes('Content Security Policy'),
    );
    await page.evaluate(
      `document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/x' })); undefined`,
    );
    await refused;
    await expect(page.evaluate(`document.body.innerHTML = '<b>x</b>'`)).rejects.toThrow(/TrustedHTML/);
  });

  it('draws a clip’s retention as it grows', async () => {
    const { page } = await open(mock.baseUrl);
    const curve = page.getByRole('slider', { name: 'Retention along the clip' });
    await post(mock.url, play(1, [[0, 16]]));
    await page.getByText(/^1 verified play\./).waitFor();
    const skipped = play(2, [
      [0, 16],
      [20, 40],
    ]);
    await post(mock.url, [...skipped, ...play(3, [[0, 4]])]);
    await page.getByText(/^2 verified plays\./).waitFor();
    const at = async (second: number) => {
      await curve.press('Home');
      for (let i = 0; i < second; i += 4) await curve.press('PageUp');
      return curve.getAttribute('aria-valuetext');
    };
    expect(await at(12)).toBe('0:12 – 0:13: 100 %, 2 of 2 plays');
    expect(await at(16)).toBe('0:16 – 0:17: 0 %, 0 of 2 plays');
    expect(await at(20)).toBe('0:20 – 0:21: 50 %, 1 of 2 plays');
  });

  it('tells requests that matched nothing or held no session, also when it is opened later', async () => {
    const live = await open(mock.baseUrl);
    await fetch(`${mock.baseUrl}/api/consumption/event`, { method: 'POST' });
    await post(mock.url, []);
    const late = await open(mock.baseUrl);
    for (const { page } of [live, late]) {
      await page.locator('#unmatched').getByText('/api/consumption/event', { exact: true }).waitFor();
      await page.getByRole('button', { name: /^Request 0, error/ }).click();
      expect(await page.locator('.findings code').textContent()).toBe('events-empty');
    }
  });

  it('is worked with the keyboard', async () => {
    await post(
      mock.url,
      [1, 2, 3].flatMap((number) => play(number, [[0, 100]])),
    );
    const { page } = await open(mock.baseUrl);
    await rowOf(page, 3).waitFor();
    const focused = () => page.locator(':focus .who > .id').textContent();
    await page.getByLabel('Clip', { exact: true }).focus();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(shortened(guid(3)));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(shortened(guid(1)));
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(shortened(guid(2)));
    await page.keyboard.press('Enter');
    await rowOf(page, 2).locator('.details').waitFor();
    await page.locator('.raw-events').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator('.details :focus').textContent()).toBe('Copy JSON');
  });

  it('holds thousands of sessions with a few dozen rows', async () => {
    const { page, trouble } = await open(mock.baseUrl);
    for (let batch = 0; batch < 10; batch += 1) {
      await post(mock.url, Array.from({ length: 500 }, (_, i) => play(batch * 500 + i, [[0, 100]])).flat());
    }
    await page.locator('.states label.all').getByText('5,000').waitFor();
    expect(await rows(page).count()).toBeLessThan(60);
    await page.locator('button.row').first().focus();
    await page.keyboard.press('End');
    await page.locator('li[aria-posinset="5000"][aria-setsize="5000"] button:focus').waitFor();
    expect(await rows(page).count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await page.locator('li[aria-posinset="1"] button:focus').waitFor();
    expect(trouble).toEqual([]);
  });

  it('has rows ready beyond both edges of the window, so that scrolling shows no gap', async () => {
    await post(mock.url, Array.from({ length: 200 }, (_, i) => play(i, [[0, 100]])).flat());
    const { page } = await open(mock.baseUrl);
    await rowOf(page, 199).waitFor();
    await page.evaluate('scrollTo(0, 4000)');
    await page.locator('li[aria-posinset="60"]').waitFor();
    const [above, below] = (await page.evaluate(`(() => {
      const rows = document.querySelectorAll('#list > li');
      const bottom = rows[rows.length - 1].getBoundingClientRect().bottom;
      return [-rows[0].getBoundingClientRect().top, bottom - innerHeight];
    })()`)) as [number, number];
    expect(above).toBeGreaterThan(400);
    expect(below).toBeGreaterThan(400);
  });

  it('keeps what is in sight where it is while sessions arrive above', async () => {
    await post(mock.url, Array.from({ length: 100 }, (_, i) => play(i, [[0, 100]])).flat());
    const { page } = await open(mock.baseUrl);
    await rowOf(page, 99).waitFor();
    await page.evaluate('scrollTo(0, 3000)');
    const watched = rowOf(page, 50);
    await watched.waitFor();
    const before = await watched.boundingBox();
    await post(
      mock.url,
      [1001, 1002].flatMap((number) => play(number, [[0, 100]])),
    );
    const newer = page.getByRole('button', { name: '2 new sessions' });
    await newer.waitFor();
    expect((await watched.boundingBox())?.y).toBeCloseTo(before!.y, 0);
    await newer.click();
    await rowOf(page, 1002).waitFor();
    await newer.waitFor({ state: 'hidden' });
  });

  it('connects again by itself, and forgets what the mock before it told', async () => {
    const { page } = await open(mock.baseUrl);
    await post(mock.url, play(1, [[0, 100]]));
    await rowOf(page, 1).waitFor();
    const port = Number(new URL(mock.baseUrl).port);
    await mock.close();
    await page.getByText('Connection lost, trying again').waitFor();
    mock = await startMockEndpoint({ port });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Nothing has arrived yet' }).waitFor();
    await post(mock.url, play(2, [[0, 100]]));
    await rowOf(page, 2).waitFor();
    expect(await shown(page)).toEqual([2]);
  });

  it('connects again after something else has answered in the mock’s place', async () => {
    const { page } = await open(mock.baseUrl);
    await page.getByText('Live', { exact: true }).waitFor();
    const port = Number(new URL(mock.baseUrl).port);
    await mock.close();
    const other = createServer((_request, response) => response.writeHead(503).end());
    const asked = once(other, 'request');
    await once(other.listen(port, '127.0.0.1'), 'listening');
    await asked;
    await page.getByText('Connection lost, trying again').waitFor();
    other.closeAllConnections();
    await once(other.close(), 'close');
    mock = await startMockEndpoint({ port });
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('shows a space of its own under /t/NAME/, and clears it', async () => {
    const { page } = await open(`${mock.baseUrl}/t/first`);
    const { url } = mock.space('first');
    await post(mock.url, play(1, [[0, 100]]));
    await post(url, play(2, [[0, 100]]));
    await rowOf(page, 2).waitFor();
    expect(await shown(page)).toEqual([2]);
    expect(await page.locator('#endpoint').textContent()).toBe(url);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('heading', { name: 'Nothing has arrived yet' }).waitFor();
    expect([mock.summary().sessions, mock.space('first').summary().sessions]).toEqual([1, 0]);
  });

  it('tells how the mock answers where that is not as Omny does', async () => {
    const { page } = await open(mock.baseUrl);
    mock.setEnabled(false);
    mock.setFaults(['503@#1']);
    await page.getByText('answers Enabled: false').waitFor();
    await post(mock.url, play(1, [[0, 100]]));
    await page.locator('#faulted').getByText('503@#1 · answered 503 · not counted').waitFor();
    expect(await rows(page).count()).toBe(0);
  });

  it('is dark or light as the reader has it, and still where motion is not wanted', async () => {
    const grounds: unknown[] = [];
    for (const colorScheme of ['dark', 'light'] as const) {
      const { page } = await open(mock.baseUrl, { colorScheme, reducedMotion: 'reduce' });
      grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      expect(
        await page.evaluate(`getComputedStyle(document.getElementById('copy-empty')).transitionDuration`),
      ).toBe('0s');
    }
    expect(grounds).toEqual(['rgb(13, 18, 25)', 'rgb(244, 246, 249)']);
  });
});

/** The elements that stand beyond the window's right edge. */
function overflow(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('main *:not(svg *)')]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map(({ className }) => className)`);
}

function rows(page: Page): Locator {
  return page.locator('#list > li');
}

function rowOf(page: Page, number: number): Locator {
  return rows(page).filter({ has: page.locator('.who > .id', { hasText: shortened(guid(number)) }) });
}

function shortened(id: string): string {
  return `${id.slice(0, 8)}…`;
}

/** Numbers of the sessions in the list, from its top. */
async function shown(page: Page): Promise<number[]> {
  const ids = await rows(page).locator('.who > .id').allTextContents();
  return ids.map((id) => Number.parseInt(id, 16));
}

/** How many there are of all, with errors, with warnings, and sound, as the filter says. */
function counts(page: Page): Promise<string[]> {
  return page.locator('.states .count').allTextContents();
}

async function extents(bars: Locator): Promise<string[]> {
  const found = await bars.all();
  return Promise.all(
    found.map(async (bar) => `${await bar.getAttribute('x')} ${await bar.getAttribute('width')}`),
  );
}

/** How many behaviours were seen right. */
function rightOf(mock: MockEndpoint): number {
  return mock.certify().lines.filter(({ verdict }) => verdict === 'right').length;
}
