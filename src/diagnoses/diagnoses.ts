import type { Diagnosis, DiagnosisId } from '../domain/diagnosis.js';
import { ID_WORDS } from '../domain/event-batch.js';
import { GuidCache } from '../domain/guid.js';
import type { Listening } from '../domain/listening.js';
import type { RepeatedExport } from '../domain/record.js';
import { Session } from '../domain/session.js';
import type { RuleSettings, SessionPart } from '../rules/define.js';
import { textHash } from './content.js';
import { counterNotReset } from './counter-not-reset.js';
import {
  type DiagnosisKind,
  type DiagnosisWatch,
  type FiredSet,
  Overview,
  type SeenSession,
  SessionProfile,
} from './define.js';
import { exportRepeated } from './export-repeated.js';
import { listenerLeftOn } from './listener-left-on.js';
import { pausesNotReported } from './pauses-not-reported.js';
import { positionAsFraction, positionAsPercentage } from './position-as-share.js';
import { positionStuck } from './position-stuck.js';
import { positionsInMilliseconds } from './positions-in-milliseconds.js';
import { sameListeningNewId } from './same-listening-new-id.js';
import { seeksNotReported } from './seeks-not-reported.js';
import { sessionIdKept } from './session-id-kept.js';
import { stampsAtFlush } from './stamps-at-flush.js';
import { timestampsInMilliseconds } from './timestamps-in-milliseconds.js';

/** Every diagnosis by its id, in the order in which they are told. */
export const DIAGNOSES: Readonly<Record<DiagnosisId, DiagnosisKind>> = {
  'stamps-at-flush': stampsAtFlush,
  'timestamps-in-milliseconds': timestampsInMilliseconds,
  'positions-in-milliseconds': positionsInMilliseconds,
  'position-as-fraction': positionAsFraction,
  'position-as-percentage': positionAsPercentage,
  'position-stuck': positionStuck,
  'counter-not-reset': counterNotReset,
  'listener-left-on': listenerLeftOn,
  'pauses-not-reported': pausesNotReported,
  'seeks-not-reported': seeksNotReported,
  'session-id-kept': sessionIdKept,
  'same-listening-new-id': sameListeningNewId,
  'export-repeated': exportRepeated,
};

/** Names the player's bugs behind what is seen in the sessions of one input, in whatever order they come. */
export class Diagnoses {
  readonly #watches: readonly (readonly [DiagnosisKind, DiagnosisWatch])[];
  readonly #looking: readonly Looks<'look'>[];
  readonly #lookingAtSplit: readonly Looks<'lookAtSplit'>[];
  readonly #overview = new Overview();
  readonly #seen = new Seen();

  constructor(settings: RuleSettings) {
    this.#watches = Object.values(DIAGNOSES).map((kind) => [kind, kind.watch(settings)]);
    const watches = this.#watches.map(([, watch]) => watch);
    this.#looking = watches.filter((watch) => watch.look !== undefined) as Looks<'look'>[];
    this.#lookingAtSplit = watches.filter(
      (watch) => watch.lookAtSplit !== undefined,
    ) as Looks<'lookAtSplit'>[];
  }

  /**
   * Looks at a session, or at what a request holds of it.
   * @param fired The rules that fired for it.
   */
  look({ session, occurrence }: Pick<SessionPart, 'session' | 'occurrence'>, fired: FiredSet): void {
    if (occurrence === 'resent') return;
    const seen = this.#seen;
    seen.begin(session, fired);
    if (occurrence === 'split') {
      for (const watch of this.#lookingAtSplit) watch.lookAtSplit(seen);
      return;
    }
    this.#overview.add(seen);
    for (const watch of this.#looking) watch.look(seen);
  }

  /** Notes that rows of a table stand twice. */
  noteRepeatedExport(repeated: RepeatedExport): void {
    for (const [, watch] of this.#watches) watch.noteRepeatedExport?.(repeated);
  }

  /** After the last session: the diagnoses whose evidence is clear. */
  end(): readonly Diagnosis[] {
    const clear = new Map<DiagnosisId, Diagnosis>();
    for (const [{ id, title, mend, rules }, watch] of this.#watches) {
      const found = watch.end(this.#overview);
      if (!found) continue;
      const { sessions, of, evidence, examples } = found;
      clear.set(id, { diagnosis: id, title, sessions, of, evidence, mend, rules, examples });
    }
    return [...clear.values()].filter(
      ({ diagnosis }) => !DIAGNOSES[diagnosis].unless?.some((other) => clear.has(other)),
    );
  }
}

type Looks<Name extends 'look' | 'lookAtSplit'> = Required<Pick<DiagnosisWatch, Name>>;

/** The session that is being looked at. One is used again and again. */
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
