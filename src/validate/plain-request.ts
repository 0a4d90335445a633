import { Course } from '../causes/course.js';
import { readGuid, sameGuid } from '../domain/guid-words.js';
import { toMs } from '../domain/listening.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, type PlainEvents, readPlainId } from '../domain/plain-events.js';
import type { PlainRequestRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { RequestUnderCheck, Standing } from '../rules/define.js';
import { ClipKeys } from './clip-keys.js';
import { plainFingerprint } from './fingerprint.js';
import { Found } from './found.js';
import { asInspected, type Inspected } from './inspected.js';
import type { InspectOptions } from './options.js';
import { PlainRequestEvents } from './plain-part.js';
import { isBelievable, isPlainWhole } from './plainly-played.js';
import { inspectPart } from './session.js';
import type { Traffic } from './traffic.js';
import { isWithin } from './within.js';

/*
 * The fast path for request bodies that a reader found sound: of their sessions, too, it only ever says "no rule finds anything here: so much
 * was played" or asks the general path; a test holds it to what that says. Without it everything is the same, and slower.
 */

/** Checks the sessions of requests that are sound otherwise. */
export class PlainRequests {
  readonly #course = new Course();
  readonly #clips = new ClipKeys();

  constructor(
    readonly options: InspectOptions,
    readonly traffic: Traffic,
  ) {}

  /** What inspection tells of a request. @param number Which request of the run it is, from 0. */
  take(record: PlainRequestRecord, number: number): Inspected[] {
    const { events, source } = record;
    const place = { ...record.place, request: number };
    const request = requestOf(record);
    const made = new PlainRequestEvents(record, place);
    const counted = { sessions: 0, events: 0, playedMs: 0 };
    const told: Inspected[] = [];
    let kept = 0;
    for (const [key, order] of sessionsOf(record)) {
      const standing = this.traffic.meetPrint(key, plainFingerprint(events, order));
      const playedMs = this.#playedMs(record, order, standing);
      if (playedMs >= 0 && this.#countsSound && this.options.within === undefined) {
        this.#tell(events, order);
        counted.sessions += 1;
        counted.events += order.length;
        counted.playedMs += playedMs;
        continue;
      }
      const its = order.map((i) => made.event(i));
      const session: Session = { key, events: its, request: number, source, clipDuration: undefined };
      if (!isWithin(session, this.options.within)) {
        told.push({ kind: 'kept-out', session, standing });
        kept += 1;
      } else if (playedMs >= 0 && !this.options.causes) told.push(soundSession(session, playedMs));
      else {
        const found = new Found(this.options);
        const part = { session, standing, delivered: false, leaks: [] };
        const inspected = inspectPart(part, found, (event) => made.placeOf(event), request);
        told.push(...asInspected(found.findings), { ...inspected, deliveredTo: undefined });
      }
    }
    // A request of kept-out sessions alone is kept out with them.
    if (kept > 0 && kept === told.length) return told;
    if (counted.sessions > 0) told.push({ kind: 'counted', ...counted, keptOut: 0 });
    return [{ kind: 'request', number }, ...told];
  }

  get #countsSound(): boolean {
    return this.options.countSound === true;
  }

  /** Milliseconds played in a session in which no rule finds anything; -1 where the general path is to be asked. */
  #playedMs({ events, from }: PlainRequestRecord, order: readonly number[], standing: Standing): number {
    const { options } = this;
    const count = order.length;
    if (standing !== 'first' || count % 2 === 1 || options.clipDurations.size > 0) return -1;
    const { ids, stops, positions, timestamps, seqNumbers } = events;
    const course = this.#course;
    course.begin(count);
    const clip = order[0]! * ID_WORDS_AN_EVENT + ID_WORDS.clip;
    const organization = from * ID_WORDS_AN_EVENT + ID_WORDS.organization;
    let [playedMs, fromMs, firstMs, beforeMs] = [0, 0, 0, Number.NEGATIVE_INFINITY];
    for (let n = 0; n < count; n += 1) {
      const i = order[n]!;
      const stop = n % 2 === 1;
      if (seqNumbers[i] !== n + 1 || (stops[i] === 1) !== stop) return -1;
      const at = i * ID_WORDS_AN_EVENT;
      if (!sameGuid(ids, at + ID_WORDS.clip, ids, clip)) return -1;
      if (!sameGuid(ids, at + ID_WORDS.organization, ids, organization)) return -1;
      const positionMs = toMs(positions[i]!);
      const timestampMs = toMs(timestamps[i]!);
      if (timestampMs < beforeMs) return -1;
      if (n === 0) firstMs = timestampMs;
      if (stop) {
        const audioMs = positionMs - fromMs;
        if (!isBelievable(audioMs, timestampMs - beforeMs, options.maxSpeed)) return -1;
        playedMs += audioMs;
      }
      course.take(stop, positionMs, timestampMs);
      fromMs = positionMs;
      beforeMs = timestampMs;
    }
    const plain = isPlainWhole(playedMs, beforeMs - firstMs) && playedMs >= toMs(options.minDuration);
    return plain ? playedMs : -1;
  }

  /** Tells the causes of the session whose course was taken last. */
  #tell({ ids }: PlainEvents, order: readonly number[]): void {
    const { causes } = this.options;
    if (!causes) return;
    const course = this.#course;
    const at = order[0]! * ID_WORDS_AN_EVENT;
    const clip = this.#clips.placeOf(ids, at + ID_WORDS.clip);
    course.clip = this.#clips.hash(clip);
    for (let word = 0; word < 4; word += 1) course.session[word] = ids[at + ID_WORDS.session + word]!;
    course.lowestSeq = 1;
    course.highestSeq = order.length;
    course.reckon();
    causes.take(course, this.#clips.key(clip));
  }
}

/** What is left to be known of a request that is sound itself. */
function requestOf({ events, from }: PlainRequestRecord): RequestUnderCheck {
  const organizationId = readPlainId(events, from, 'organization');
  return { value: null, body: null, organizationId, exchange: null, disabledAt: null, sessions: [] };
}

function soundSession(session: Session, playedMs: number): Inspected {
  return {
    kind: 'session',
    session,
    standing: 'first',
    invalid: false,
    unsound: false,
    playedSeconds: playedMs / 1000,
    deliveredTo: undefined,
  };
}

/** The sessions by their SessionIds in lower case: their events in order of SeqNumber. */
function sessionsOf({ events, from, to }: PlainRequestRecord): ReadonlyMap<string, number[]> {
  const { ids, seqNumbers } = events;
  const sessions = new Map<string, number[]>();
  const unsorted = new Set<number[]>();
  let its: number[] = [];
  for (let i = from; i < to; i += 1) {
    const at = i * ID_WORDS_AN_EVENT + ID_WORDS.session;
    if (i === from || !sameGuid(ids, at, ids, at - ID_WORDS_AN_EVENT)) {
      const key = readGuid(ids, at);
      its = sessions.get(key) ?? [];
      sessions.set(key, its);
    }
    if (its.length > 0 && seqNumbers[i]! < seqNumbers[its.at(-1)!]!) unsorted.add(its);
    its.push(i);
  }
  for (const each of unsorted) each.sort((a, b) => seqNumbers[a]! - seqNumbers[b]!);
  return sessions;
}
