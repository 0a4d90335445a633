import { clipNumbered } from './page.js';
import type { Gesture, Script, SimpleGesture, Step } from './script.js';
import type { Behaviour } from './server.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const step = (gesture: Gesture, seconds: number): Step => ({ gesture, wait: seconds * SECOND });
const simple = (name: SimpleGesture['do'], seconds: number) => step({ do: name }, seconds);
const play = (seconds: number) => simple('play', seconds);
const pause = (seconds: number) => simple('pause', seconds);
const rate = (speed: number, seconds: number) => step({ do: 'rate', rate: speed }, seconds);
const stall = (ms: number, seconds: number) => step({ do: 'stall', ms }, seconds);
const endpoint = (behaviour: Behaviour) => step({ do: 'endpoint', behaviour }, 0);
/** @param to In seconds, of the clip that lasts so long. */
const seek = (to: number, of: number, seconds: number, buffered = false) =>
  step({ do: 'seek', to: to / of, buffered }, seconds);

/** What clips last, by their numbers on a page: those that are played to their end, and those that are not. */
const SHORT = 30;
const LONG = 1800;
/** What the clip lasts that a page begins with. */
const FIRST = 60;
/** Clips of tours are told from those that pages begin with by their numbers. */
const CLIPS = new Map<number, number>([
  [0, FIRST],
  ...Array.from({ length: 60 }, (_, i) => [i + 10, i < 20 ? SHORT : LONG] as const),
]);

const away = (seconds: number) => step({ do: 'away', ms: 2 * MINUTE }, seconds);
const clip = (number: number, seconds: number) =>
  step({ do: 'clip', clip: number, seconds: CLIPS.get(number)! }, seconds);

/** Every way to listen to one clip. */
const LISTENS: readonly Step[] = [
  clip(30, 12),
  pause(5),
  play(10),
  pause(11 * 60),
  play(12),
  seek(120, LONG, 12),
  seek(60, LONG, 35),
  seek(200, LONG, 40, true),
  seek(150, LONG, 40, true),
  pause(7),
  seek(300, LONG, 7, true),
  play(12),
  rate(1.5, 65),
  rate(1, 5),
  stall(300, 5),
  stall(600, 5),
  stall(5000, 12),
  simple('hide', 200),
  simple('hide', 15),
  step({ do: 'sleep', ms: 40 * MINUTE }, 20),
  pause(3),
  step({ do: 'freeze', ms: 20 * MINUTE }, 3),
  play(15),
  // Speed without a pause, and a jump at that speed.
  clip(31, 5),
  rate(2, 60),
  seek(400, LONG, 40),
  rate(0, 20),
  rate(1, 15),
  // A short jump ahead and one back.
  clip(32, 20),
  seek(35, LONG, 20, true),
  seek(40, LONG, 60, true),
  pause(90),
  play(60),
];

/** One clip after the other. */
const CLIPS_IN_TURN: readonly Step[] = [
  clip(10, 34),
  play(34),
  play(20),
  clip(11, 33),
  clip(12, 33),
  clip(33, 20),
  clip(34, 20),
  clip(33, 20),
  clip(13, 45),
  pause(20),
  clip(14, 12),
  simple('toggle loop', 60),
  simple('toggle loop', 35),
  simple('set source', 25),
  step({ do: 'record again', clip: 35, seconds: LONG }, 25),
  pause(4),
  play(20),
  step({ do: 'record again', clip: 36, seconds: LONG }, 25),
  simple('stop recording', 25),
  step({ do: 'record again', clip: 37, seconds: LONG }, 25),
];

/** Pages that are left, killed, and opened beside each other. */
const PAGES: readonly Step[] = [
  clip(30, 30),
  away(30),
  clip(31, 35),
  step({ do: 'crash', ms: 3 * MINUTE }, 90),
  clip(32, 20),
  pause(5),
  play(15),
  step({ do: 'crash', ms: 2 * MINUTE }, 70),
  clip(33, 20),
  simple('back', 5),
  play(20),
  pause(20),
  clip(34, 40),
  simple('second tab', 20),
  clip(35, 40),
  pause(10),
  play(20),
  away(2),
  clip(36, 25),
  simple('hide', 30),
  simple('hide', 30),
  simple('stop', 2),
  clip(37, 25),
];

/** What the network and the endpoint do. */
const NETWORK: readonly Step[] = [
  ...answeredWith('503', 30),
  ...answeredWith('429', 34),
  ...answeredWith('500', 38),
  ...answeredWith('html', 42),
  ...answeredWith('cut', 46),
  ...answeredWith('lost', 50),
  ...answeredWith('refuse', 54),
  simple('offline', 1),
  clip(58, 30),
  clip(59, 30),
  clip(60, 30),
  pause(90),
  simple('online', 70),
  // Without a network until the page is opened again.
  clip(61, 20),
  simple('offline', 1),
  simple('leave', 90),
  simple('online', 5),
  clip(62, 20),
  away(1),
  // More than one request holds.
  simple('offline', 1),
  ...Array.from({ length: 6 }, (_, i) => [
    clip(63 + i, 2),
    ...Array.from({ length: 30 }, () => [pause(1), play(1)]).flat(),
  ]).flat(),
  pause(80),
  simple('online', 150),
  clip(30, 15),
];

/** A session meets an answer, another one a minute later a good one. */
function answeredWith(behaviour: Behaviour, number: number): Step[] {
  return [
    clip(number, 25),
    endpoint(behaviour),
    clip(number + 1, 1),
    endpoint('well'),
    step({ do: 'hide' }, 90),
    step({ do: 'hide' }, 1),
    clip(number + 2, 20),
    pause(75),
  ];
}

/** The endpoint says that it wants no more. */
const DISABLED: readonly Step[] = [
  clip(30, 20),
  clip(31, 20),
  endpoint('disabled'),
  clip(32, 5),
  endpoint('well'),
  clip(33, 30),
  clip(34, 90),
  pause(70),
  clip(35, 70),
];

/** The last of them is not opened again: a mock does not know that another page may send. */
const TOURS = [LISTENS, CLIPS_IN_TURN, PAGES, NETWORK, DISABLED];

interface Tour extends Script {
  /** After how many ms the page is opened again in the end. */
  readonly openedAgain: number | null;
}

/** Scripts that show every behaviour: what somebody does who tries a player out. One after the other, the last ends with `Enabled: false`. */
export const tours: readonly Tour[] = TOURS.map((steps, i) => ({
  seed: i + 1,
  flavour: 'chromium',
  steps,
  openedAgain: steps === DISABLED ? null : 2 * MINUTE,
}));

/** The number of the first clip of a tour, or of any script of those that are played one after the other. */
export function firstClipOf(script: number): number {
  return script * 100_000;
}

/** How long the clips of the tours last, as `--clips` gives it. */
export function tourClips(): ReadonlyMap<string, number> {
  const durations = new Map<string, number>();
  for (const i of tours.keys())
    for (let page = 0; page < 12; page += 1)
      for (const [number, seconds] of CLIPS)
        durations.set(clipNumbered(firstClipOf(i) + page * 100 + number), seconds);
  return durations;
}
