import { EVENT_FLAG, EventBatch, type RawEvent } from '../domain/event-batch.js';
import type { RuleId } from '../domain/finding.js';
import { isEmptyWords } from '../domain/guid.js';
import type { Input, Place } from '../domain/place.js';
import { Session } from '../domain/session.js';
import { RULES } from '../rules/index.js';
import { FindingCollector } from '../validate/findings.js';
import type { InspectOptions } from '../validate/options.js';
import { inspectEvents, SessionInspector } from '../validate/session.js';
import { addEvent, eventValue, sessionKeyOf } from '../wire/event-columns.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';
import {
  type Change,
  type Fix,
  type FixEvent,
  type FixSettings,
  type Judged,
  positionRange,
  positionUnit,
  seqDuplicate,
  seqRange,
  sessionIdOf,
  sessionOpen,
  timestampUnit,
} from './fixes.js';
import { spellEvent } from './respelling.js';

/** The fixes of complete sessions, in the order in which they are tried. Each fix receives the result of the fixes before. */
const FIXES: readonly Fix[] = [
  seqDuplicate,
  seqRange,
  timestampUnit,
  positionRange,
  positionUnit,
  sessionOpen,
];

/** The result for a session that needed fixing. Valid until the next one. */
export interface Outcome {
  /** The session to write. */
  readonly session: Session;
  /** Events that cannot be written with it: they have no usable SessionId. */
  readonly strays: readonly PlacedEvent[];
  /** Empty if nothing was changed. */
  readonly changes: readonly Change[];
  /** If nothing was changed, the rules that would report something in the fixed session. */
  readonly kept: readonly RuleId[];
  /** Whether the session to write has an error. */
  readonly hasDataError: boolean;
}

/** Fixes one session after the other. */
export class SessionFixer {
  readonly #now: Judge;
  readonly #before: Judge;
  readonly #unfixedBuilder = new SessionBuilder();

  constructor(options: InspectOptions) {
    this.#now = new Judge(options);
    this.#before = new Judge(options);
  }

  /**
   * Fixes a session completely, or not at all. Leaves it unchanged if a fixed rule would still fire, or a new error or
   * warning would appear. A new `session-open` is accepted, because no fix causes it.
   * @returns Null if there is nothing to fix; `wait` if another session of the input can decide how to fix it.
   */
  fix(of: Session, settings: FixSettings): Outcome | 'wait' | null {
    const events = eventsOf(of);
    let now = this.#now.judge(events.map(asSpelled), of);
    let changes: readonly Change[] = events.flatMap(respellings);
    for (const each of FIXES) {
      const fixed = each.fix(now, settings);
      if (fixed === 'wait') return 'wait';
      if (!fixed) continue;
      changes = [...changes, ...fixed.changes];
      now = this.#now.judge(fixed.events, of);
    }
    if (changes.length === 0) return null;
    const fixed = new Set(changes.map(({ rule }) => rule));
    const doubtful = now.fired.all().filter((rule) => fixed.has(rule) || isDoubtful(rule));
    // The original events are judged only if a rule is doubtful, because this takes as long as the first judgement.
    const before = doubtful.length > 0 ? this.#before.judge(events.map(asRead), of) : null;
    const kept = doubtful.filter((rule) => fixed.has(rule) || !before?.fired.has(rule));
    if (before && kept.length > 0)
      return { ...this.#unfixed(events, of), changes: [], kept, hasDataError: hasDataErrorIn(before) };
    const strays = now.strays.map(({ fields, place }) => ({ value: fields, place }));
    return { session: now.session, strays, changes, kept: [], hasDataError: hasDataErrorIn(now) };
  }

  /** A session before its events were respelled. */
  #unfixed(events: readonly ReadEvent[], of: Session): Pick<Outcome, 'session' | 'strays'> {
    const builder = this.#unfixedBuilder;
    const placed = events.map(({ value, original, place }) => ({ value: original ?? value, place }));
    builder.take(placed, of.request === null);
    const [rows, strays]: [number[], PlacedEvent[]] = [[], []];
    for (const [row, event] of placed.entries()) {
      if (events[row]!.original !== undefined || !events[row]!.valid) builder.markInvalid(row);
      if (events[row]!.original !== undefined && sessionKeyOf(event.value) === null) strays.push(event);
      else rows.push(row);
    }
    return { session: builder.build(rows, of), strays };
  }
}

/** An event that was read, separate from its session. */
interface ReadEvent extends PlacedEvent {
  readonly source: string | undefined;
  readonly bare: boolean;
  readonly valid: boolean;
  readonly seqNumber: number | null;
}

function eventsOf(of: Session): readonly ReadEvent[] {
  return Array.from({ length: of.count }, (_, i) => ({
    value: eventValue(of, i),
    ...(of.isRaw(i) && { original: of.raw(i).original }),
    place: of.placeOf(i),
    source: of.sourceOf(i),
    bare: of.request === null,
    valid: of.isValid(i),
    seqNumber: of.seqNumberOf(i),
  }));
}

