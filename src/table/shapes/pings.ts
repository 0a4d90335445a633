import { UserError } from '../../domain/errors.js';
import { guidKey, isGuid } from '../../domain/guid.js';
import type { TextPosition } from '../../domain/place.js';
import { CellError, type CellFault, isCellFault, readable } from '../cell-values.js';
import { DistanceTally, medianOf } from '../medians.js';
import { factsOfPings } from '../plausibility/facts.js';
import { type Cells, needed, type RowCells } from '../row-cells.js';
import { type GroupedMoment, RowGroups } from '../row-groups.js';
import type { PingRow, TableInterval, TableSession } from '../rows.js';
import { addSessionEvents, durationMs, placeOfValue, type RowReader, type Table } from '../table.js';
import type { Shape } from './shape.js';

/** A row is one heartbeat of a running player. */
export const PINGS: Shape = {
  name: 'pings',
  row: 'one heartbeat of a running player',
  required: ['ClipId', 'Timestamp', 'Position'],
  optional: ['SessionId', 'OrganizationId', 'Source', 'ClipDuration'],
  example: [
    ['OrganizationId', 'ClipId', 'SessionId', 'Timestamp', 'Position'],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      '2018-10-23T04:58:44Z',
      '0',
    ],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      '2018-10-23T04:58:54Z',
      '10',
    ],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      '2018-10-23T04:59:04Z',
      '20',
    ],
  ],
  chosenWhen: 'only with `--shape pings`',
  fits: () => false,
  rowIsSession: false,
  reader: pingReader,
};

/**
 * Holds pings until all rows are read, so that sessions are complete and the usual distance of pings is known. Then
 * adds the events.
 */
function pingReader(table: Table): RowReader {
  const { cells, sessionKey, options, input } = table;
  const groups = new RowGroups(input, options.memory);
  return {
    add(row) {
      const read = readPingRow(cells, row.cells);
      if (isCellFault(read)) throw new CellError(read);
      const sessionId = needed(
        'SessionId',
        (sessionKey?.idOf(row.cells) ?? read.sessionId) || undefined,
        'a GUID',
      );
      const place = placeOfValue(table, row, 'Position');
      const moment = { positionMs: read.positionMs, timeMs: read.timestampMs, computed: false, place };
      if (!groups.add({ ...read, sessionId }, [moment])) addPings(table, [{ ...read, sessionId, place }], 0);
      return read.timestampMs;
    },
    *end() {
      const gapOf = options.gap === undefined ? learnedGaps(groups, input.name) : () => options.gap! * 1000;
      for (const moments of groups.sessions('first-appearance')) {
        const pings = pingsInOrder(moments.map(pingOf));
        addFacts(table, pings);
        addPings(table, pings, gapOf(pings));
        yield;
      }
      groups.close();
    },
  };
}

type PlacedPing = PingRow & { readonly place: TextPosition };

function pingOf({ positionMs, timeMs, ...row }: GroupedMoment): PlacedPing {
  return { ...row, positionMs, timestampMs: timeMs };
}

/** The longest gap within an interval for each session, by its own pings or those of the whole input. */
function learnedGaps(groups: RowGroups, file: string): (pings: readonly PingRow[]) => number {
  const gaps = new PingGaps();
  for (const moments of groups.sessions('any')) gaps.add(pingsInOrder(moments.map(pingOf)));
  let ofInput: number | undefined;
  return (pings) => {
    const own = ownGapMs(pings);
    if (own !== undefined) return own;
    ofInput ??= gaps.defaultMs(file);
    return ofInput;
  };
}

function addFacts(table: Table, pings: readonly PlacedPing[]): void {
  const { input, plausibility } = table;
  const { clip, clipDurationMs } = pings[0]!;
  const rows = pings.map((row) => ({
    row,
    place: { input, line: row.place.line, column: row.place.column, pointer: null, request: null },
  }));
  plausibility.addSession(factsOfPings(rows, durationMs(table, clip, clipDurationMs)));
}

function addPings(table: Table, pings: readonly PlacedPing[], gapMs: number): void {
  const placed = runsOfPings(pings, gapMs, table.cells.format.maxSpeed).map((run) => {
    const { organization, clip, sessionId, source, place } = run[0]!;
    const last = run.at(-1)!.place;
    return {
      interval: intervalOf(run),
      organization,
      clip,
      sessionId,
      source,
      start: { line: place.line, column: 1 },
      locate: (): TextPosition => last,
    };
  });
  addSessionEvents(table, placed, pings[0]?.clipDurationMs);
}

const DEFAULT_GAP_FACTOR = 2.5;
/** By how much a Position can be off: players round it, and read it a little later than the clock. */
const TOLERANCE_MS = 1000;

