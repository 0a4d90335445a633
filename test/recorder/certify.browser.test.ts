import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BEHAVIOUR_IDS } from '../../src/certify/define.js';
import { type Clock, systemClock } from '../../src/domain/clock.js';
import { startMockEndpoint } from '../../src/mock/start.js';
import { RECORDER } from '../../src/recorder/source.js';
import { launchChromium, skipsBrowser } from '../browser.js';
import { type Audio, FIVE_LINES, type Pace, SHORT_CLIP, startSite, Tester } from './tester.js';

/** It needs 3 min of real time: `npm run trials -- recorder-certify` shows it, too. */
const LONG = 'background';

/** A clock that can be put forward. */
class OwnClock implements Clock {
  aheadMs = 0;
  nowMs(): number {
    return systemClock.nowMs() + this.aheadMs;
  }
  unixSeconds(): number {
    return systemClock.unixSeconds() + this.aheadMs / 1000;
  }
  after(delayMs: number, run: () => void): () => void {
    return systemClock.after(delayMs, run);
  }
}

declare const window: { now: () => number; began: number };
declare const document: { querySelector(name: 'audio'): Audio };

const PLAYER_PAGE = new URL('../../docs/player.md', import.meta.url);
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** `npm run trials -- recorder-certify`. */
const IN_REAL_TIME = process.env.RECORDER_CERTIFY === 'real';

describe.skipIf(skipsBrowser)('a page of five lines with the recorder (in Chromium)', () => {
  it('has five lines, as in docs/player.md', () => {
    expect(FIVE_LINES.trim().split('\n')).toHaveLength(5);
    expect(readFileSync(PLAYER_PAGE, 'utf8')).toContain(`\`\`\`html\n${FIVE_LINES}\`\`\``);
  });

  // On a busy machine the audio can fall behind the clock, which looks like a wrong speed: then it is played once more.
  it.skipIf(IN_REAL_TIME)(
    'shows every behaviour but a long one right to the mock',
    { timeout: 120_000, retry: 1 },
    async () => {
      const clock = new OwnClock();
      const clipDurations = { [SHORT_CLIP.id]: SHORT_CLIP.seconds };
      const mock = await startMockEndpoint({ port: 0, clock, certify: true, clipDurations });
      try {
        await playAll(mock.baseUrl, hurried(clock), (context) => context.clock.install());
        const { lines } = mock.certify();
        const others = lines.filter(({ verdict, behaviour }) => verdict !== 'right' && behaviour !== LONG);
        expect(others, 'show these behaviours in test/recorder/tester.ts').toEqual([]);
        expect(mock.findings({ atLeast: 'warning' })).toEqual([]);
        expect(mock.diagnoses()).toEqual([]);
      } finally {
        await mock.close();
      }
    },
  );

  it.runIf(IN_REAL_TIME)(
    'ends mock --certify --require all with exit code 0, in real time',
    { timeout: 3_600_000 },
    async () => {
      const clip = `${SHORT_CLIP.id},${SHORT_CLIP.seconds}`;
      const clips = join(mkdtempSync(join(tmpdir(), 'omny-consume-')), 'clips.csv');
      writeFileSync(clips, `ClipId,Duration\n${clip}\n`);
      const args = [CLI, 'mock', '--port', '0', '--certify', '--require', 'all', '--clips', clips];
      const mock = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = once(mock, 'close');
      let printed = '';
      for (const stream of [mock.stdout, mock.stderr])
        stream.on('data', (text) => {
          printed += text;
        });
      try {
        await expect.poll(() => printed, { timeout: 20_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
        await playAll(/http:\/\/127\.0\.0\.1:\d+/.exec(printed)![0], REAL);
      } finally {
        mock.kill('SIGINT');
      }
      const [code] = await ended;
      expect({ code, printed }).toMatchObject({ code: 0 });
      process.stdout.write(
        `mock --certify --require all: exit code ${code}, ${BEHAVIOUR_IDS.length} behaviours\n`,
      );
    },
  );
});

/** @param mock The mock's base URL. */
async function playAll(
  mock: string,
  pace: Pace,
  prepare?: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const site = await startSite(FIVE_LINES.replace('http://127.0.0.1:8787', mock), RECORDER.javascript);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    await prepare?.(context);
    await new Tester(browser, context, site.url, mock, pace).playAll();
  } finally {
    await browser.close();
    site.close();
  }
}

/** As a person plays. */
const REAL: Pace = {
  playing: (seconds) => seconds / 2.5,
  wait: (tester, seconds) => tester.sleep(seconds),
  async speedUp(tester) {
    const setRate = (rate: number) =>
      tester.page.evaluate((value) => {
        document.querySelector('audio').playbackRate = value;
      }, rate);
    await setRate(1.5);
    await tester.play(0);
    await tester.sleep(34);
    await tester.pause(0);
    await setRate(1);
  },
  background: true,
};

/**
 * Plays for a moment, or where sessions follow each other for more than a second, so that their Timestamps tell their order; and puts the clocks of
 * the page and of the mock forward while nothing plays.
 */
function hurried(clock: OwnClock): Pace {
  const wait = async ({ context, page }: Tester, seconds: number) => {
    if (seconds === 0) return;
    clock.aheadMs += seconds * 1000;
    await (page.isClosed() ? context : page).clock.fastForward(seconds * 1000);
  };
  return {
    playing: (seconds) => (seconds < 20 ? 0.4 : 1.3),
    wait,
    /** Time passes ten times as fast, for the audio and the clock of the page alike. */
    async speedUp(tester) {
      await tester.page.evaluate(() => {
        const audio = document.querySelector('audio');
        audio.currentTime = 0;
        audio.playbackRate = 15;
        const [now, began] = [Date.now, Date.now()];
        Date.now = () => began + (now() - began) * 10;
        Object.assign(window, { now, began });
        Object.defineProperty(audio, 'playbackRate', { configurable: true, get: () => 1.5 });
      });
      await tester.play(0);
      await tester.sleep(3.3);
      await tester.pause(0);
      const aheadMs = await tester.page.evaluate(() => {
        const audio = document.querySelector('audio');
        const { now, began } = window;
        const passedMs = now() - began;
        Date.now = now;
        Reflect.deleteProperty(audio, 'playbackRate');
        audio.playbackRate = 1;
        return passedMs * 9;
      });
      await wait(tester, aheadMs / 1000);
    },
    background: false,
  };
}
