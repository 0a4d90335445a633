import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIP, FLUSH, NOTE, ON_CHANGE, ORGANIZATION, OTHER_CLIP, PLAY } from '../../src/guide/guide.js';
import { startMockEndpoint } from '../../src/mock/start.js';
import { describeInBrowser } from '../browser.js';
import { toneWav } from '../mock/tone.js';

/** A data URL, since a seek needs a source that can be read from anywhere. */
const TONE = `data:audio/wav;base64,${toneWav(20).toString('base64')}`;

/** A player put together from what `rules ID` shows. */
const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<title>A player</title>
<audio></audio>
<output>0</output>
<script>
const audio = document.querySelector('audio');
const url = new URLSearchParams(location.search).get('endpoint') + '?organizationId=${ORGANIZATION}';
const queue = [];
let OrganizationId, ClipId, SessionId;
${NOTE}
${ON_CHANGE}
${FLUSH}
${PLAY}
audio.addEventListener('timeupdate', () => { document.querySelector('output').textContent = audio.currentTime; });
const first = { ClipId: '${CLIP}', OrganizationId: '${ORGANIZATION}', url: '${TONE}' };
const second = { ...first, ClipId: '${OTHER_CLIP}' };
for (const [name, act] of Object.entries({
  first: () => play(first),
  second: () => play(second),
  pause: () => audio.pause(),
  resume: () => audio.play(),
  ahead: () => { audio.currentTime = 12; },
})) {
  const button = document.createElement('button');
  button.textContent = name;
  button.addEventListener('click', act);
  document.body.append(button);
}
</script>
`;

describeInBrowser('a player made of the code that rules are explained with', (open) => {
  let site: Server;
  beforeAll(async () => {
    site = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(PAGE);
    });
    await new Promise<void>((done) => {
      site.listen(0, '127.0.0.1', done);
    });
  });
  afterAll(() => {
    site?.close();
    site?.closeAllConnections();
  });

  it('reports pauses, seeks and a change of clip without an error or a warning', async () => {
    const mock = await startMockEndpoint({ port: 0 });
    const { port } = site.address() as AddressInfo;
    const { page, trouble } = await open(
      `http://127.0.0.1:${port}/?endpoint=${encodeURIComponent(mock.url)}`,
    );
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const heard = (time: RegExp) => page.locator('output', { hasText: time }).waitFor();
    await press('first');
    await heard(/^0\.[3-9]|^[1-9]\./);
    await press('pause');
    await press('resume');
    await heard(/^[1-9]\./);
    await press('ahead');
    await heard(/^12\.[3-9]|^1[3-9]\./);
    await press('second');
    await heard(/^0\.[3-9]|^[1-9]\./);
    await page.goto('about:blank');

    const sessions = await mock.waitFor(2);
    const intervals = sessions.map((session) => [session.clipId, session.intervals.length]);
    expect(Object.fromEntries(intervals)).toEqual({ [CLIP]: 3, [OTHER_CLIP]: 1 });
    // The jump ahead does not count as heard.
    expect(sessions.find(({ clipId }) => clipId === CLIP)!.played).toBeLessThan(11);
    expect(mock.requests()).toHaveLength(2);
    expect([...new Set(mock.findings().map(({ rule }) => rule))]).toEqual(['session-too-short']);
    // The beacon of the first clip leaves while its page is still there.
    expect(trouble.filter((told) => !told.startsWith(`request: ${mock.url}`))).toEqual([]);
    await mock.close();
  });
});
