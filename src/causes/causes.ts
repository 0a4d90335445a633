import type { Cause, CauseId } from '../domain/cause.js';
import type { RuleId } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import { writeGuid } from '../domain/guid-words.js';
import type { Listening } from '../domain/listening.js';
import type { Session, SoundEvent } from '../domain/session.js';
import type { RequestSession, RuleSettings } from '../rules/define.js';
import { textHash } from './content-hash.js';
import { Course } from './course.js';
import type { CauseKind, CauseWatch, SeenSession } from './define.js';
import { CAUSES } from './index.js';
import { Overview } from './overview.js';

/** Names the player's bugs behind what is seen in the sessions of one input, in whatever order they come. */
export class Causes {
  readonly #watches: readonly (readonly [CauseKind, CauseWatch])[];
  readonly #taking: readonly CauseWatch[];
  readonly #comparing: readonly CauseWatch[];
  readonly #overview = new Overview();
  readonly #course = new Course();

  constructor(settings: RuleSettings) {
    this.#watches = Object.values(CAUSES).map((kind) => [kind, kind.watch(settings)]);
    const watches = this.#watches.map(([, watch]) => watch);
    this.#taking = watches.filter((watch) => 'take' in watch);
    this.#comparing = watches.filter((watch) => 'takeFirst' in watch);
  }

  /**
   * Looks at a session, or at what a request holds of it.
   * @param fired The rules that fired for it.
   * @param listening What was heard; null where that is not known.
   */
  look(
    { session, standing }: Pick<RequestSession, 'session' | 'standing'>,
    fired: ReadonlySet<RuleId>,
    listening: Listening<SoundEvent> | null,
  ): void {
    if (standing === 'resent') return;
    const course = listening && this.#courseOf(session, listening);
    const seen: SeenSession = { session, fired, course, listening };
    if (standing === 'split') {
      for (const [, watch] of this.#watches) watch.lookAtPart?.(seen);
      return;
    }
    this.#overview.add(course, fired.has('playback-too-fast'));
    if (course) for (const watch of this.#taking) watch.take?.(course);
    for (const [, watch] of this.#watches) watch.look?.(seen);
  }

  /**
   * Takes a session in which no rule fired by its course alone: `look` need not see it.
   * @param clipKey Where it stands in a request: its ClipId in lower case.
   */
  take(course: Course, clipKey?: string): void {
    this.#overview.add(course, false);
    for (const watch of this.#taking) watch.take?.(course);
    if (clipKey === undefined) return;
    for (const watch of this.#comparing) watch.takeFirst?.(course, clipKey);
  }

  /** After the last session: the causes whose evidence is clear. */
  end(): readonly Cause[] {
    const clear = new Map<CauseId, Cause>();
    for (const [{ id, title, mend, rules }, watch] of this.#watches) {
      const found = watch.end(this.#overview);
      if (!found) continue;
      const { sessions, of, evidence, examples } = found;
      clear.set(id, { cause: id, title, sessions, of, evidence, mend, rules, examples });
    }
    return [...clear.values()].filter(
      ({ cause }) => !CAUSES[cause].unless?.some((other) => clear.has(other)),
    );
  }

  #courseOf(session: Session, { kept }: Listening<SoundEvent>): Course {
    const course = this.#course;
    const [first, last] = [session.events[0], session.events.at(-1)];
    course.begin(kept.length);
    course.clip = textHash(guidKey(first?.clipId ?? ''));
    writeGuid(session.key, course.session, 0);
    course.lowestSeq = first?.seqNumber ?? 0;
    course.highestSeq = last?.seqNumber ?? 0;
    for (const { type, positionMs, timestampMs } of kept)
      course.take(type === 'Stop', positionMs, timestampMs);
    course.reckon();
    return course;
  }
}
