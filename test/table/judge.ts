import { toMs } from '../../src/domain/listening.js';
import { type CellFault, EventTypes, isCellFault, Nulls } from '../../src/table/cell-values.js';
import { findColumns } from '../../src/table/columns.js';
import { unitsInForce } from '../../src/table/headers.js';
import type { ExportRepeated } from '../../src/table/plausibility/export-repeated.js';
import {
  factsOfEvents,
  factsOfIntervals,
  factsOfPings,
  factsOfSessionRow,
  type SessionFacts,
} from '../../src/table/plausibility/facts.js';
import { Plausibility, type PlausibilityFinding } from '../../src/table/plausibility/plausibility.js';
import { RowCells } from '../../src/table/row-cells.js';
import { readEventRow } from '../../src/table/shapes/events.js';
import { readIntervalRow } from '../../src/table/shapes/intervals.js';
import { pingsInOrder, readPingRow } from '../../src/table/shapes/pings.js';
import { readSessionRow } from '../../src/table/shapes/sessions.js';
import type { SimulatedTable } from './simulated-tables.js';

const types = new EventTypes();

export interface Judgement {
  readonly findings: readonly PlausibilityFinding<number>[];
  readonly repeated: ExportRepeated | undefined;
  readonly unreadable: number;
}

/** Reads a whole table in memory and judges it: what the commands do row by row. Lines count from 2. */
export function judge({ kind, header, rows }: SimulatedTable): Judgement {
  const columns = findColumns(header, new Map(), 'table.csv');
  const units = unitsInForce(columns, header, {}, 'table.csv');
  const row = new RowCells({
    columns,
    units,
    nulls: new Nulls(),
    commaAllowed: false,
    maxSpeed: 4,
  });
  const plausibility = new Plausibility<number>({ columns, units, maxSpeed: 4 });
  const groups = new Map<string, (readonly string[])[]>();
  let unreadable = 0;
  rows.forEach((cells, index) => {
    const session = columns.has('SessionId') ? row.id(cells, 'SessionId') : String(index);
    const group = groups.get(session);
    if (group) group.push(cells);
    else groups.set(session, [cells]);
    const started = columns.has('StartedAt')
      ? row.timeMs(cells, 'StartedAt')
      : row.timeMs(cells, 'Timestamp');
    plausibility.addRow(cells, started, index + 2, () => index + 2);
  });
  for (const group of groups.values()) {
    const facts = factsOf(kind, row, group);
    if (facts) plausibility.addSession(facts);
    else unreadable += 1;
  }
  return { findings: plausibility.findings(), repeated: plausibility.repeated(), unreadable };
}

function factsOf(
  kind: SimulatedTable['kind'],
  row: RowCells,
  group: readonly (readonly string[])[],
): SessionFacts<number> | undefined {
  switch (kind) {
    case 'sessions':
    case 'segments': {
      const session = readSessionRow(row, group[0]!);
      return isCellFault(session) ? undefined : factsOfSessionRow(session, 0);
    }
    case 'intervals': {
      const read = whole(group.map((cells) => readIntervalRow(row, cells)));
      return factsOfIntervals(read.map((one) => ({ row: one, place: 0 })));
    }
    case 'pings': {
      const read = whole(group.map((cells) => readPingRow(row, cells)));
      return factsOfPings(pingsInOrder(read).map((one) => ({ row: one, place: 0 })));
    }
    case 'events': {
      const read = whole(group.map((cells) => readEventRow(row, cells, types)));
      const events = read.flatMap(({ value }) => {
        const { Type: type, Position: position, Timestamp: timestamp } = value;
        if (typeof position !== 'number' || typeof timestamp !== 'number') return [];
        return [{ stop: type === 'Stop', positionMs: toMs(position), timestampMs: toMs(timestamp) }];
      });
      events.sort((a, b) => a.timestampMs - b.timestampMs || Number(b.stop) - Number(a.stop));
      const timed = {
        count: events.length,
        isStop: (i: number) => events[i]!.stop,
        positionMs: (i: number) => events[i]!.positionMs,
        timestampMs: (i: number) => events[i]!.timestampMs,
        placeOf: () => 0,
      };
      return factsOfEvents('clip', timed, read[0]?.clipDurationMs);
    }
  }
}

/** The rows that could be read: in these tests all of them. */
function whole<T extends object>(rows: readonly (T | CellFault)[]): T[] {
  return rows.flatMap((row) => {
    if (isCellFault(row)) throw new Error(`${row.column}: ${row.expected}, received ${row.received}`);
    return [row];
  });
}
