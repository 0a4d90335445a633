import type { ListeningEvent } from '../domain/event.js';
import { guidKey } from '../domain/guid.js';
import { writeGuid } from '../domain/guid-words.js';
import { toMs } from '../domain/listening.js';
import { isSound, type SessionEvent, type SoundEvent } from '../domain/session.js';
import { BEGINNING_MS, type Course, UNDERWAY_MS } from './course.js';
import { defineCause, enough, type SeenSession } from './define.js';
import { Shown } from './examples.js';
import { FirstParts, type Part } from './first-parts.js';
import { sessionsOf } from './sentence.js';

const LEAST = { sessions: 3, share: 0.01 } as const;

export const sessionIdKept = defineCause({
  id: 'session-id-kept',
  title: 'A SessionId is kept for more than one play',
  sees: 'one of: the ClipId changes, from a Stop to a Start; a Start in the first second of the clip 30 min or more after a Stop at the farthest Position, or before that Position is reached again; SeqNumber 1 again, with such a Start; two requests, one after the last Timestamp of the other and with such a Start, or another clip, as its first event. Before such a Start, 30 s of the clip or more are passed',
  threshold: '3 sessions, and 1 % of all',
  mend: 'Make a new SessionId for every play: when the clip changes, and when it is played again after its end.',
  rules: ['clip-changed', 'seq-duplicate', 'session-split'],
  watch() {
    const shown = new Shown();
    const words = new Uint32Array(4);
    // Most inputs hold no requests.
    let first: FirstParts | undefined;
    const remember = (key: Uint32Array, part: Part, isShown: boolean): void => {
      first ??= new FirstParts();
      first.add(key, part, isShown);
    };
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
        writeGuid(session.key, words, 0);
        remember(words, partOf(session.events), kept);
      },
      takeFirst(course, clipKey) {
        remember(course.session, partOfCourse(course, clipKey), course.playedAgain);
      },
      lookAtPart({ session }) {
        if (!first) return;
        writeGuid(session.key, words, 0);
        const place = first.find(words);
        if (place < 0) return;
        const [one, other] = [first.at(place), partOf(session.events)];
        if (!isAnotherPlay(other, one) && !isAnotherPlay(one, other)) return;
        shown.add(session.key);
        first.show(place);
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
  const inTime = session.events.toSorted((a, b) => a.sound.timestamp - b.sound.timestamp);
  if (fired.has('clip-changed')) return changesBetweenPlays(inTime);
  return fired.has('seq-duplicate') && countsAnew(inTime);
}

/** Every change of clip stands between a Stop and a Start. */
function changesBetweenPlays(inTime: readonly SoundEvent[]): boolean {
  return inTime.every((event, i) => {
    const before = inTime[i - 1];
    if (!before || clipOf(before) === clipOf(event)) return true;
    return before.sound.type === 'Stop' && event.sound.type === 'Start';
  });
}

/** SeqNumber 1 stands there twice: both times a Start at the beginning, and a Stop 30 s or more into the clip in between. */
function countsAnew(inTime: readonly SoundEvent[]): boolean {
  const starts = inTime.filter(
    ({ sound: { seqNumber, type, position } }) =>
      seqNumber === 1 && type === 'Start' && isAtBeginning({ position }),
  );
  const [one, other] = [starts[0]?.sound.timestamp, starts.at(-1)?.sound.timestamp];
  return inTime.some(
    ({ sound: { type, timestamp, position } }) =>
      type === 'Stop' && toMs(position) >= UNDERWAY_MS && timestamp > one! && timestamp <= other!,
  );
}

function clipOf(event: SessionEvent | undefined): string | null {
  return event?.clipId ? guidKey(event.clipId) : null;
}

function isAtBeginning({ position }: Pick<ListeningEvent, 'position'>): boolean {
  return toMs(position) <= BEGINNING_MS;
}

function partOf(events: readonly SessionEvent[]): Part {
  const sound = events.flatMap((event) => event.sound ?? []);
  const begins = sound[0];
  const beginsWithStart = begins?.type === 'Start' && events[0]?.sound === begins;
  return {
    clip: clipOf(events[0]),
    first: sound.reduce((first, { timestamp }) => Math.min(first, timestamp), Number.POSITIVE_INFINITY),
    last: sound.reduce((last, { timestamp }) => Math.max(last, timestamp), 0),
    beginsWithStart,
    beginsAtBeginning: beginsWithStart && isAtBeginning(begins),
    underway: sound.some(({ position }) => toMs(position) >= UNDERWAY_MS),
  };
}

/** The same of a session in which all is sound and nothing stands twice, its times in order. */
function partOfCourse(course: Course, clipKey: string): Part {
  const { firstMs, lastMs, beginsWithStart, farthestMs } = course;
  return {
    clip: clipKey,
    first: firstMs / 1000,
    last: lastMs / 1000,
    beginsWithStart,
    beginsAtBeginning: beginsWithStart && course.positionsMs[0]! <= BEGINNING_MS,
    underway: farthestMs >= UNDERWAY_MS,
  };
}

/** Whether a part is of a play after another. */
function isAnotherPlay(later: Part, earlier: Part): boolean {
  if (!later.beginsWithStart || later.first <= earlier.last || earlier.last === 0) return false;
  return (
    (later.beginsAtBeginning && earlier.underway) || (later.clip !== earlier.clip && earlier.clip !== null)
  );
}
