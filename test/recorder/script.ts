import type { Flavour, Played, Speed } from './media-element.js';
import type { Page, RecorderSource } from './page.js';
import type { Behaviour, Exchange } from './server.js';
import { BEGAN, World } from './world.js';

/** A gesture that needs no more said. */
export interface SimpleGesture {
  readonly do:
    | 'play'
    | 'pause'
    | 'toggle loop'
    | 'hide'
    | 'next clip'
    | 'set source'
    | 'leave'
    | 'kill'
    | 'back'
    | 'second tab'
    | 'online'
    | 'offline'
    | 'stop'
    | 'stop recording';
}

/** What a listener, the network or the machine does. */
export type Gesture =
  | SimpleGesture
  | { readonly do: 'seek'; readonly to: number; readonly buffered: boolean }
  | { readonly do: 'rate'; readonly rate: number }
  /** `crash` and `away`: the page is killed, or left, and opened again so much later. */
  | { readonly do: 'stall' | 'freeze' | 'sleep' | 'crash' | 'away'; readonly ms: number }
  /** A clip of this page by its number, so that it can be played again. `record again`: by a recorder of its own. */
  | { readonly do: 'clip' | 'record again'; readonly clip: number; readonly seconds: number }
  | { readonly do: 'endpoint'; readonly behaviour: Behaviour };

export interface Step {
  readonly gesture: Gesture;
  /** How long nothing else happens after it. */
  readonly wait: number;
}

export interface Script {
  readonly seed: number;
  readonly flavour: Flavour;
  readonly steps: readonly Step[];
}

/** When, in ms, a page was killed or the computer slept. */
export interface Cut {
  readonly at: number;
  readonly until: number;
}

/** What came of a script. */
export interface Outcome {
  readonly played: readonly Played[];
  /** Of each audio element. */
  readonly speeds: readonly (readonly Speed[])[];
  readonly exchanges: readonly Exchange[];
  readonly cuts: readonly Cut[];
  readonly storage: Readonly<Record<string, string>>;
  readonly now: number;
}

const DURATIONS = [20, 60, 90, 600];

/** Where a script is played: by default as the first one. */
export interface RunOptions {
  /** When it begins, in ms. */
  readonly began?: number;
  /** The number of its first clip. */
  readonly firstClip?: number;
  /** What the site has in its storage. */
  readonly storage?: Readonly<Record<string, string>>;
  /** After how many ms the last page is opened; null: none is. */
  readonly openedAgain?: number | null;
}

/** Runs a script with a recorder. In the end all pages are left, the endpoint is well, and one more page is opened for what was kept. */
export async function runScript(
  recorder: RecorderSource,
  { seed, flavour, steps }: Script,
  { began = BEGAN, firstClip = 0, storage = {}, openedAgain = 1000 }: RunOptions = {},
): Promise<Outcome> {
  const world = new World(recorder, seed, began, firstClip);
  Object.assign(world.storage, storage);
  const cuts: Cut[] = [];
  let page = opened(world, flavour);
  await world.pass(100);
  for (const { gesture, wait } of steps) {
    page = await carriedOut(gesture, page, flavour, cuts);
    await world.pass(wait);
  }
  for (const each of world.pages)
    if (each.state === 'alive') each.leave();
    else each.kill();
  await world.pass(openedAgain ?? 1000);
  if (openedAgain !== null) {
    world.online = true;
    world.server.behaviour = 'well';
    const last = opened(world, flavour);
    await world.pass(200_000);
    last.leave();
    await world.pass(1000);
  }
  return {
    played: world.pages.flatMap(({ audio }) => audio.played),
    speeds: world.pages.map(({ audio }) => audio.speeds),
    exchanges: world.server.exchanges,
    cuts,
    storage: world.storage,
    now: world.now,
  };
}

function opened(world: World, flavour: Flavour): Page {
  const page = world.open();
  page.audio.flavour = flavour;
  page.audio.duration = DURATIONS[page.number % DURATIONS.length]!;
  return page;
}

/** @returns The page that gestures go to from now on. */
async function carriedOut(gesture: Gesture, page: Page, flavour: Flavour, cuts: Cut[]): Promise<Page> {
  const { world, audio } = page;
  switch (gesture.do) {
    case 'play':
      audio.play();
      break;
    case 'pause':
      audio.pause();
      break;
    case 'seek':
      audio.seek(gesture.to * audio.duration, gesture.buffered);
      break;
    case 'rate':
      audio.setRate(gesture.rate);
      break;
    case 'stall':
      audio.stall(gesture.ms);
      break;
    case 'toggle loop':
      audio.loop = !audio.loop;
      break;
    case 'hide':
      page.hidden = !page.hidden;
      page.dispatch('visibilitychange');
      break;
    case 'stop recording':
      page.next();
      break;
    case 'record again':
      page.next();
      audio.load(page.clip(gesture.clip), gesture.seconds);
      page.next = page.record();
      audio.play();
      break;
    case 'clip':
      page.next(page.clip(gesture.clip));
      audio.load(page.clip(gesture.clip), gesture.seconds);
      audio.play();
      break;
    case 'next clip':
    case 'set source': {
      const clip = page.clip(audio.played.length + 1);
      if (gesture.do === 'next clip') page.next(clip);
      audio.load(
        gesture.do === 'next clip' ? clip : audio.clip,
        DURATIONS[audio.played.length % DURATIONS.length]!,
      );
      audio.play();
      break;
    }
    case 'leave':
      page.leave();
      return opened(world, flavour);
    case 'kill':
      cuts.push({ at: world.now, until: world.now });
      page.kill();
      return opened(world, flavour);
    case 'away':
      page.leave();
      await world.pass(gesture.ms);
      return opened(world, flavour);
    case 'crash':
      cuts.push({ at: world.now, until: world.now });
      page.kill();
      await world.pass(gesture.ms);
      return opened(world, flavour);
    case 'back':
      page.dispatch('pagehide');
      page.freeze();
      await world.pass(5000);
      page.hidden = false;
      page.thaw();
      page.dispatch('pageshow');
      break;
    case 'second tab':
      page.hidden = true;
      return opened(world, flavour);
    case 'stop':
      page.next();
      page.kill();
      return opened(world, flavour);
    case 'freeze':
      if (!audio.paused) break;
      page.freeze();
      await world.pass(gesture.ms);
      page.thaw();
      break;
    case 'sleep':
      cuts.push({ at: world.now, until: world.now + gesture.ms });
      world.sleep(gesture.ms);
      break;
    case 'online':
      if (!world.online) {
        world.online = true;
        for (const each of world.pages) if (each.state === 'alive') each.dispatch('online');
      }
      break;
    case 'offline':
      world.online = false;
      break;
    case 'endpoint':
      world.server.behaviour = gesture.behaviour;
  }
  return page;
}

/** A capture of what arrived, as a browser's network panel writes it: with the answers that a page could see. */
export function capture(exchanges: readonly Exchange[]): string {
  return JSON.stringify({
    log: {
      version: '1.2',
      creator: { name: 'test', version: '1' },
      pages: [],
      entries: exchanges.map(({ at, url, type, body, page, answer, told }) => ({
        pageref: `page_${page}`,
        startedDateTime: new Date(at).toISOString(),
        time: 40,
        request: {
          method: 'POST',
          url,
          headers: [{ name: 'content-type', value: type }],
          postData: { mimeType: type, text: body },
        },
        response: told
          ? { status: told, content: { mimeType: 'application/json', text: answer } }
          : { status: 0, content: {} },
      })),
    },
  });
}
