import { EVENT_FLAG, EventBatch, ID_FIELDS, type IdName, property } from '../domain/event-batch.js';
import { toMs } from '../domain/listening.js';
import type { Input, TextPosition } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import { SessionGroups } from '../sessions/groups.js';
import type { MemoryBudget } from '../sessions/memory.js';
import { addEvent } from '../wire/event-columns.js';
import { eventOfRow, type StatedOfSession } from './table.js';

const EVENTS_PER_BATCH = 1024;
const BARE = { bare: true };

/** What a row states about its session. */
export interface GroupedRow extends StatedOfSession {
  readonly clipDurationMs: number | undefined;
}

/** A position and the time at which it was played, in milliseconds. */
export interface Moment {
  readonly positionMs: number;
  readonly timeMs: number;
  /** Whether the time was computed instead of read from the row. */
  readonly computed: boolean;
  /** Where the row has the position. */
  readonly place: TextPosition;
}

/** A moment of a session, with what its row states about the session. */
export type GroupedMoment = Moment & GroupedRow;

/**
 * Holds rows until their sessions are complete, in input order: in memory up to a budget, then on disk. A row is held
 * as events of one SeqNumber, which real events never have.
 */
export class RowGroups {
  readonly #groups: SessionGroups;
  readonly #batch = new EventBatch();

  constructor(
    private readonly input: Input,
    budget?: MemoryBudget,
  ) {
    this.#groups = new SessionGroups(budget);
  }

  /** Adds the moments of a row. @returns false where the row has no usable SessionId, so that it belongs to no session. */
  add(row: GroupedRow, moments: readonly Moment[]): boolean {
    const batch = this.#batch;
    const { clipDurationMs } = row;
    const before = batch.count;
    for (const { positionMs, timeMs, computed, place } of moments) {
      const event = eventOfRow(row, 'Start', positionMs / 1000, 1, timeMs / 1000);
      const i = addEvent(batch, event, BARE);
      batch.lines[i] = place.line;
      batch.columns[i] = place.column;
      if (computed) batch.flags[i]! |= EVENT_FLAG.derivedClock;
      if (clipDurationMs !== undefined) batch.setDuration(i, clipDurationMs / 1000);
    }
    if ((batch.flags[before]! & EVENT_FLAG.noSession) !== 0) {
      batch.count = before;
      for (let i = before; i < before + moments.length; i += 1) batch.raws.delete(i);
      return false;
    }
    if (batch.count >= EVENTS_PER_BATCH) this.#flush();
    return true;
  }

  /** The moments of each session, in the order of the input. Can be called several times. */
  *sessions(order: 'first-appearance' | 'any'): Generator<readonly GroupedMoment[]> {
    this.#flush();
    for (const session of this.#groups.sessions(order)) yield momentsOf(session);
  }

  /** Deletes temporary files. */
  close(): void {
    this.#groups.close();
  }

  #flush(): void {
    const { input } = this;
    const events = this.#batch;
    if (events.count > 0)
      this.#groups.add({ kind: 'events', input, pointers: false, events, from: 0, to: events.count });
    events.clear();
  }
}

function momentsOf(session: Session): readonly GroupedMoment[] {
  const { clipDuration } = session;
  return Array.from({ length: session.count }, (_, i) => ({
    organization: idOf(session, i, 'organization'),
    clip: idOf(session, i, 'clip'),
    sessionId: idOf(session, i, 'session'),
    source: session.sourceOf(i),
    clipDurationMs: clipDuration === undefined ? undefined : clipDuration * 1000,
    positionMs: toMs(session.positions[i]!),
    timeMs: toMs(session.timestamps[i]!),
    computed: (session.flags[i]! & EVENT_FLAG.derivedClock) !== 0,
    place: { line: session.lines[i]!, column: session.columns[i]! },
  }));
}

/** An id as its row has it, even if it is not a GUID. */
function idOf(session: Session, i: number, name: IdName): string {
  const id = session.idOf(i, name);
  if (id !== null) return id;
  const written = session.isRaw(i) ? property(session.raw(i).value, ID_FIELDS[name]) : undefined;
  return typeof written === 'string' ? written : '';
}
