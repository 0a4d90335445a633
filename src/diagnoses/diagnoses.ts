import { ID_WORDS } from '../domain/event-batch.js';
import type { Diagnosis, DiagnosisId } from '../domain/finding.js';
import { GuidCache } from '../domain/guid.js';
import type { Listening } from '../domain/listening.js';
import type { RepeatedExport } from '../domain/record.js';
import { Session } from '../domain/session.js';
import type { RuleSettings, SessionPart } from '../rules/define.js';
import { exportRepeated, sameListeningNewId, textHash } from './content.js';
import {
  type DiagnosisKind,
  type DiagnosisWatch,
  type FiredSet,
  type SeenSession,
  SessionProfile,
} from './define.js';
import { pausesNotReported, seeksNotReported } from './moves-not-reported.js';
import { listenerLeftOn, positionOfNextClip, sessionEndedByPause, stopInNextSession } from './neighbours.js';
import { counterNotReset, sessionIdKept } from './not-reset.js';
import { WholeInput } from './parts.js';
import {
  positionAsFraction,
  positionAsPercentage,
  positionInHours,
  positionInMinutes,
} from './position-as-share.js';
import {
  positionStuck,
  positionsInMilliseconds,
  stampsAtFlush,
  timestampsInMilliseconds,
} from './units-and-stamps.js';

/** Every diagnosis by its id, in the order of reports. */
export const DIAGNOSES: Readonly<Record<DiagnosisId, DiagnosisKind>> = {
  'stamps-at-flush': stampsAtFlush,
  'timestamps-in-milliseconds': timestampsInMilliseconds,
  'positions-in-milliseconds': positionsInMilliseconds,
  'position-in-minutes': positionInMinutes,
  'position-in-hours': positionInHours,
  'position-as-fraction': positionAsFraction,
  'position-as-percentage': positionAsPercentage,
  'position-stuck': positionStuck,
  'counter-not-reset': counterNotReset,
  'stop-in-next-session': stopInNextSession,
  'position-of-next-clip': positionOfNextClip,
  'listener-left-on': listenerLeftOn,
  'pauses-not-reported': pausesNotReported,
  'seeks-not-reported': seeksNotReported,
  'session-id-kept': sessionIdKept,
  'session-ended-by-pause': sessionEndedByPause,
  'same-listening-new-id': sameListeningNewId,
  'export-repeated': exportRepeated,
};

/** Finds the diagnoses of one input. The order of its sessions makes no difference. */
export class Diagnoses {
  readonly #watches: readonly (readonly [DiagnosisKind, DiagnosisWatch])[];
  readonly #looking: Looks<'look'>;
  readonly #lookingAtSplit: Looks<'lookAtSplit'>;
  readonly #input = new WholeInput();
  readonly #seen = new Seen();

  constructor(settings: RuleSettings) {
    this.#watches = Object.values(DIAGNOSES).map((kind) => [kind, kind.watch(settings)]);
    const numbered = this.#watches.map(([, watch], number) => [number, watch] as const);
    this.#looking = numbered.filter(([, watch]) => 'look' in watch) as Looks<'look'>;
    this.#lookingAtSplit = numbered.filter(([, watch]) => 'lookAtSplit' in watch) as Looks<'lookAtSplit'>;
  }

  /**
   * Looks at a session, or at the part of it that a request holds.
   * @param fired The rules that fired for it.
   */
  look({ session, occurrence }: Pick<SessionPart, 'session' | 'occurrence'>, fired: FiredSet): void {
    if (occurrence === 'resent') return;
    const seen = this.#seen;
    seen.begin(session, fired);
    if (occurrence === 'split') {
      for (const [number, watch] of this.#lookingAtSplit)
        if (watch.lookAtSplit(seen)) this.#input.mark(session, number);
      return;
    }
    let shows = 0;
    for (const [number, watch] of this.#looking) if (watch.look(seen)) shows |= 1 << number;
    this.#input.add(seen, shows);
  }

  /** Notes that rows of a table are repeated. */
  noteRepeatedExport(repeated: RepeatedExport): void {
    for (const [, watch] of this.#watches) watch.noteRepeatedExport?.(repeated);
  }

  /**
   * The diagnoses whose evidence is clear, each with its own severity. Can be called after the last session, or before it for
   * the sessions so far.
   */
  end(): readonly Diagnosis[] {
    const clear = new Map<DiagnosisId, Diagnosis>();
    for (const part of this.#input.parts()) {
      for (const [number, [kind, watch]] of this.#watches.entries()) {
        const { id, severity, title, mend, rules } = kind;
        const found = clear.has(id) ? null : watch.end(part.of(number));
        if (!found) continue;
        const { sessions, of, examples } = found;
        const evidence = `${part.words}${found.evidence}`;
        clear.set(id, { diagnosis: id, severity, title, sessions, of, evidence, mend, rules, examples });
      }
    }
    return Object.values(DIAGNOSES).flatMap(({ id, unless }) => {
      const diagnosis = clear.get(id);
      return diagnosis && !unless?.some((other) => clear.has(other)) ? [diagnosis] : [];
    });
  }
}

/** The watches that have a method, each with the number of its diagnosis. */
type Looks<Name extends 'look' | 'lookAtSplit'> = readonly (readonly [
  number,
  Required<Pick<DiagnosisWatch, Name>>,
])[];

/** The session that watches look at. One object is reused for all sessions. */
class Seen implements SeenSession {
  session = new Session();
  fired: FiredSet = new Set();
  listening: Listening | null = null;
  profile: SessionProfile | null = null;
  readonly #profile = new SessionProfile();
  readonly #clipHashes = new GuidCache(textHash);

  begin(session: Session, fired: FiredSet): void {
    this.session = session;
    this.fired = fired;
    this.listening = null;
    this.profile = null;
    if (!session.listening.known) return;
    this.listening = session.listening;
    this.profile = this.#profile;
    this.#profile.compute(session.listening);
  }

  get clipHash(): number {
    return this.#clipHashes.get(this.session.ids, ID_WORDS.clip);
  }
}
