import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { toneWav } from '../mock/tone.js';
import { clipNumbered } from './page.js';
import { rangeOf } from './player-site.js';

/** How a tester spends time: plays for real, and waits for real or by the clock alone. */
export interface Pace {
  /** What an interval of so many seconds takes of them. */
  readonly playing: (seconds: number) => number;
  /** Waits while nothing plays, in seconds. */
  readonly wait: (tester: Tester, seconds: number) => Promise<void>;
  /** Plays for a minute at 1.5 times the speed. */
  readonly speedUp: (tester: Tester) => Promise<void>;
  /** Whether to play for 3 min without a break, too. */
  readonly background: boolean;
}

/** The clip that is played to its end. */
export const SHORT_CLIP = { id: clipNumbered(90), seconds: 3 };

/** A page of five lines that plays and records. */
export const FIVE_LINES = `<!doctype html>
<audio controls src="episode.wav"></audio>
<script type="module">
import { record } from './omny-recorder.js';
window.next = record(document.querySelector('audio'), { OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b', ClipId: '9b5c82f7-74cf-4841-a870-000000000001', endpoint: 'http://127.0.0.1:8787/api/consumption/events' });</script>
`;

declare const next: (clip?: string) => void;
declare const window: Record<string, string>;
declare const document: { querySelector(name: 'audio'): Audio };

/** What of an HTMLAudioElement is used. */
export interface Audio {
  src: string;
  currentTime: number;
  playbackRate: number;
  play(): Promise<void>;
  pause(): void;
  addEventListener(name: string, listener: (event: unknown) => void, options: { once: true }): void;
}

/** What somebody does who shows every behaviour of a player to a mock. */
export class Tester {
  page!: Page;
  #clips = 1;

  /** @param mock The mock's base URL. */
  constructor(
    readonly browser: Browser,
    readonly context: BrowserContext,
    readonly site: string,
    readonly mock: string,
    readonly pace: Pace,
  ) {}

  async playAll(): Promise<void> {
    await this.open();
    await this.#oneClip();
    await this.#offline();
    await this.#refused();
    await this.#clipsInTurn();
    await this.#killed();
    await this.#left();
    await this.#disabled();
  }

  async open(): Promise<void> {
    this.page = await this.context.newPage();
    await this.page.goto(this.site);
    await this.page.waitForFunction('window.next');
    // A clip that is loaded whole plays without a network.
    await this.page.evaluate(async () => {
      const audio = document.querySelector('audio');
      const sources = await Promise.all(
        ['episode.wav', 'short.wav'].map(async (file) =>
          URL.createObjectURL(await (await fetch(file)).blob()),
        ),
      );
      Object.assign(window, { long: sources[0], short: sources[1] });
      audio.src = sources[0]!;
      await new Promise((loaded) => audio.addEventListener('canplaythrough', loaded, { once: true }));
    });
  }

  async play(seconds: number): Promise<void> {
    await this.page.evaluate(() => document.querySelector('audio').play());
    await this.sleep(this.pace.playing(seconds));
  }

  async pause(seconds: number): Promise<void> {
    await this.page.evaluate(() => document.querySelector('audio').pause());
    await this.sleep(0.1);
    await this.wait(seconds);
  }

  async seek(to: number): Promise<void> {
    await this.page.evaluate((position) => {
      document.querySelector('audio').currentTime = position;
    }, to);
  }

