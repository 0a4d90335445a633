import type { DiagnosisId } from '../../src/domain/finding.js';
import { wireOf } from '../../src/simulate/listener.js';
import type { SimulateOptions } from '../../src/simulate/plan.js';
import { simulate } from '../../src/simulate/simulate.js';
import type { WireEvent } from '../../src/wire/event.js';

/** A session's events, in order. */
export type Play = readonly (WireEvent & { readonly Source?: string })[];
export type Bug = (plays: readonly Play[]) => readonly Play[];

/** What the clips of the tests last, in seconds. */
export const CLIPS = [
  { id: '9b5c82f7-74cf-4841-a870-a670017cc8eb', seconds: 2400 },
  { id: 'e5a2f0cd-64a1-49b1-a57c-aa1c00b6a3d2', seconds: 1312 },
  { id: '4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4', seconds: 5130 },
];
const LENGTHS = new Map(CLIPS.map(({ id, seconds }) => [id, seconds]));

/** What listeners of a sound player do. */
export function sound(seed: number, options: Partial<SimulateOptions> = {}): readonly Play[] {
  const sessions = simulate({ sessions: 80, clips: CLIPS, seed, ...options });
  return [...sessions].map(({ events }) => events.map(({ played }) => wireOf(played!)));
}

const eachEvent =
  (change: (event: WireEvent, i: number, play: Play) => Partial<WireEvent>): Bug =>
  (plays) =>
    plays.map((play) => play.map((event, i) => ({ ...event, ...change(event, i, play) })));

const inOrder = (plays: readonly Play[]) => plays.toSorted((a, b) => a[0]!.Timestamp - b[0]!.Timestamp);
const renumbered = (play: Play): Play => play.map((event, i) => ({ ...event, SeqNumber: i + 1 }));

/** Plays that one SessionId holds: those that follow each other by so many, moved so that the next begins after the one before. */
function runs(plays: readonly Play[], many: number, pause: number): readonly (readonly Play[])[] {
  const all = inOrder(plays);
  return all.flatMap((_, i) => {
    if (i % many !== 0) return [];
    let end = 0;
    const run = all.slice(i, i + many).map((play) => {
      const later = Math.max(0, end + pause - play[0]!.Timestamp);
      end = play.at(-1)!.Timestamp + later;
      return play.map((event) => ({ ...event, Timestamp: event.Timestamp + later }));
    });
    return [run];
  });
}

/** Leaves out a Stop and the Start after it, where `told` does not want them. */
function leftOut(told: (stop: WireEvent, start: WireEvent) => boolean): Bug {
  return (plays) =>
    plays.map((play) => {
      const left: WireEvent[] = [];
      for (const event of play) {
        const before = left.at(-1);
        if (event.Type === 'Start' && before?.Type === 'Stop' && !told(before, event)) left.pop();
        else left.push(event);
      }
      return renumbered(left);
    });
}

const isSeek = (stop: WireEvent, start: WireEvent) => Math.abs(stop.Position - start.Position) > 1;

/** A player's bug each, as it would change what a sound player reports. */
export const PLAYER_BUGS: Readonly<
  Record<Exclude<DiagnosisId, 'listener-left-on' | 'export-repeated'>, Bug>
> = {
  'stamps-at-flush': eachEvent((_, __, play) => ({ Timestamp: play.at(-1)!.Timestamp })),
  'timestamps-in-milliseconds': eachEvent(({ Timestamp }) => ({ Timestamp: Timestamp * 1000 + 123 })),
  'positions-in-milliseconds': eachEvent(({ Position }) => ({ Position: Math.round(Position * 1000) })),
  'position-in-minutes': eachEvent(({ Position }) => ({ Position: Position / 60 })),
  'position-in-hours': eachEvent(({ Position }) => ({ Position: Position / 3600 })),
  'position-as-fraction': eachEvent(({ Position, ClipId }) => ({
    Position: Position / LENGTHS.get(ClipId)!,
  })),
  'position-as-percentage': eachEvent(({ Position, ClipId }) => ({
    Position: Math.round((1000 * Position) / LENGTHS.get(ClipId)!) / 10,
  })),
  'position-stuck': eachEvent(({ Position, Type }, i, play) => ({
    Position: Type === 'Stop' ? play[i - 1]!.Position : Position,
  })),
  'counter-not-reset': (plays) =>
    runs(plays, 6, 5).flatMap((run) => {
      let before = 0;
      return run.map((play) => {
        const numbered = play.map((event) => ({ ...event, SeqNumber: event.SeqNumber + before }));
        before += play.length;
        return numbered;
      });
    }),
  // The id and the clip change first, then the Stop of the last one is made.
  'stop-in-next-session': (plays) =>
    runs(plays, 6, 5).flatMap((run) =>
      run.map((play, i) => {
        const before = run[i - 1];
        const isLast = i === run.length - 1;
        const own = isLast ? play : play.slice(0, -1);
        if (!before) return own;
        const { Position, SeqNumber } = before.at(-1)!;
        const stop: WireEvent = {
          ...play[0]!,
          Type: 'Stop',
          Position,
          SeqNumber,
          Timestamp: before.at(-1)!.Timestamp,
        };
        return [stop, ...own.map((event) => ({ ...event, SeqNumber: event.SeqNumber + SeqNumber }))];
      }),
    ),
  // The last Stop is read when the player has loaded the next clip, which begins at once.
  'position-of-next-clip': (plays) =>
    runs(plays, 6, 0).flatMap((run) =>
      run.map((play, i) => {
        const next = run[i + 1];
        if (!next) return play;
        return play.map((event, n) =>
          n === play.length - 1 ? { ...event, Position: next[0]!.Position } : event,
        );
      }),
    ),
  'session-ended-by-pause': (plays) =>
    plays.flatMap((play) => {
      const parts: WireEvent[][] = [];
      for (const event of play) {
        const before = parts.at(-1)?.at(-1);
        if (!before || (event.Type === 'Start' && before.Type === 'Stop' && !isSeek(before, event)))
          parts.push([]);
        parts.at(-1)!.push(event);
      }
      return parts.map((part, n) => renumbered(n === 0 ? part : underNewId(part, n)));
    }),
  'pauses-not-reported': leftOut(isSeek),
  'seeks-not-reported': leftOut((stop, start) => !isSeek(stop, start)),
  'session-id-kept': (plays) =>
    runs(plays, 4, 300).map((run) =>
      renumbered(run.flat().map((event) => ({ ...event, SessionId: run[0]![0]!.SessionId }))),
    ),
  'same-listening-new-id': (plays) =>
    plays.flatMap((play, i) => (i % 5 === 0 ? [play, underNewId(play)] : [play])),
};

function underNewId(play: Play, n = 0): Play {
  const id = (101_234_567 + n).toString().slice(1);
  return play.map((event) => ({ ...event, SessionId: event.SessionId.replace(/^........../, `${id}-8`) }));
}
