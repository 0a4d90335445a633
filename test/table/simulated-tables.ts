import { Draw } from './draw.js';
import { KINDS, type Played, play } from './listeners.js';

export const TABLE_KINDS = ['sessions', 'segments', 'intervals', 'pings', 'events'] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

/** A table as a warehouse might export it. */
export interface SimulatedTable {
  readonly kind: TableKind;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly sessions: number;
}

export interface TableSettings {
  readonly kind?: TableKind;
  readonly endTimes?: boolean;
  readonly durations?: boolean;
  /** How many sessions at least, and about at most. */
  readonly sessions?: readonly [least: number, most: number];
}

interface Clip {
  readonly id: string;
  readonly duration: number;
}

const GENRES: readonly (readonly [name: readonly [number, number], weight: number])[] = [
  [[20, 60], 1],
  [[60, 600], 2],
  [[900, 5400], 6],
  [[5400, 14_400], 2],
  [[14_400, 93_600], 1],
];

/** Most listening is of these kinds; whoever comes back after hours or days is rarer. */
const WEIGHTS: Readonly<Record<string, number>> = {
  complete: 6,
  dropOff: 3,
  pausesSeconds: 3,
  pausesMinutes: 3,
  rewinder: 2,
  skipper: 2,
  pausesHours: 0.3,
  pausesDays: 0.2,
  commuter: 0.3,
};

/** A valid table: clips of 20 s to 26 h, listeners of 26 kinds in a mix of its own, times and numbers in forms of its own. */
export function simulatedTable(seed: number, settings: TableSettings = {}): SimulatedTable {
  const draw = new Draw(seed);
  const kind = settings.kind ?? draw.pick(TABLE_KINDS);
  const [least, most] = settings.sessions ?? [5, draw.chance(0.05) ? 3000 : 200];
  // A session has many pings.
  const scale = kind === 'pings' ? Math.max(least, most / 5) : most;
  const sessions = Math.floor(least * (scale / least) ** draw.next());
  const clips = catalogue(draw);
  const mix = Object.keys(KINDS).map(
    (name) => [name, (WEIGHTS[name] ?? 1) * (draw.next() ** 3 + 0.05)] as const,
  );
  const format = formatOf(draw);
  const endTimes = settings.endTimes ?? draw.chance(0.5);
  const durations = settings.durations ?? draw.chance(0.5);
  const from = 1_735_000_000 + draw.whole(0, 30_000_000);
  const period = draw.pick([3600, 86_400, 7 * 86_400, 30 * 86_400]);
  const idsInRows = kind !== 'sessions' || draw.chance(0.5);
  const table: string[][] = [];
  for (let session = 0; session < sessions; session += 1) {
    const clip = clips[Math.min(clips.length - 1, Math.floor(draw.next() ** 2 * clips.length))]!;
    const startedAt = from + draw.between(0, period);
    const played = play(draw.weighted(mix), clip.duration, startedAt, draw);
    const shared = [clip.id, ...(idsInRows ? [draw.guid()] : [])];
    const duration = durations ? [format.length(clip.duration)] : [];
    for (const cells of rowsOf(kind, played, format, endTimes, draw))
      table.push([...shared, ...cells, ...duration]);
  }
  if (draw.chance(0.5)) shuffle(table, draw);
  const header = [
    'ClipId',
    ...(idsInRows ? ['SessionId'] : []),
    ...HEADERS[kind],
    ...(endTimes && kind !== 'pings' && kind !== 'events' && kind !== 'segments' ? ['EndedAt'] : []),
    ...(durations ? ['ClipDuration'] : []),
  ];
  return { kind, header, rows: table, sessions };
}

const HEADERS: Readonly<Record<TableKind, readonly string[]>> = {
  sessions: ['StartedAt', 'ListenedSeconds'],
  segments: ['StartedAt', 'Segments'],
  intervals: ['StartedAt', 'StartPosition', 'EndPosition'],
  pings: ['Timestamp', 'Position'],
  events: ['Timestamp', 'Type', 'Position'],
};

interface Format {
  readonly time: (seconds: number) => string;
  readonly length: (seconds: number) => string;
}

function formatOf(draw: Draw): Format {
  const decimals = draw.pick([0, 1, 3]);
  const time = draw.pick<Format['time']>([
    (seconds) => String(Math.floor(seconds)),
    (seconds) => new Date(Math.floor(seconds) * 1000).toISOString(),
    (seconds) => new Date(Math.floor(seconds * 1000)).toISOString(),
    (seconds) => `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
  ]);
  return { time, length: (seconds) => seconds.toFixed(decimals) };
}

function rowsOf(
  kind: TableKind,
  played: readonly Played[],
  format: Format,
  endTimes: boolean,
  draw: Draw,
): string[][] {
  const { time, length } = format;
  const first = played[0]!;
  const last = played.at(-1)!;
  switch (kind) {
    case 'sessions': {
      const listened = played.reduce((sum, { from, to }) => sum + to - from, 0);
      return [[time(first.began), length(listened), ...(endTimes ? [time(last.ended)] : [])]];
    }
    case 'segments': {
      const items = played.map(
        ({ from, to, began, ended }) =>
          `${length(from)}-${length(to)}${endTimes ? `@${time(began)}/${time(ended)}` : ''}`,
      );
      return [[time(first.began), items.join(';')]];
    }
    case 'intervals':
      return played.map(({ from, to, began, ended }) => [
        time(began),
        length(from),
        length(to),
        ...(endTimes ? [time(ended)] : []),
      ]);
    case 'events':
      return played.flatMap(({ from, to, began, ended }) => [
        [time(began), 'Start', length(from)],
        [time(ended), 'Stop', length(to)],
      ]);
    case 'pings': {
      const every = draw.pick([5, 10, 30, 60]);
      return played
        .flatMap((stretch) => pingsOf(stretch, every))
        .map(([at, position]) => [time(at), length(position)]);
    }
  }
}

/** At most 40 pings of a stretch, so that tables stay small. */
function pingsOf({ from, to, began, ended }: Played, every: number): (readonly [number, number])[] {
  const pings: (readonly [number, number])[] = [];
  for (let at = began; at < ended && pings.length < 40; at += every) {
    pings.push([at, from + ((to - from) * (at - began)) / (ended - began)]);
  }
  if (pings.length === 0) pings.push([began, from]);
  return pings;
}

function catalogue(draw: Draw): Clip[] {
  const own = GENRES.map(([range, weight]) => [range, weight * draw.next() ** 2] as const);
  return Array.from({ length: draw.pick([1, 3, 10, 50, 300]) }, () => {
    const [least, most] = draw.weighted(own);
    return { id: draw.guid(), duration: Math.round(least * (most / least) ** draw.next() * 10) / 10 };
  });
}

function shuffle(rows: string[][], draw: Draw): void {
  for (let index = rows.length - 1; index > 0; index -= 1) {
    const other = draw.whole(0, index);
    [rows[index], rows[other]] = [rows[other]!, rows[index]!];
  }
}