/** Reads a row of the shape `pings`, or returns which cell cannot be read. */
export function readPingRow(row: RowCells, cells: Cells): PingRow | CellFault {
  return readable(() => ({
    organization: row.organization(cells),
    clip: row.id(cells, 'ClipId'),
    sessionId: row.id(cells, 'SessionId'),
    source: row.source(cells),
    clipDurationMs: row.clipDurationMs(cells),
    positionMs: needed('Position', row.lengthMs(cells, 'Position'), 'a position'),
    timestampMs: needed('Timestamp', row.timeMs(cells, 'Timestamp'), 'a time'),
  }));
}

/** A session's pings in order of Timestamp, equal times by Position. */
export function pingsInOrder<P extends PingRow>(pings: readonly P[]): P[] {
  return pings.toSorted((a, b) => a.timestampMs - b.timestampMs || a.positionMs - b.positionMs);
}

/**
 * Measures the distance of pings over the whole input, for sessions with too few pings to measure their own. Uses
 * bounded memory.
 */
export class PingGaps {
  readonly #distances = new DistanceTally();

  /** Takes a session's pings in order. Sessions with fewer than three pings are not counted. */
  add(pings: readonly PingRow[]): void {
    if (pings.length < 3) return;
    for (const distance of distancesOf(pings)) this.#distances.add(distance);
  }

  /**
   * The gap of sessions with fewer than three pings, in milliseconds.
   * @throws UserError of kind `input` where no session of the input has three pings.
   */
  defaultMs(file: string): number {
    const median = this.#distances.median();
    if (median !== undefined) return DEFAULT_GAP_FACTOR * median;
    throw new UserError(
      'input',
      `${file}: no session has three pings, so the distance between pings is unknown`,
      'Name the longest gap within one interval, in seconds: --gap 30',
    );
  }
}

/**
 * The longest gap within an interval for a session without `--gap`, in milliseconds: 2.5 times the median distance of its pings;
 * undefined for fewer than three pings.
 */
export function ownGapMs(pings: readonly PingRow[]): number | undefined {
  if (pings.length < 3) return undefined;
  // Without a median, all pings have the same time, because the times lost digits. Rules report that.
  return DEFAULT_GAP_FACTOR * (medianOf(distancesOf(pings)) ?? 0);
}

/**
 * Makes one session of its pings: pings at most `gapMs` apart form an interval from the first to the last Position. A Position that moves
 * by more than the player can have played in between ends one interval and begins another. Nothing is added before the first or after
 * the last ping; a ping alone is an interval of no length.
 * @param pings in order (`pingsInOrder`); at least one
 */
export function sessionOfPings(pings: readonly PingRow[], gapMs: number, maxSpeed: number): TableSession {
  return {
    intervals: runsOfPings(pings, gapMs, maxSpeed).map(intervalOf),
    clipDurationMs: pings.find((ping) => ping.clipDurationMs !== undefined)?.clipDurationMs,
  };
}

/** The pings of each interval. Where an id or the Source changes, a new interval starts, so that rules see the change. */
function runsOfPings<P extends PingRow>(pings: readonly P[], gapMs: number, maxSpeed: number): P[][] {
  const runs: P[][] = [];
  for (const ping of pings) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && isOfSame(last, ping) && continuesInterval(last, ping, gapMs, maxSpeed)) run.push(ping);
    else runs.push([ping]);
  }
  return runs;
}

function isOfSame(a: PingRow, b: PingRow): boolean {
  return isSameId(a.clip, b.clip) && isSameId(a.organization, b.organization) && a.source === b.source;
}

/** GUIDs are the same in either letter case. */
function isSameId(a: string, b: string): boolean {
  return a === b || (isGuid(a) && guidKey(a) === guidKey(b));
}

function continuesInterval(earlier: PingRow, later: PingRow, gapMs: number, maxSpeed: number): boolean {
  const clockMs = later.timestampMs - earlier.timestampMs;
  const movedMs = later.positionMs - earlier.positionMs;
  // Playing never moves back, so a jump back ends the interval however much time passed.
  return clockMs <= gapMs && movedMs >= -TOLERANCE_MS && movedMs <= clockMs * maxSpeed + TOLERANCE_MS;
}

function intervalOf(run: readonly PingRow[]): TableInterval {
  const first = run[0]!;
  const last = run.at(-1)!;
  return {
    startPositionMs: first.positionMs,
    endPositionMs: Math.max(first.positionMs, last.positionMs),
    startedAtMs: first.timestampMs,
    endedAtMs: last.timestampMs,
    // A ping shows that the player plays, not that playback started or ended at this moment.
    startObserved: false,
    endObserved: false,
    derivedClock: false,
  };
}

/** The distances between pings in order. Pings at the same time are one ping that was sent twice, so they are not counted. */
function distancesOf(pings: readonly PingRow[]): number[] {
  return pings
    .slice(1)
    .map((ping, index) => ping.timestampMs - pings[index]!.timestampMs)
    .filter((distance) => distance > 0);
}
