import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { MockRecords } from '../../src/mock/start.js';
import type { WireEvent } from '../../src/wire/event.js';
import { coverageProblems, type Interval, intervalsOf } from './judge.js';
import { clipNumbered } from './page.js';
import type { PlayerSite, Sample } from './player-site.js';
import type { Cut } from './script.js';

/** What a listener, the network or the machine does to a real browser. */
export type RealGesture =
  | {
      readonly do:
        | 'play'
        | 'pause'
        | 'next clip'
        | 'leave'
        | 'kill'
        | 'offline'
        | 'online'
        | '503'
        | 'well'
        | 'disable';
    }
  | { readonly do: 'seek'; readonly to: number }
  | { readonly do: 'rate'; readonly rate: number };

export interface RealStep {
  readonly gesture: RealGesture;
  readonly wait: number;
}

/** What came of a script in a real browser. */
export interface RealOutcome {
  readonly problems: readonly string[];
  readonly kills: number;
  readonly sessions: number;
}

/** How long sessions may take to be recovered, once a page is there. */
const RECOVERY_MS = 15_000;

interface Player {
  readonly audio: { currentTime: number; playbackRate: number; pause(): void };
  play(): Promise<void>;
  nextClip(id: string): Promise<void>;
}

declare const player: Player;

/** Runs a script in a browser of its own, against a place of its own at a mock. */
export async function runInChromium(
  browser: Browser,
  site: PlayerSite,
  mock: MockRecords,
  steps: readonly RealStep[],
): Promise<RealOutcome> {
  const run = await RealRun.open(browser, site, mock);
  try {
    for (const { gesture, wait } of steps) {
      await run.carryOut(gesture);
      await run.page.waitForTimeout(wait);
    }
    return await run.end();
  } finally {
    await run.context.close();
  }
}

class RealRun {
  page!: Page;
  #clips = 0;
  readonly #samples: Sample[] = [];
  readonly #cuts: Cut[] = [];
  /** A beacon may have met a 503, which nobody sees, or the endpoint wanted no more. */
  #unseen = false;
  #refuses = false;
  #kills = 0;

  private constructor(
    private readonly browser: Browser,
    private readonly site: PlayerSite,
    private readonly mock: MockRecords,
    readonly context: BrowserContext,
  ) {}

  static async open(browser: Browser, site: PlayerSite, mock: MockRecords): Promise<RealRun> {
    const context = await browser.newContext();
    const run = new RealRun(browser, site, mock, context);
    await context.exposeBinding('sampled', (_, samples: Sample[]) => {
      run.#samples.push(...samples);
    });
    await run.load();
    return run;
  }

