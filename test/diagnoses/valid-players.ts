import { Draw } from '../table/draw.js';
import type { Play } from './player-bugs.js';

type WireEvent = Play[number];

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const STARTED_AT = 1_762_000_000;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** Clips of a jingle's length to three hours, in seconds. */
const CLIP_SECONDS = [
  31.245, 95.4, 312.98, 754.203, 1312.511, 1799.02, 2400.75, 2966.4, 3610.333, 5130.875, 10_812.6,
];
const CLIPS = CLIP_SECONDS.map((seconds, i) => ({
  id: `9b5c82f7-74cf-4841-a870-${String(i).padStart(12, '0')}`,
  seconds,
}));
type Clip = (typeof CLIPS)[number];

/** One valid session that is being recorded. Seconds of audio and of the clock. */
class Recording {
  readonly events: WireEvent[] = [];
  readonly #id: string;
  at = 0;
  #plays = false;

  constructor(
    readonly clip: Clip,
    /** Unix seconds, with fractions. */
    public clock: number,
    draw: Draw,
    readonly write: (position: number) => number = (position) => Math.round(position * 1000) / 1000,
  ) {
    this.#id = draw.guid();
  }

  get left(): number {
    return this.clip.seconds - this.at;
  }

  emit(Type: 'Start' | 'Stop'): void {
    this.#plays = Type === 'Start';
    this.events.push({
      OrganizationId: ORGANIZATION,
      ClipId: this.clip.id,
      SessionId: this.#id,
      Type,
      Position: this.write(this.at),
      SeqNumber: this.events.length + 1,
      Timestamp: Math.floor(this.clock),
    });
  }

