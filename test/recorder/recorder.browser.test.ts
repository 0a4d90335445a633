import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MockEndpoint, startMockEndpoint } from '../../src/mock/start.js';
import { RECORDER } from '../../src/recorder/source.js';
import { launchChromium, skipsBrowser } from '../browser.js';
import { type RealGesture, type RealOutcome, type RealStep, runInChromium } from './in-chromium.js';
import { type PlayerSite, startPlayerSite } from './player-site.js';

/** `npm run trials -- recorder-chromium` runs 300. */
const RUNS = Number(process.env.RECORDER_BROWSER_RUNS ?? 20);
/** Each has a browser of its own, whose renderers are its own to kill. */
const AT_ONCE = 2;
const MOST_ATTEMPTS = 3;

const gesture: fc.Arbitrary<RealGesture> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: 'play' } as const) },
  { weight: 3, arbitrary: fc.constant({ do: 'pause' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('seek' as const),
      to: fc.integer({ min: 0, max: 58 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rate' as const), rate: fc.constantFrom(0.5, 1, 1.5, 2) }),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('next clip', 'leave', 'kill', 'kill', 'offline', 'online', '503', 'well')
      .map((name) => ({ do: name }) as RealGesture),
  },
);

const scripts: fc.Arbitrary<RealStep[]> = fc
  .array(fc.record({ gesture, wait: fc.integer({ min: 20, max: 600 }) }), { minLength: 3, maxLength: 6 })
  .map((steps) => [{ gesture: { do: 'play' }, wait: 400 }, ...steps]);

describe.skipIf(skipsBrowser)('the recorder (in Chromium)', () => {
  let mock: MockEndpoint;
  let site: PlayerSite;
  beforeAll(async () => {
    mock = await startMockEndpoint({ port: 0 });
    site = await startPlayerSite(RECORDER.javascript);
  });
  afterAll(async () => {
    await site?.close();
    await mock?.close();
  });

  /** Again, where the browser did not do its part: a machine at work on other things lets it time out. */
  async function inBrowserOfItsOwn(name: string, steps: readonly RealStep[]): Promise<RealOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const browser = await launchChromium();
      try {
        return await runInChromium(browser, site, mock.space(`${name}.${attempt}`), steps);
      } catch (error) {
        if (attempt === MOST_ATTEMPTS) throw error;
      } finally {
        await browser.close();
      }
    }
  }

  it(`reports what was played, in ${RUNS} random scripts`, { timeout: 3_600_000 }, async () => {
    const drawn = fc.sample(scripts, { numRuns: RUNS, seed: Number(process.env.FC_SEED ?? 20_261_122) });
    const waiting = [...drawn.entries()];
    let kills = 0;
    let sessions = 0;
    const suspects: (typeof waiting)[number][] = [];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [i, steps] = next;
        const outcome = await inBrowserOfItsOwn(`script-${i}`, steps);
        kills += outcome.kills;
        sessions += outcome.sessions;
        if (outcome.problems.length > 0) suspects.push(next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    // A busy machine lets a browser fall behind its own clock: what is wrong is wrong again when nothing runs beside it.
    const wrong: object[] = [];
    for (const [i, steps] of suspects) {
      const { problems } = await inBrowserOfItsOwn(`script-${i}-alone`, steps);
      if (problems.length > 0) wrong.push({ i, steps: steps.map((each) => JSON.stringify(each)), problems });
    }
    expect(wrong).toEqual([]);
    if (process.env.RECORDER_BROWSER_RUNS)
      process.stdout.write(`${RUNS} scripts in Chromium, ${sessions} sessions, ${kills} tabs killed\n`);
  });

  it('sends nothing more from a page that was told Enabled: false', { timeout: 240_000 }, async () => {
    const outcome = await inBrowserOfItsOwn('disabled', [
      { gesture: { do: 'play' }, wait: 700 },
      { gesture: { do: 'disable' }, wait: 0 },
      { gesture: { do: 'next clip' }, wait: 1700 },
      { gesture: { do: 'next clip' }, wait: 700 },
      { gesture: { do: 'leave' }, wait: 300 },
    ]);
    expect(outcome.problems).toEqual([]);
    expect(outcome.sessions).toBe(1);
  });
});