  /** Goes on to a clip, by default one that was not played before. */
  async next(clip = clipNumbered(this.#clips++), source: 'long' | 'short' = 'long'): Promise<string> {
    await this.page.evaluate(
      ([id, name]) => {
        next(id);
        const audio = document.querySelector('audio');
        audio.src = window[name!]!;
      },
      [clip, source],
    );
    return clip;
  }

  wait(seconds: number): Promise<void> {
    return this.pace.wait(this, seconds);
  }

  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, seconds * 1000);
    });
  }

  async #oneClip(): Promise<void> {
    await this.next();
    await this.play(12);
    await this.pause(5);
    await this.play(10);
    await this.pause(10 * 60 + 3);
    await this.play(10);
    await this.seek(60);
    await this.play(10);
    await this.seek(30);
    await this.play(10);
    await this.pause(6);
    await this.seek(15);
    await this.wait(3);
    await this.play(10);
    // Pressed twice, the button looks like a stall.
    await this.pause(0);
    await this.play(10);
    await this.pause(0);
    await this.pace.speedUp(this);
    if (!this.pace.background) return;
    await this.seek(0);
    await this.play(0);
    await this.sleep(185);
    await this.pause(0);
  }

  async #offline(): Promise<void> {
    await this.context.setOffline(true);
    await this.next();
    await this.play(10);
    await this.next();
    await this.play(10);
    await this.next();
    await this.wait(61);
    await this.context.setOffline(false);
    await this.arrived(3);
  }

  async #refused(): Promise<void> {
    await this.control('faults', { faults: ['503@#1'] });
    await this.play(20);
    await this.next();
    await this.sleep(0.5);
    await this.wait(61);
    await this.arrived(4);
  }

  async #clipsInTurn(): Promise<void> {
    const first = await this.next();
    await this.play(20);
    await this.next();
    await this.play(20);
    await this.next(first);
    await this.play(20);
    await this.next(SHORT_CLIP.id, 'short');
    await this.page.evaluate(async () => {
      const audio = document.querySelector('audio');
      const ended = new Promise((done) => audio.addEventListener('ended', done, { once: true }));
      await audio.play();
      await ended;
    });
    await this.play(20);
  }

  async #killed(): Promise<void> {
    await this.next();
    await this.play(12);
    const { page } = this;
    const crashed = page.waitForEvent('crash');
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, 'SIGKILL');
    await crashed;
    await page.close();
    await this.wait(65);
    const before = await this.sessions();
    await this.open();
    await this.arrived(before + 1);
  }

  async #left(): Promise<void> {
    await this.next();
    await this.play(12);
    const before = await this.sessions();
    await this.page.goto('about:blank');
    await this.arrived(before + 1);
    await this.wait(65);
    await this.page.close();
  }

  async #disabled(): Promise<void> {
    await this.open();
    await this.control('enabled', { enabled: false });
    await this.next();
    await this.play(10);
    const before = await this.sessions();
    await this.next();
    await this.arrived(before + 1);
    await this.play(10);
    await this.next();
    await this.pause(35);
  }

  async control(what: string, body: object): Promise<void> {
    await fetch(`${this.mock}/_mock/${what}`, { method: 'POST', body: JSON.stringify(body) });
  }

  async sessions(): Promise<number> {
    const answer = await fetch(`${this.mock}/_mock/sessions`);
    return ((await answer.json()) as { sessions: unknown[] }).sessions.length;
  }

  /** Waits until so many sessions have arrived. */
  async arrived(sessions: number): Promise<void> {
    const answer = await fetch(`${this.mock}/_mock/wait?sessions=${sessions}&timeout=20`);
    if (answer.status !== 200)
      throw new Error(`${await this.sessions()} sessions arrived, expected ${sessions}`);
  }
}

/** A site of a page that plays with the recorder. */
export async function startSite(page: string, recorder: string): Promise<{ url: string; close(): void }> {
  const tones = { '/episode.wav': toneWav(240), '/short.wav': toneWav(SHORT_CLIP.seconds) };
  const send = (response: ServerResponse, type: string, body: string) =>
    response.writeHead(200, { 'content-type': type }).end(body);
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path in tones) rangeOf(tones[path as keyof typeof tones], request, response);
    else if (path === '/omny-recorder.js') send(response, 'text/javascript', recorder);
    else send(response, 'text/html; charset=utf-8', page);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