function hasDataErrorIn({ fired }: Judged): boolean {
  return fired.all().some((rule) => RULES[rule].severity === 'error');
}

/** Whether a new finding of the rule is a reason against the fix. */
function isDoubtful(rule: RuleId): boolean {
  return RULES[rule].severity !== 'info' && rule !== 'session-open';
}

function asRead(event: ReadEvent): FixEvent {
  const { place, original } = event;
  return { place, fields: isJsonObject(original) ? numbered(original, event) : fieldsOf(event) };
}

function asSpelled(event: ReadEvent): FixEvent {
  return { place: event.place, fields: fieldsOf(event) };
}

/** An event's JSON value, with the Source if the event itself has one. */
function fieldsOf(event: ReadEvent): JsonObject {
  const { value, source, bare } = event;
  if (!isJsonObject(value)) return {};
  const fields = numbered(value, event);
  return bare && source !== undefined && !Object.hasOwn(fields, 'Source')
    ? { ...fields, Source: source }
    : fields;
}

/** The value, with the SeqNumber that the program gave to an event without one. */
function numbered(fields: JsonObject, { seqNumber }: ReadEvent): JsonObject {
  const comesWith = Object.keys(fields).some((name) => name.toLowerCase() === 'seqnumber');
  return comesWith || seqNumber === null ? fields : { ...fields, SeqNumber: seqNumber };
}

function respellings({ original, place }: ReadEvent): Change[] {
  const spelled = original === undefined ? null : spellEvent(original);
  if (!spelled) return [];
  const sessionId = sessionIdOf(spelled.event);
  return spelled.changes.map((change) => ({ ...change, place, sessionId }));
}

/** Applies the event and session rules to events as they would be written. */
export class Judge {
  readonly #builder = new SessionBuilder();
  readonly #found: FindingCollector;
  readonly #sessions: SessionInspector;

  constructor(readonly options: InspectOptions) {
    const { diagnoses: _, ...rules } = options;
    this.#found = new FindingCollector(rules);
    this.#sessions = new SessionInspector(rules, this.#found);
  }

  judge(events: readonly FixEvent[], of: Session): Judged {
    const found = this.#found;
    found.clear();
    const placed = events.map(({ fields, place }) => ({ value: fields, place }));
    const batch = this.#builder.take(placed, of.request === null);
    inspectEvents(batch, 0, batch.count, of.request === null, (rule) => found.fired.add(rule), this.options);
    const [rows, strays]: [number[], FixEvent[]] = [[], []];
    for (const [row, event] of events.entries()) {
      if ((batch.flags[row]! & EVENT_FLAG.noSession) !== 0 || isEmptyWords(batch.ids, row * 12))
        strays.push(event);
      else rows.push(row);
    }
    const session = this.#builder.build(rows, of);
    if (rows.length > 0)
      this.#sessions.inspect({ session, occurrence: 'first', delivered: false, leaks: [] }, null);
    return { events, fired: found.fired, session, strays };
  }
}

/** An event as a JSON value, and where it was read. */
export interface PlacedEvent extends RawEvent {
  readonly place: Place;
}

/** Makes sessions from JSON values. The session object is reused for the next session. */
export class SessionBuilder {
  readonly batch = new EventBatch();
  readonly session = new Session();
  #events: readonly PlacedEvent[] = [];

  /** Replaces the events. @param bare Whether they are bare events. */
  take(events: readonly PlacedEvent[], bare: boolean): EventBatch {
    const { batch } = this;
    this.#events = events;
    batch.clear();
    for (const { value, original, place } of events) {
      const i = addEvent(batch, value, { bare, original });
      batch.lines[i] = place.line;
      batch.columns[i] = place.column;
    }
    return batch;
  }

  /** A session with some of the events of `take`. @param rows Their indexes among these events. */
  build(
    rows: readonly number[],
    { request, requestSource, clipDuration }: Pick<Session, 'request' | 'requestSource' | 'clipDuration'>,
  ): Session {
    const { batch, session } = this;
    const events = this.#events;
    const inputs: Input[] = [];
    session.begin(
      {
        raw: (row) => batch.raws.get(row)!,
        locate: (row) => events[row]!.place,
        pointer: (row) => events[row]!.place.pointer,
      },
      inputs,
      request,
      requestSource,
    );
    for (const row of rows) {
      const { input } = events[row]!.place;
      if (!inputs.includes(input)) inputs.push(input);
      session.add(batch, row, inputs.indexOf(input));
    }
    session.clipDuration = clipDuration;
    session.settle();
    return session;
  }

  /** Marks an event of `take` as invalid, so that session rules skip it. */
  markInvalid(row: number): void {
    this.batch.flags[row]! |= EVENT_FLAG.invalid;
  }
}
