import type { Cause, CauseId } from '../domain/cause.js';
import type { RuleId } from '../domain/finding.js';
import type { Listening } from '../domain/listening.js';
import type { Session, SoundEvent } from '../domain/session.js';
import type { RuleSettings } from '../rules/define.js';
import type { Course } from './course.js';
import type { Overview } from './overview.js';

/** A session as causes see it. */
export interface SeenSession {
  readonly session: Session;
  /** The rules that fired for it, also those that are off; of bare events without those of single events. */
  readonly fired: ReadonlySet<RuleId>;
  /** How it went; null where that is not known: an event is broken, or a SeqNumber stands twice. To be looked at, not kept. */
  readonly course: Course | null;
  /** What was heard; null with `course`. */
  readonly listening: Listening<SoundEvent> | null;
}

/** What a cause rests on: where it shows, of how many, and the sentence that says so. */
export type Evidence = Pick<Cause, 'sessions' | 'of' | 'evidence' | 'examples'>;

/** Looks at the sessions of one input, in whatever order, in bounded memory. */
export interface CauseWatch {
  /** How a session went, of every one of which that is known; of those in request bodies the first that stands of it. */
  take?(course: Course): void;
  /**
   * A session in which a rule fired, or that is in an input of which each is looked at; after `take`. Sound sessions may not come: those of
   * requests come to `takeFirst` then. */
  look?(seen: SeenSession): void;
  /**
   * A session that stands in a request, of which `take` is all that is told, since no rule fired: what later requests hold may be compared
   * with it.
   */
  takeFirst?(course: Course, clipKey: string): void;
  /** What a later request holds of a session that stood in an earlier one with other events. */
  lookAtPart?(seen: SeenSession): void;
  /** After the last: the evidence, null where it is not clear. */
  end(overview: Overview): Evidence | null;
}

/** A cause that can be named. It is told where `threshold` is met, and on nothing else. */
export interface CauseKind extends Pick<Cause, 'title' | 'mend' | 'rules'> {
  readonly id: CauseId;
  /** What it sees in a session. */
  readonly sees: string;
  /** From how many sessions on it is told, and what else must hold. */
  readonly threshold: string;
  /** Causes that, where told, explain the same. */
  readonly unless?: readonly CauseId[];
  watch(settings: RuleSettings): CauseWatch;
}

/** Holds a cause to the contract. */
export function defineCause<const K extends CauseKind>(kind: K): K {
  return kind;
}

/** Whether so many sessions, and this share of all that could show it. */
export function enough(sessions: number, of: number, least: { sessions: number; share: number }): boolean {
  return sessions >= least.sessions && sessions >= least.share * of;
}
