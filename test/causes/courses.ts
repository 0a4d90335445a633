import { Course } from '../../src/causes/course.js';
import type { SeenSession } from '../../src/causes/define.js';
import { Overview } from '../../src/causes/overview.js';
import type { RuleId } from '../../src/domain/finding.js';
import { writeGuid } from '../../src/domain/guid-words.js';

/** An event: Position and Timestamp in seconds. */
export interface Told {
  readonly type: 'Start' | 'Stop';
  readonly position: number;
  readonly timestamp: number;
}

/** The events of `Start 0 @5, Stop 12.5 @17`. */
export function told(text: string): readonly Told[] {
  return text.split(', ').map((event) => {
    const [, type, position, timestamp] = /^(Start|Stop) ([\d.]+) @([\d.]+)$/.exec(event) ?? [];
    return { type: type as Told['type'], position: Number(position), timestamp: Number(timestamp) };
  });
}

/** So many events, Starts and Stops by turns, each so many seconds after the other and further on. */
export function eventsApart(events: number, secondsApart: number): string {
  const each = (i: number) => `${i % 2 ? 'Stop' : 'Start'} ${i * secondsApart} @${i * secondsApart}`;
  return Array.from({ length: events }, (_, i) => each(i)).join(', ');
}

/** The key of the nth session of a test. */
export const keyOf = (n: number) => `a039f83d-1916-436b-a090-${n.toString(16).padStart(12, '0')}`;

/** A course with these events. */
export function courseOf(
  text: string,
  n = 0,
  given: Partial<Pick<Course, 'clip' | 'lowestSeq'>> = {},
): Course {
  const events = told(text);
  const course = new Course();
  course.begin(events.length);
  writeGuid(keyOf(n), course.session, 0);
  course.clip = given.clip ?? 1;
  course.lowestSeq = given.lowestSeq ?? 1;
  course.highestSeq = course.lowestSeq + events.length - 1;
  for (const { type, position, timestamp } of events) {
    course.take(type === 'Stop', position * 1000, timestamp * 1000);
  }
  course.reckon();
  return course;
}

/** A session for which a rule fired; of its events nothing is known. */
export function sessionWith(fired: RuleId, n: number, course: Course | null = null): SeenSession {
  const session = { key: keyOf(n), events: [], request: 0, source: undefined, clipDuration: undefined };
  return { session, fired: new Set([fired]), course, listening: null };
}

/** What an input holds. */
export function overviewOf(counts: Partial<Omit<Overview, 'add'>>): Overview {
  return Object.assign(new Overview(), counts);
}