  async load(): Promise<void> {
    this.page = await this.context.newPage();
    await this.page.goto(this.site.url(this.mock.url, this.#nextClip()));
    await this.page.waitForFunction('window.player?.audio.readyState > 2');
  }

  async carryOut(gesture: RealGesture): Promise<void> {
    const { page } = this;
    switch (gesture.do) {
      case 'play':
        return page.evaluate(() => player.play());
      case 'pause':
        return page.evaluate(() => player.audio.pause());
      case 'seek':
        return page.evaluate((to) => {
          player.audio.currentTime = to;
        }, gesture.to);
      case 'rate':
        return page.evaluate((rate) => {
          player.audio.playbackRate = rate;
        }, gesture.rate);
      case 'next clip':
        return page.evaluate((clip) => void player.nextClip(clip), this.#nextClip());
      case 'online':
      case 'offline':
        return this.context.setOffline(gesture.do === 'offline');
      case '503':
      case 'well':
        this.#refuses = gesture.do === '503';
        return this.mock.setFaults(this.#refuses ? ['503'] : []);
      case 'disable':
        this.#unseen = true;
        return this.mock.setEnabled(false);
      case 'leave':
        return this.#leave();
      case 'kill':
        return this.#kill();
    }
  }

  async end(): Promise<RealOutcome> {
    this.mock.setFaults([]);
    await this.context.setOffline(false);
    await this.page.goto('about:blank');
    await this.page.close();
    await this.load();
    const kept = 'Object.keys(localStorage).length';
    await this.page.waitForFunction(`${kept} === 0`, null, { timeout: RECOVERY_MS }).catch(() => {});
    const left = Number(await this.page.evaluate(kept));
    await this.page.waitForTimeout(300);
    await this.page.goto('about:blank');
    const counted = this.mock.requests().filter(({ number }) => number !== null);
    const sessions = new Map<string, WireEvent[]>();
    const twice: string[] = [];
    for (const { body } of counted) {
      const own = new Map<string, WireEvent[]>();
      for (const event of (body as { Events: WireEvent[] }).Events)
        own.set(event.SessionId, [...(own.get(event.SessionId) ?? []), event]);
      for (const [id, events] of own) {
        if (sessions.has(id)) twice.push(`counted twice: ${id}`);
        sessions.set(id, events);
      }
    }
    const sent = [...sessions.values()].flatMap((events) => intervalsOf({ clip: events[0]!.ClipId, events }));
    return {
      problems: [
        ...twice,
        ...(left > 0 ? [`${left} sessions left in the storage`] : []),
        ...this.mock.findings({ atLeast: 'warning' }).map(({ message }) => message),
        ...this.mock.diagnoses().map(({ diagnosis }) => `diagnosis ${diagnosis}`),
        ...coverageProblems(playedIn(this.#samples), sent, {
          cuts: this.#cuts,
          speeds: [this.#samples.map(([since, , speed]) => ({ since, speed }))],
          complete: !this.#unseen,
        }),
      ],
      kills: this.#kills,
      sessions: sessions.size,
    };
  }

  async #leave(): Promise<void> {
    this.#unseen ||= this.#refuses;
    const { page } = this;
    await page.goto('about:blank');
    // Without the network, no page comes.
    await this.context.setOffline(false);
    await this.load();
    await page.close();
  }

  /** Ends the renderer of the page by its process id. */
  async #kill(): Promise<void> {
    const { page } = this;
    let crashed = false;
    page.once('crash', () => {
      crashed = true;
    });
    const at = Date.now();
    for (const pid of await this.#renderers()) {
      process.kill(pid, 'SIGKILL');
      for (let waited = 0; !crashed && waited < 1000; waited += 20) await setTimeout(20);
      if (crashed) break;
    }
    if (!crashed) throw new Error('no renderer of the page was found');
    this.#cuts.push({ at, until: Date.now() });
    this.#kills += 1;
    await page.close();
    await this.context.setOffline(false);
    await this.load();
  }

  /** The process ids of the renderers of this browser, the busiest first: that of its page. Others wait for pages to come. */
  async #renderers(): Promise<readonly number[]> {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    return processInfo
      .filter(({ type }) => type === 'renderer')
      .toSorted((a, b) => b.cpuTime - a.cpuTime)
      .map(({ id }) => id);
  }

  #nextClip(): string {
    this.#clips += 1;
    return clipNumbered(this.#clips);
  }
}

/** What moved without a break, by samples of where it was. */
function playedIn(samples: readonly Sample[]): Interval[] {
  const played: Interval[] = [];
  let last: Interval | undefined;
  for (const [i, [at, position, speed, clip]] of samples.entries()) {
    const [before, from] = samples[i - 1] ?? [at, null];
    const moved = position !== null && from !== null && clip === samples[i - 1]?.[3] ? position - from : -1;
    if (moved < 0 || moved > ((at - before) / 1000) * speed + 1) last = undefined;
    else if (moved > 0) {
      if (last) played.pop();
      last = { clip, from: last?.from ?? from!, to: position!, began: last?.began ?? before, ended: at };
      played.push(last);
    } else if (at - (last?.ended ?? 0) > 300) last = undefined;
  }
  return played;
}
