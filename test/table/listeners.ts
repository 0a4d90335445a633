import type { Draw } from './draw.js';

/** A stretch that a simulated listener plays. */
export interface Played {
  /** Seconds along the audio. */
  readonly from: number;
  readonly to: number;
  /** Unix seconds. */
  readonly began: number;
  readonly ended: number;
}

/** How a kind of listener listens: audio ranges, with the pause before each, at a speed. */
interface Plan {
  readonly ranges: readonly (readonly [from: number, to: number, pauseBefore: number])[];
  readonly speed?: number;
}

type Kind = (duration: number, draw: Draw) => Plan;

const whole: Kind = (duration) => ({ ranges: [[0, duration, 0]] });
const part = (from: number, to: number): Plan => ({ ranges: [[from, Math.max(from, to), 0]] });

/** Plays on from `from` to `to` in pieces of about `piece` seconds with pauses between. */
function inPieces(from: number, to: number, piece: number, pause: () => number, draw: Draw): Plan {
  const ranges: [number, number, number][] = [];
  for (let at = from; at < to && ranges.length < 40; ) {
    const end = Math.min(to, at + piece * draw.between(0.5, 1.5));
    ranges.push([at, end, ranges.length === 0 ? 0 : pause()]);
    at = end;
  }
  return { ranges };
}

/** Nobody pauses for minutes in the midst of a jingle: long pauses come after some minutes of listening. */
const longPiece = (piece: number): number => Math.max(piece, 6 * MINUTE);

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** 26 kinds of listeners. */
export const KINDS: Readonly<Record<string, Kind>> = {
  complete: whole,
  almost: (d, draw) => part(0, d * draw.between(0.9, 1)),
  dropOff: (d, draw) => part(0, Math.min(d, draw.between(10, 330))),
  halfway: (d, draw) => part(0, d * draw.between(0.2, 0.8)),
  bounce: (d, draw) => part(0, Math.min(d, draw.between(0, 10))),
  sampler: (d, draw) => ({
    ranges: Array.from({ length: draw.whole(2, 8) }, () => {
      const from = d * draw.between(0, 0.95);
      return [from, Math.min(d, from + draw.between(3, 40)), draw.between(0, 3)] as const;
    }),
  }),
  skipper: (d, draw) => ({
    ranges: Array.from({ length: draw.whole(2, 6) }, (_, index) => {
      const from = (d * index) / 6;
      return [from, Math.min(d, from + (d / 6) * draw.between(0.2, 0.9)), draw.between(0, 2)] as const;
    }),
  }),
  rewinder: (d, draw) => ({
    ranges: Array.from({ length: draw.whole(2, 12) }, (_, index) => {
      const from = Math.max(0, index * 20 - index * draw.between(0, 15));
      return [Math.min(d, from), Math.min(d, from + draw.between(15, 60)), draw.between(0, 1)] as const;
    }),
  }),
  pausesSeconds: (d, draw) => inPieces(0, d, d / 4, () => draw.between(2, 50), draw),
  pausesMinutes: (d, draw) => inPieces(0, d, longPiece(d / 3), () => draw.between(1, 30) * MINUTE, draw),
  pausesHours: (d, draw) => inPieces(0, d, longPiece(d / 3), () => draw.between(1, 8) * HOUR, draw),
  pausesDays: (d, draw) =>
    inPieces(0, d * draw.between(0.2, 1), longPiece(d / 4), () => draw.between(0.5, 4) * DAY, draw),
  commuter: (d, draw) => inPieces(0, d, 25 * MINUTE, () => draw.between(8, 16) * HOUR, draw),
  speeder15: (d) => ({ ...whole(d, undefined as never), speed: 1.5 }),
  speeder2: (d, draw) => ({ ...part(0, d * draw.between(0.3, 1)), speed: 2 }),
  speeder3: (d, draw) => ({ ...part(0, d * draw.between(0.3, 1)), speed: 3 }),
  slow: (d, draw) => ({ ...part(0, d * draw.between(0.3, 1)), speed: 0.75 }),
  buffering: (d, draw) => ({ ...part(0, d * draw.between(0.3, 1)), speed: draw.between(0.6, 0.99) }),
  resumer: (d, draw) => part(d * draw.between(0.1, 0.9), d),
  middle: (d, draw) => part(d * draw.between(0.1, 0.4), d * draw.between(0.5, 0.9)),
  ending: (d) => part(Math.max(0, d - 45), d),
  looper: (d) => ({
    ranges:
      d > 4 * HOUR
        ? [[0, d, 0]]
        : [
            [0, d, 0],
            [0, d, 1],
            [0, d, 1],
          ],
  }),
  chapters: (d, draw) => ({
    ranges: Array.from({ length: draw.whole(1, 4) }, () => {
      const chapter = draw.whole(0, 9);
      return [(d * chapter) / 10, (d * (chapter + 1)) / 10, draw.between(0, 20)] as const;
    }),
  }),
  sleeper: (d, draw) => part(0, Math.min(d, draw.pick([15, 30, 45, 60]) * MINUTE)),
  unreportedPause: (d, draw) => ({ ...part(0, d * draw.between(0.5, 1)), speed: draw.between(0.15, 0.6) }),
  nothing: () => part(0, 0),
};

/** The stretches that a listener of a kind plays, from a time on. */
export function play(kind: string, duration: number, startedAt: number, draw: Draw): Played[] {
  const { ranges, speed = 1 } = KINDS[kind]!(duration, draw);
  let clock = startedAt;
  // A rewinder at the end of a clip would start and stop in one moment, several times.
  const heard = ranges.filter(([from, to], index) => index === 0 || to - from >= 1);
  return heard.map(([from, to, pause]) => {
    const began = clock + pause;
    clock = began + (to - from) / speed;
    return { from, to, began, ended: clock };
  });
}