  /** Plays so many seconds of audio, or to the end. Gives whether anything is left. */
  play(seconds: number, speed = 1, stalled = 0): boolean {
    if (!this.#plays) this.emit('Start');
    const heard = Math.max(0, Math.min(seconds, this.left));
    this.at += heard;
    this.clock += heard / speed + stalled;
    this.emit('Stop');
    return this.left > 0.5;
  }

  wait(seconds: number): void {
    this.clock += seconds;
  }

  seek(to: number): void {
    this.at = Math.max(0, Math.min(this.clip.seconds, to));
  }
}

/** A listener's way through a clip with a player of some kind. Some give more than one session. */
type Listen = (recording: Recording, draw: Draw, next: (clip?: Clip) => Recording) => void;

/** Plays on in pieces with pauses of so many seconds, to the end or till the listener has enough. */
function inPieces(recording: Recording, draw: Draw, pause: () => number, speed = 1): void {
  const enough = draw.whole(1, 4);
  for (let i = 0; i < enough; i += 1) {
    if (!recording.play(recording.clip.seconds * draw.between(0.1, 0.6), speed)) return;
    if (i + 1 < enough) recording.wait(pause());
  }
}

const usual = (draw: Draw) => () => draw.between(2, 400);

/** Twenty valid players, by what is peculiar to them. */
export const VALID_PLAYERS: Readonly<
  Record<string, { readonly listen: Listen; readonly write?: (position: number) => number }>
> = {
  'positions of timeupdate, every 250 ms': {
    listen: (r, draw) => inPieces(r, draw, usual(draw)),
    write: (position) => Math.floor(position * 4) / 4,
  },
  'whole seconds': { listen: (r, draw) => inPieces(r, draw, usual(draw)), write: Math.floor },
  stalls: {
    listen(r, draw) {
      for (let i = draw.whole(1, 9); i > 0; i -= 1) {
        if (!r.play(draw.between(5, 240), 1, draw.between(0, 20))) return;
        r.wait(draw.between(0.2, 30));
      }
    },
  },
  'in the background': {
    listen: (r, draw) => {
      r.play(r.clip.seconds * draw.between(0.3, 1), 1, draw.between(0, 15));
      if (draw.chance(0.3) && r.left > 1) {
        r.wait(draw.between(30, HOUR));
        r.play(r.left);
      }
    },
  },
  'speed, with silence skipped': {
    listen: (r, draw) => inPieces(r, draw, usual(draw), draw.pick([1.2, 1.5, 2, 3]) * draw.between(1, 1.25)),
  },
  'handed over to a speaker': {
    listen(r, draw) {
      if (!r.play(r.clip.seconds * draw.between(0.1, 0.6))) return;
      r.wait(draw.between(1, 8));
      r.seek(r.at - draw.between(0, 3));
      r.play(r.left * draw.between(0.2, 1));
    },
  },
  'sleep timer': {
    listen(r, draw) {
      if (draw.chance(0.3)) r.seek(r.clip.seconds * draw.between(0, 0.5));
      r.play(draw.pick([5, 10, 15, 30, 45, 60]) * 60);
      if (draw.chance(0.4) && r.left > 1) {
        r.wait(draw.between(6, 20) * HOUR);
        r.play(r.left);
      }
    },
  },
  'pauses of days': { listen: (r, draw) => inPieces(r, draw, () => draw.between(0.5, 20) * DAY) },
  'a clock that is set back': {
    listen(r, draw) {
      if (!r.play(r.clip.seconds * draw.between(0.1, 0.6))) return;
      r.wait(draw.chance(0.02) ? -draw.between(60, HOUR) : draw.between(2, 60));
      r.play(r.left * draw.between(0.2, 1));
    },
  },
  loops: {
    listen(r, draw) {
      for (let i = draw.whole(1, 12); i > 0; i -= 1) {
        r.play(r.left);
        r.seek(0);
      }
    },
  },
  'inserted ads': {
    listen(r, draw) {
      for (const share of [0.25, 0.5, 0.75, 1]) {
        if (!r.play(r.clip.seconds * share - r.at)) return;
        if (draw.chance(0.2)) return;
        r.wait(draw.pick([15, 30, 45, 60]));
      }
    },
  },
  'offline for months': {
    listen(r, draw) {
      r.wait(-draw.between(1, 300) * DAY);
      inPieces(r, draw, usual(draw));
    },
  },
  scrubbing: {
    listen(r, draw) {
      r.play(draw.between(3, 60));
      for (let i = draw.whole(2, 20); i > 0; i -= 1) {
        r.seek(r.at + draw.between(-60, 120));
        r.wait(draw.between(0, 1.5));
        r.play(draw.between(0.05, 2));
      }
      r.play(r.left * draw.between(0.1, 0.9));
    },
  },
  'double taps': {
    listen(r, draw) {
      r.emit('Start');
      if (draw.chance(0.3)) {
        r.wait(draw.between(0.1, 8));
        r.emit('Start');
      }
      r.play(draw.between(20, 400));
      if (draw.chance(0.5)) {
        r.wait(draw.between(0.1, 2));
        r.emit('Stop');
      }
      r.wait(draw.between(0.2, 40));
      r.play(r.left * draw.between(0.1, 1));
      if (draw.chance(0.3)) {
        r.wait(draw.between(1, 5 * HOUR));
        r.emit('Stop');
      }
    },
  },
  'lid closed': {
    listen(r, draw) {
      const more = r.play(
        r.clip.seconds * draw.between(0.1, 0.6),
        1,
        draw.chance(0.1) ? draw.between(0.5, 12) * HOUR : 0,
      );
      if (more && draw.chance(0.6)) {
        r.wait(usual(draw)());
        r.play(r.left);
      }
    },
  },
  'replay, each a session': {
    listen(r, draw, next) {
      r.play(r.left);
      for (let i = draw.whole(0, 3), again = r; i > 0; i -= 1) {
        const { clock } = again;
        again = next(r.clip);
        again.clock = clock + draw.between(0, 3);
        again.play(again.left);
      }
    },
  },
  'killed apps': {
    listen(r, draw) {
      inPieces(r, draw, usual(draw));
      if (draw.chance(0.02)) r.emit('Start');
    },
  },
  'playlist that continues automatically': {
    listen(r, draw, next) {
      r.play(r.left);
      for (let i = draw.whole(1, 6), { clock } = r; i > 0; i -= 1) {
        const following = next();
        following.clock = clock + draw.between(0, 1.2);
        following.play(draw.chance(0.2) ? following.clip.seconds * 0.4 : following.left);
        if (draw.chance(0.2) && following.left > 1) {
          following.wait(usual(draw)());
          following.play(following.left);
        }
        ({ clock } = following);
      }
    },
  },
  'comes back later, where it stopped': {
    listen(r, draw, next) {
      inPieces(r, draw, usual(draw));
      if (r.left < 1 || draw.chance(0.5)) return;
      const later = next(r.clip);
      later.seek(r.at);
      later.clock = r.clock + draw.between(1, 60) * HOUR;
      later.play(later.left * draw.between(0.2, 1));
    },
  },
  'thousands at one moment': {
    listen(r, draw) {
      r.clock = STARTED_AT + draw.between(0, 120);
      inPieces(r, draw, usual(draw), draw.pick([1, 1, 1, 1.5, 2]));
    },
  },
};

/** So many sessions of a valid player, in two months. */
export function validPlays(name: string, sessions: number, seed: number): readonly Play[] {
  const { listen, write } = VALID_PLAYERS[name]!;
  const draw = new Draw(seed);
  const made: Recording[] = [];
  const begin = (clip = draw.pick(CLIPS)): Recording => {
    const recording = new Recording(clip, STARTED_AT + draw.between(0, 60) * DAY, draw, write);
    made.push(recording);
    return recording;
  };
  while (made.length < sessions) listen(begin(), draw, begin);
  return made.slice(0, sessions).map(({ events }) => events);
}
