import { EVENT_FLAG } from '../domain/event-batch.js';
import type { RuleId } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import { latestTimestamp } from '../rules/event/timestamp-future.js';
import type { Inspected } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
import type { JsonObject } from '../wire/json.js';
import { type PlacedEvent, SessionBuilder, SessionFixer } from './fix-session.js';
import type { Change, FixSettings } from './fixes.js';
import { asRead, hasRespelled, spellBody, spellEvent } from './respelling.js';

/** An item of a fixed input to write. Valid until the next item. */
export type FixedItem =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'stray'; readonly event: Session };

export interface FixerOptions extends InspectOptions {
  /** Whether to close sessions that end with a Start. */
  readonly closeOpen: boolean;
  readonly onChange: (change: Change) => void;
  /** A session with more events stays unchanged. */
  readonly mostEvents?: number;
}

/** Fixing a session holds all its events in memory as JSON values, several times: about 3 KB per event. */
export const MAX_FIXED_EVENTS = 50_000;

/** The rules whose findings can be fixed, with the text for one fix and for several. */
export const FIXED = {
  'request-shape': ['property of a body renamed', 'properties of bodies renamed'],
  'missing-field': ['field renamed', 'fields renamed'],
  'type-unknown': ['Type respelled', 'Types respelled'],
  'field-type': ['text turned into a number', 'texts turned into numbers'],
  'guid-format': ['id written in the documented form', 'ids written in the documented form'],
  'seq-duplicate': ['exact repeat dropped', 'exact repeats dropped'],
  'seq-range': ['SeqNumber counted from 1 instead of 0', 'SeqNumbers counted from 1 instead of 0'],
  'timestamp-unit': [
    'Timestamp turned from milliseconds into seconds',
    'Timestamps turned from milliseconds into seconds',
  ],
  'position-range': ['negative Position set to 0', 'negative Positions set to 0'],
  'position-unit': [
    'Position turned from milliseconds into seconds',
    'Positions turned from milliseconds into seconds',
  ],
  'session-open': [
    'Stop added where a session ended with a Start',
    'Stops added where sessions ended with a Start',
  ],
} as const satisfies Partial<Record<RuleId, readonly [one: string, several: string]>>;

/**
 * Fixes an input while it is read: `spelled` and `spelledBody` fix events and request bodies as they are read, `fix`
 * fixes inspected items, and `end` yields the session that was held back. Valid data is unchanged.
 */
export class Fixer {
  readonly #options: FixerOptions;
  readonly #sessions: SessionFixer;
  readonly #stray = new SessionBuilder();
  readonly #changed = new Map<RuleId, number>();
  readonly #keptFor = new Map<RuleId, number>();
  #milliseconds: FixSettings['milliseconds'] = 'unknown';
  /** The first session that seems to have Positions in milliseconds. It is held back until a second session confirms it. */
  #waiting: { readonly session: Session; readonly hasDataError: boolean } | null = null;
  #oneInMilliseconds = false;
  #sessionCount = 0;
  #kept = 0;
  #withErrors = 0;
  #tooLarge = 0;

  constructor(options: FixerOptions) {
    this.#options = options;
    this.#sessions = new SessionFixer(options);
  }

  /** How many faults were fixed, by the rule that found them. */
  get changed(): ReadonlyMap<RuleId, number> {
    return this.#changed;
  }

  /** How many sessions were fixed. */
  get sessions(): number {
    return this.#sessionCount;
  }

  /** How many sessions needed fixing but stay unchanged. */
  get kept(): number {
    return this.#kept;
  }

  /** The rules because of which sessions stay unchanged, each with the number of these sessions. */
  get keptFor(): ReadonlyMap<RuleId, number> {
    return this.#keptFor;
  }

  /** How many sessions stay unchanged because they have too many events. */
  get tooLarge(): number {
    return this.#tooLarge;
  }

  /** How many of the sessions that are written have errors. */
  get withErrors(): number {
    return this.#withErrors;
  }

  /** Writes an event's names and values in their documented form, so that the event can be assigned to its session. */
  spelled = (event: JsonObject): JsonObject => spellEvent(event)?.event ?? event;

