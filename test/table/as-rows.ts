import type { ShapeName } from '../../src/read/table-options.js';
import { wireOf } from '../../src/simulate/listener.js';
import { type SimulateOptions, simulate } from '../../src/simulate/simulate.js';
import type { WireEvent } from '../../src/wire/event.js';

/** A session, as its events: Start and Stop by turns. */
export type SessionEvents = readonly WireEvent[];
export type Row = Readonly<Record<string, string | number>>;

/** Valid sessions. */
export function simulatedSessions(options: SimulateOptions): readonly SessionEvents[] {
  return Array.from(simulate(options), ({ events }) => events.map(({ played }) => wireOf(played!)));
}

/** Seconds between two pings. */
export const PING_SECONDS = 10;

/** Sessions as the rows of a shape, in which nothing is lost but what lies between pings. */
export function rowsOf(shape: ShapeName, sessions: readonly SessionEvents[]): readonly Row[] {
  return sessions.flatMap(ROWS[shape]);
}

const ids = ({ OrganizationId, ClipId, SessionId }: WireEvent) => ({ OrganizationId, ClipId, SessionId });

const ROWS: Readonly<Record<ShapeName, (events: SessionEvents) => readonly Row[]>> = {
  events: (events) => events.map((event) => ({ ...event })),
  sessions: (events) => [
    {
      ...ids(events[0]!),
      StartedAt: events[0]!.Timestamp,
      Segments: intervalsOf(events)
        .map(([start, stop]) => `${start.Position}-${stop.Position}@${start.Timestamp}/${stop.Timestamp}`)
        .join(';'),
    },
  ],
  intervals: (events) =>
    intervalsOf(events).map(([start, stop]) => ({
      ...ids(stop),
      StartedAt: start.Timestamp,
      EndedAt: stop.Timestamp,
      StartPosition: start.Position,
      EndPosition: stop.Position,
    })),
  pings: (events) => intervalsOf(events).flatMap(([start, stop]) => pingsOf(start, stop)),
};

/** Each Start with the Stop that follows it. */
export function intervalsOf(
  events: SessionEvents,
): readonly (readonly [start: WireEvent, stop: WireEvent])[] {
  return events.flatMap((stop, n) => (n % 2 === 0 ? [] : [[events[n - 1]!, stop] as const]));
}

/** A ping as playback begins, and one each period after it. */
function pingsOf(start: WireEvent, stop: WireEvent): readonly Row[] {
  const clock = stop.Timestamp - start.Timestamp;
  const audio = stop.Position - start.Position;
  return Array.from({ length: Math.floor(clock / PING_SECONDS) + 1 }, (_, k) => ({
    ...ids(start),
    Timestamp: start.Timestamp + k * PING_SECONDS,
    Position:
      Math.round((start.Position + (clock === 0 ? 0 : (audio * k * PING_SECONDS) / clock)) * 1000) / 1000,
  }));
}

/** Rows as the text of a file. */
export function textOf(rows: readonly Row[], format: 'csv' | 'ndjson'): string {
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const header = Object.keys(rows[0]!);
  return [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))]
    .map((cells) => `${cells.map(cellOf).join(',')}\n`)
    .join('');
}

function cellOf(value: string | number): string {
  const text = String(value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same in another order, the same each time. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item, i) => [Math.imul(i + 1, 0x9e3779b1) >>> 0, item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}
