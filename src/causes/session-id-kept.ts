import { guidKey } from '../domain/guid.js';
import { NewestMap } from '../domain/newest-map.js';
import { isSound, type SessionEvent, type SoundEvent } from '../domain/session.js';
import { BEGINNING_MS } from './course.js';
import { defineCause, enough, type SeenSession } from './define.js';
import { Shown } from './examples.js';
import { sessionsOf } from './sentence.js';

const LEAST = { sessions: 3, share: 0.01 } as const;
const MOST_REMEMBERED = 16_384;

/** What the first request held of a session. */
interface FirstPart {
  readonly clip: string | null;
  readonly last: number;
  shown: boolean;
}

export const sessionIdKept = defineCause({
  id: 'session-id-kept',
  title: 'A SessionId is kept for more than one play',
  sees: 'one of: the ClipId changes, from a Stop to a Start; SeqNumber 1 again, as a later Start in the first second of the clip; a Start there after a Stop at the farthest Position (30 s or more) 30 min later, or before that Position is reached again; a later request that begins with a Start there, or with another clip, after the first request’s last Timestamp',
  threshold: '3 sessions, and 1 % of all',
  mend: 'Make a new SessionId for every play: when the clip changes, and when it is played again after its end.',
  rules: ['clip-changed', 'seq-duplicate', 'session-split'],
  watch() {
    const shown = new Shown();
    const first = new NewestMap<string, FirstPart>();
    const show = (key: string): true => {
      shown.add(key);
      return true;
    };
    return {
      take(course) {
        if (course.playedAgain) shown.add(course.key);
      },
      look(seen) {
        const { session, course } = seen;
        const kept = course?.playedAgain || (isKept(seen) && show(session.key));
        if (session.request === null) return;
        first.set(session.key, {
          clip: clipOf(session.events[0]),
          last: latest(session.events),
          shown: kept,
        });
        if (first.size > MOST_REMEMBERED) first.forgetOldest();
      },
      lookAtPart({ session }) {
        const before = first.get(session.key);
        const begins = session.events[0];
        if (!before || before.shown || begins?.sound?.type !== 'Start') return;
        if (begins.sound.timestamp <= before.last) return;
        const again = begins.sound.position * 1000 <= BEGINNING_MS || clipOf(begins) !== before.clip;
        if (again) before.shown = show(session.key);
      },
      end({ sessions }) {
        if (!enough(shown.sessions, sessions, LEAST)) return null;
        const evidence = `${sessionsOf(shown.sessions, sessions)} go on with another clip, or with the same from its beginning after its end.`;
        return { sessions: shown.sessions, of: sessions, evidence, examples: shown.examples };
      },
    };
  },
});

/** What `take` does not see: the clip changes, or SeqNumbers stand twice. */
function isKept({ session, fired, course }: SeenSession): boolean {
  if (course?.playedAgain || !isSound(session)) return false;
  if (fired.has('clip-changed')) return changesBetweenPlays(session.events);
  return fired.has('seq-duplicate') && countsAnew(session.events);
}

/** Every change of clip stands between a Stop and a Start. */
function changesBetweenPlays(events: readonly SoundEvent[]): boolean {
  return events.every((event, i) => {
    const before = events[i - 1];
    if (!before || clipOf(before) === clipOf(event)) return true;
    return before.sound.type === 'Stop' && event.sound.type === 'Start';
  });
}

/** SeqNumber 1 stands there twice: both times a Start at the beginning, and a Stop in between. */
function countsAnew(events: readonly SoundEvent[]): boolean {
  const inTime = events.toSorted((a, b) => a.sound.timestamp - b.sound.timestamp);
  const starts = inTime.filter(
    ({ sound: { seqNumber, type, position } }) =>
      seqNumber === 1 && type === 'Start' && position * 1000 <= BEGINNING_MS,
  );
  const [one, other] = [starts[0]?.sound.timestamp, starts.at(-1)?.sound.timestamp];
  return inTime.some(
    ({ sound: { type, timestamp } }) => type === 'Stop' && timestamp > one! && timestamp <= other!,
  );
}

function clipOf(event: SessionEvent | undefined): string | null {
  return event?.clipId ? guidKey(event.clipId) : null;
}

function latest(events: readonly SessionEvent[]): number {
  return events.reduce((last, { sound }) => Math.max(last, sound?.timestamp ?? 0), 0);
}
