import { ABSENT_FLAG, EVENT_FLAG } from '../domain/event-batch.js';
import { toMs } from '../domain/listening.js';
import type { Place } from '../domain/place.js';
import type { ListenLengths, RepeatedExport, TableFinding, TableJudge } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { ColumnName } from './columns.js';
import { factsOfEvents, type TimedEvent } from './plausibility/facts.js';
import { durationMs, placeOfCell, type SourceRow, type Table } from './table.js';

/** Judges a table by its rows; where they are single events, by the sessions that it is shown. */
export class RowsJudge implements TableJudge {
  /** The first row, at whose cells stands what is said of whole columns. */
  #first: SourceRow | undefined;

  constructor(
    private readonly table: Table,
    readonly asksForSessions: boolean,
  ) {}

  noteFirst(row: SourceRow): void {
    this.#first ??= row;
  }

  addSession(session: Session): void {
    const events: TimedEvent<Place>[] = [];
    for (let i = 0; i < session.count; i += 1) {
      if ((session.flags[i]! & EVENT_FLAG.invalid) !== 0) continue;
      events.push({
        type: session.isStop(i) ? 'Stop' : 'Start',
        positionMs: toMs(session.positions[i]!),
        timestampMs: toMs(session.timestamps[i]!),
        place: { input: this.table.input, line: session.lines[i]!, column: 1, pointer: null, request: null },
      });
    }
    if (events.length === 0) return;
    const { clipDuration } = session;
    const clip = (session.flags[0]! & ABSENT_FLAG.clip) === 0 ? session.idOf(0, 'clip')! : '';
    const ofRow = clipDuration === undefined ? undefined : clipDuration * 1000;
    this.table.plausibility.addSession(factsOfEvents(clip, events, durationMs(this.table, clip, ofRow)));
  }

  findings(): readonly TableFinding[] {
    return this.table.plausibility.findings().map(({ rule, column, place, expected, received, hint }) => ({
      rule,
      place: place ?? this.#placeOfColumn(column),
      expected,
      received,
      hint,
    }));
  }

  repeated(): RepeatedExport | undefined {
    return this.table.plausibility.repeated();
  }

  lengths(): ListenLengths | undefined {
    return this.table.plausibility.lengths();
  }

  rowsWithoutId(): number {
    return this.table.rowsWithoutId;
  }

  #placeOfColumn(column: ColumnName): Place {
    const { table } = this;
    if (this.#first) return placeOfCell(table, this.#first, column);
    return { input: table.input, line: 1, column: 1, pointer: null, request: null };
  }
}