  /** Whether `spelled` changes an event: then the original is kept, too. */
  isRespelled = (event: JsonObject): boolean => spellEvent(event) !== null;

  /** Writes a request body's property names in the documented letter case. */
  spelledBody = (body: JsonObject, place: Place): JsonObject => {
    const spelled = spellBody(body);
    for (const change of spelled?.changes ?? []) this.#log({ ...change, place, sessionId: null });
    return spelled?.body ?? body;
  };

  /** The items to write: bare events come in whole sessions. */
  *fix(inspected: Inspected): Generator<FixedItem> {
    if (inspected.kind === 'stray') yield* this.#fixStray(inspected.event);
    if (inspected.kind !== 'session') return;
    const { session, hasDataError } = inspected;
    if (this.#mayNeedFixing(session, hasDataError))
      yield* this.#fix(session, hasDataError, this.#options.closeOpen);
    else yield { kind: 'session', session };
  }

  /** Yields the session that was held back. */
  *end(): Generator<FixedItem> {
    this.#milliseconds = this.#milliseconds === 'shown' ? 'shown' : 'not-shown';
    if (this.#waiting) this.#oneInMilliseconds = true;
    yield* this.#release();
  }

  /** Whether exactly one session seems to have Positions in milliseconds. It was not fixed. */
  get oneInMilliseconds(): boolean {
    return this.#oneInMilliseconds;
  }

  #mayNeedFixing(session: Session, suspect: boolean): boolean {
    return suspect || (this.#options.closeOpen && endsWithStart(session)) || hasRespelled(session);
  }

  *#fix(session: Session, hasDataError: boolean, closeOpen: boolean): Generator<FixedItem> {
    if (this.#isTooLarge(session)) {
      this.#tooLarge += 1;
      if (hasDataError || hasRespelled(session)) this.#withErrors += 1;
      yield* asRead(session);
      return;
    }
    const settings = {
      latest: latestTimestamp(this.#options),
      closeOpen,
      clipDurations: this.#options.clipDurations,
      milliseconds: this.#milliseconds,
    };
    const outcome = this.#sessions.fix(session, settings);
    if (outcome === 'wait') {
      if (!this.#waiting) {
        this.#waiting = { session: session.copy(), hasDataError };
        return;
      }
      this.#milliseconds = 'shown';
      yield* this.#release();
      yield* this.#fix(session, hasDataError, closeOpen);
      return;
    }
    if (outcome?.hasDataError ?? hasDataError) this.#withErrors += 1;
    if (outcome === null) {
      yield { kind: 'session', session };
      return;
    }
    const { changes, kept, strays } = outcome;
    if (changes.length > 0) this.#sessionCount += 1;
    if (kept.length > 0) this.#kept += 1;
    for (const rule of kept) this.#keptFor.set(rule, (this.#keptFor.get(rule) ?? 0) + 1);
    for (const change of changes) this.#log(change);
    for (const stray of strays) yield { kind: 'stray', event: this.#alone(stray, session) };
    if (outcome.session.count > 0) yield { kind: 'session', session: outcome.session };
  }

  *#release(): Generator<FixedItem> {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) yield* this.#fix(waiting.session, waiting.hasDataError, this.#options.closeOpen);
  }

  #isTooLarge({ count }: Session): boolean {
    return count > (this.#options.mostEvents ?? MAX_FIXED_EVENTS);
  }

  *#fixStray(event: Session): Generator<FixedItem> {
    if (event.isRaw(0) && event.raw(0).original !== undefined) yield* this.#fix(event, false, false);
    else yield { kind: 'stray', event };
  }

  #alone(event: PlacedEvent, of: Session): Session {
    this.#stray.take([event], of.request === null);
    // Session rules must skip this event, because the columns do not hold its ids.
    this.#stray.markInvalid(0);
    return this.#stray.build([0], of);
  }

  #log(change: Change): void {
    this.#changed.set(change.rule, (this.#changed.get(change.rule) ?? 0) + 1);
    this.#options.onChange(change);
  }
}

function endsWithStart(session: Session): boolean {
  const flags = session.flags[session.count - 1]!;
  return (flags & (EVENT_FLAG.stop | EVENT_FLAG.noType)) === 0;
}
