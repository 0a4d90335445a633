import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReadOptions, readInputs } from '../../src/read/read.js';
import type { InputSource } from '../../src/read/source.js';
import type { ShapeName } from '../../src/read/table-options.js';
import { inspect } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { wireEvent } from '../../src/wire/event-columns.js';
import { casesOf } from '../cases.js';
import { intervalsOf, type Row, rowsOf, simulatedSessions, textOf } from './as-rows.js';
import { Draw } from './draw.js';

type Cell = string | number;

/** Sessions in which no two rows have one time: the order of the rows would decide between them. */
const SESSIONS = simulatedSessions({ seed: 8, sessions: 30 }).filter((events) => {
  const starts = intervalsOf(events).map(([start]) => start.Timestamp);
  return new Set(starts).size === starts.length;
});

const TIMES: ReadonlySet<string> = new Set(['Timestamp', 'StartedAt', 'EndedAt']);
const LENGTHS: ReadonlySet<string> = new Set(['Position', 'StartPosition', 'EndPosition', 'ListenedSeconds']);
const IDS: ReadonlySet<string> = new Set(['OrganizationId', 'ClipId']);

/** A row of a shape without a SessionId, and with two columns that tell its session instead. */
function keyed(row: Row, number: number): Row {
  return { ...without(row, 'SessionId'), listener: number, since: 1_700_000_000 + number };
}

function without(row: Row, column: string): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== column));
}

const pick = (draw: Draw, ...forms: readonly (() => Cell)[]): Cell => draw.pick(forms)();

function timeForm(seconds: number, draw: Draw): Cell {
  const iso = (shift = 0): string => new Date((seconds + shift) * 1000).toISOString().slice(0, 19);
  return pick(
    draw,
    () => iso() + draw.pick(['Z', '.000Z', ' UTC', '+00:00', ' GMT']),
    () => `${iso(7200).replace('T', ' ')}${draw.pick(['+0200', '+02', ' +02:00'])}`,
    () => new Date(seconds * 1000).toUTCString(),
  );
}

function lengthForm(seconds: number, draw: Draw): Cell {
  const [h, m] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = (seconds - 60 * Math.floor(seconds / 60)).toFixed(3).padStart(6, '0');
  return pick(
    draw,
    () => seconds,
    () => seconds.toFixed(draw.pick([3, 5])),
    () => seconds.toExponential(),
    () => `${h}:${String(m).padStart(2, '0')}:${rest}`,
  );
}

function idForm(id: string, draw: Draw): Cell {
  return draw.pick([
    id,
    id.toUpperCase(),
    `{${id}}`,
    id.replaceAll('-', ''),
    `urn:uuid:${id}`,
    ` ${id}\u200b`,
  ]);
}

/** A row that says the same in other words. */
function otherwise(row: Row, draw: Draw): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, Cell] => {
      if (TIMES.has(name)) return [name, draw.chance(0.5) ? value : timeForm(Number(value), draw)];
      if (LENGTHS.has(name)) return [name, lengthForm(Number(value), draw)];
      if (IDS.has(name)) return [name, idForm(String(value), draw)];
      if (name === 'listener') return [name, draw.pick([value, `${value}.0`, String(value), ` ${value} `])];
      if (name === 'since') return [name, timeForm(Number(value), draw)];
      return [name, value];
    }),
  );
}

function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  return items
    .map((item) => [draw.next(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** The table in another order of rows and columns, with other columns, and each value written otherwise. */
function rewritten(rows: readonly Row[], draw: Draw): readonly Row[] {
  const columns = shuffled([...Object.keys(rows[0]!), 'app version', 'note'], draw);
  return shuffled(rows, draw).map((row) => {
    const said: Row = { ...otherwise(row, draw), 'app version': draw.whole(1, 9), note: draw.guid() };
    return Object.fromEntries(columns.map((name) => [name, said[name] ?? '']));
  });
}

const FORMATS = ['csv', 'ndjson', 'query'] as const;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'omny-consume-same-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function sourceOf(rows: readonly Row[], format: (typeof FORMATS)[number]): InputSource {
  const text = textOf(rows, format === 'query' ? 'csv' : format);
  if (format === 'query') {
    const path = join(folder, 'rows.csv');
    writeFileSync(path, text);
    return { name: 'query', query: `SELECT * FROM read_csv('${path}', header = true, all_varchar = true)` };
  }
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  return { name: `rows.${format}`, bytes };
}

/** Its events with all they say, sorted. */
async function eventsOf(source: InputSource, options: Partial<ReadOptions>): Promise<readonly string[]> {
  const events: string[] = [];
  for await (const some of inspect(readInputs([source], options), {
    ...INSPECT_DEFAULTS,
    now: 1_790_000_000,
  }))
    for (const inspected of some) {
      expect(inspected.kind).not.toBe('unreadable');
      if (inspected.kind !== 'session') continue;
      const { session } = inspected;
      for (let i = 0; i < session.count; i += 1)
        events.push(JSON.stringify(wireEvent(session, i)).toLowerCase());
    }
  return events.toSorted();
}

const TABLES: readonly (readonly [
  shape: ShapeName,
  sessionKey: readonly string[] | undefined,
  what: string,
])[] = [
  ['sessions', undefined, 'no id'],
  ['sessions', ['listener', 'since'], 'a key'],
  ['intervals', ['listener', 'since'], 'a key'],
  ['pings', ['listener', 'since'], 'a key'],
  ['events', ['listener', 'since'], 'a key'],
];

/** The rows of a shape, none of which has the time of another of its session. */
function tableOf(shape: ShapeName, withKey: boolean): readonly Row[] {
  return SESSIONS.flatMap((events, number) => {
    const rows = shape === 'sessions' ? [listenedOnce(events)] : rowsOf(shape, [events.slice(0, 12)]);
    const times = new Set<Cell>();
    const distinct =
      shape === 'pings'
        ? rows.filter((row) => !times.has(row.Timestamp!) && times.add(row.Timestamp!))
        : rows;
    return distinct.slice(0, 40).map((row) => (withKey ? keyed(row, number) : without(row, 'SessionId')));
  });
}

/** A session row of a length alone, so that every number of it can be written otherwise. */
function listenedOnce(events: (typeof SESSIONS)[number]): Row {
  const [start, stop] = intervalsOf(events)[0]!;
  return {
    OrganizationId: start.OrganizationId,
    ClipId: start.ClipId,
    StartedAt: start.Timestamp,
    EndedAt: stop.Timestamp,
    StartPosition: start.Position,
    ListenedSeconds: Math.round((stop.Position - start.Position) * 1000) / 1000,
  };
}

describe.each(TABLES)('rows of the shape %s', (shape, sessionKey, what) => {
  it(`make the same sessions of ${what}, in whatever order, with whatever other columns, however written`, async () => {
    const rows = tableOf(shape, sessionKey !== undefined);
    const options = { shape, ...(sessionKey && { sessionKey }) };
    const plain = rows.map((row) => ({
      ...row,
      ...(sessionKey && { since: timeForm(Number(row.since), new Draw(1)) }),
    }));
    const usual = await eventsOf(sourceOf(plain, 'csv'), options);
    expect(usual.length).toBeGreaterThan(SESSIONS.length);
    await fc.assert(
      fc.asyncProperty(fc.nat(1e9), fc.constantFrom(...FORMATS), async (seed, format) => {
        const source = sourceOf(rewritten(rows, new Draw(seed)), format);
        expect(await eventsOf(source, options)).toEqual(usual);
      }),
      { numRuns: casesOf(15) },
    );
  });
});
