import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusesAll } from '../../src/cli/send/guards.js';
import { type ReadOptions, readInputs } from '../../src/read/read.js';
import { prepare } from '../../src/send/prepare.js';
import { wireOf } from '../../src/simulate/listener.js';
import { simulate } from '../../src/simulate/simulate.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../src/validate/options.js';
import type { WireEvent } from '../../src/wire/event.js';
import { casesOf } from '../cases.js';

const NOW = 1_790_000_000;
const EVENTS: readonly WireEvent[][] = [...simulate({ seed: 3, sessions: 12 })].map(({ events }) =>
  events.map(({ played }) => wireOf(played!)),
);

type Row = Readonly<Record<string, unknown>>;

const idsOf = ({ OrganizationId, ClipId, SessionId }: WireEvent) => ({ OrganizationId, ClipId, SessionId });
const intervalsOf = (events: readonly WireEvent[]) =>
  events.flatMap((stop, n) => (n % 2 === 0 ? [] : [[events[n - 1]!, stop] as const]));

const without = (row: Row, column: string): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== column));

/** Rows of each shape that say what the events say, the sessions interleaved. The last column says nothing, so that no cut changes a number. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  events: interleaved(EVENTS),
  unnumbered: interleaved(EVENTS).map((row) => without(row, 'SeqNumber')),
  sessions: EVENTS.map(sessionRow),
  anonymous: EVENTS.map((events) => without(sessionRow(events), 'SessionId')),
  intervals: interleaved(
    EVENTS.map((events) =>
      intervalsOf(events).map(([start, stop]) => ({
        ...idsOf(start),
        StartedAt: start.Timestamp,
        EndedAt: stop.Timestamp,
        StartPosition: start.Position,
        EndPosition: stop.Position,
      })),
    ),
  ),
  pings: interleaved(
    EVENTS.map((events) =>
      events.map((event) => ({
        ...idsOf(event),
        Timestamp: event.Timestamp,
        Position: event.Position,
      })),
    ),
  ),
};

function sessionRow(events: readonly WireEvent[]) {
  const segments = intervalsOf(events).map(
    ([start, stop]) => `${start.Position}-${stop.Position}@${start.Timestamp}/${stop.Timestamp}`,
  );
  return { ...idsOf(events[0]!), StartedAt: events[0]!.Timestamp, Segments: segments.join(';') };
}

function interleaved<T>(sessions: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...sessions.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => sessions.flatMap((rows) => rows.slice(n, n + 1))).flat();
}

/** What an input is like before anything happens to it. */
interface Form {
  readonly name: string;
  /** Lines that are there whatever happens. */
  readonly head: string;
  readonly tail: string;
  readonly lines: readonly string[];
  readonly options: Partial<ReadOptions>;
  /** Puts one value of a line in place of another: undefined takes it away. */
  readonly withValue: (line: string, at: number, value: string | undefined) => string;
}

const csv = (shape: string, delimiter: string, options: Partial<ReadOptions>): Form => {
  const rows = ROWS[shape]!;
  const names = [...Object.keys(rows[0]!), 'Note'];
  const headers = names.map((name) => options.map?.get(name) ?? name);
  return {
    name: 'plays.csv',
    head: `${headers.join(delimiter)}\n`,
    tail: '',
    lines: rows.map((row) =>
      names
        .map((name) => String((row[name] as string | number | undefined) ?? 'end of the row'))
        .join(delimiter),
    ),
    options,
    withValue: (line, at, value = '') => {
      const cells = line.split(delimiter);
      return cells.with(at % cells.length, value).join(delimiter);
    },
  };
};

const withJsonValue: Form['withValue'] = (line, at, value) => {
  let object: Record<string, unknown>;
  try {
    object = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  if (Array.isArray(object) || 'Events' in object) return line;
  const name = Object.keys(object)[at % Object.keys(object).length]!;
  return JSON.stringify({ ...object, [name]: value });
};

const ndjson = (lines: readonly unknown[], options: Partial<ReadOptions> = {}): Form => ({
  name: 'plays.ndjson',
  head: '',
  tail: '',
  lines: lines.map((line) => JSON.stringify(line)),
  options,
  withValue: withJsonValue,
});

const renamed = (rows: readonly Row[]) =>
  rows.map(({ ClipId, ...row }) => ({ 'episode guid': ClipId, ...row }));
const MAP = new Map([['ClipId', 'episode guid']]);
const bodyOf = (events: readonly WireEvent[]) => ({ Source: 'CustomWeb', Events: events, Completed: true });

const FORMS: Readonly<Record<string, Form>> = {
  'CSV of events': csv('events', ',', {}),
  'CSV of events without numbers': csv('unnumbered', ',', { types: ['Ignore=seek'] }),
  'CSV of sessions': csv('sessions', ',', {}),
  'CSV of sessions without ids': csv('anonymous', ',', {}),
  'CSV of intervals': csv('intervals', ';', { map: MAP }),
  'CSV of intervals with a key': csv('intervals', ',', { sessionKey: ['SessionId'] }),
  'CSV of pings': csv('pings', '\t', { shape: 'pings', gap: 40, nulls: ['-'] }),
  'NDJSON of events': ndjson(ROWS.events!),
  'NDJSON of arrays of events': ndjson(
    Array.from({ length: 20 }, (_, n) => ROWS.events!.filter((_event, i) => i % 20 === n)),
  ),
  'NDJSON of bodies': ndjson(
    EVENTS.flatMap((_events, n) => (n % 3 === 0 ? [bodyOf(EVENTS.slice(n, n + 3).flat())] : [])),
  ),
  'rows of NDJSON': ndjson(renamed(ROWS.intervals!), { shape: 'intervals', map: MAP }),
  'rows of NDJSON, events': ndjson(ROWS.unnumbered!, {
    shape: 'events',
    sessionKey: ['SessionId'],
  }),
  'JSON of events': {
    ...ndjson(ROWS.events!.map((row) => row)),
    name: 'plays.json',
    head: '[\n',
    tail: ']\n',
    lines: ROWS.events!.map((row, n, all) => `${JSON.stringify(row)}${n + 1 < all.length ? ',' : ''}`),
  },
  'rows of JSON': {
    ...ndjson([], { shape: 'sessions' }),
    name: 'plays.json',
    head: '[\n',
    tail: ']\n',
    lines: ROWS.sessions!.map((row, n, all) => `${JSON.stringify(row)}${n + 1 < all.length ? ',' : ''}`),
  },
};

/** What may happen to a line on its way, or to all that follows. */
const damage = fc.record({
  at: fc.nat(1000),
  column: fc.nat(7),
  kind: fc.constantFrom('cut', 'beheaded', 'glued', 'noise', 'letter', 'cell', 'missing', 'brace'),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(lines: readonly string[], { kind, at: where, share, column }: Damage, form: Form): string[] {
  const at = where % lines.length;
  const line = lines[at]!;
  // Something is left of the line: of one that is gone without a trace nobody knows.
  const place = 1 + Math.floor(share * (line.length - 2));
  const next = lines[at + 1] ?? '';
  const whole = (text: string) => form.lines.includes(text);
  // Without a brace or a quote nothing tells the rest of a line of JSON from a line of a log.
  const told = (text: string) => form.name.endsWith('csv') || /[{"]/.test(text);
  switch (kind) {
    case 'cut':
      return told(line.slice(0, place)) ? lines.with(at, line.slice(0, place)) : [...lines];
    case 'beheaded':
      return told(line.slice(place)) ? lines.with(at, line.slice(place)) : [...lines];
    case 'glued':
      // Of two rows that are both torn nobody can tell that there were two.
      if (!whole(line) || !whole(next) || place < line.length / 4) return [...lines];
      return [...lines.slice(0, at), line.slice(0, place) + next, ...lines.slice(at + 2)];
    case 'noise':
      return lines.toSpliced(at, 0, 'INFO  export is running');
    case 'brace':
      return lines.toSpliced(at, 0, '}');
    case 'letter':
      return lines.with(at, `${line.slice(0, place)}"${line.slice(place + 1)}`);
    case 'cell':
      // Any text may be a key.
      if (form.options.sessionKey && column % 8 === 2) return [...lines];
      return lines.with(at, form.withValue(line, column, 'not yet'));
    case 'missing':
      return lines.with(at, form.withValue(line, column, undefined));
  }
}

const severities = fc
  .dictionary(
    fc.constantFrom('syntax', 'missing-field', 'guid-format', 'field-type', 'seq-gap', 'type-unknown'),
    fc.constantFrom('off', 'warning', 'info'),
  )
  .map((rules) => new Map(Object.entries(rules)) as InspectOptions['severities']);

/** What a user may add to the command. */
const flags = fc.record({
  severities,
  memory: fc.constantFrom(undefined, 4096),
  shard: fc.constantFrom(undefined, { index: 1, count: 2 }),
  since: fc.constantFrom(undefined, 0, 1_736_300_000),
});
type Flags = typeof flags extends fc.Arbitrary<infer T> ? T : never;
const NO_FLAGS: Flags = { severities: new Map(), memory: undefined, shard: undefined, since: undefined };

/** What would be sent with --skip-invalid, events by SessionId; null where all of it is refused. */
async function sendable(form: Form, bytes: Uint8Array, { severities, memory, shard, since }: Flags) {
  const budget = memory === undefined ? undefined : { bytes: memory, folder: process.env.TMPDIR ?? '/tmp' };
  const stream = (async function* () {
    yield bytes;
  })();
  const prepared = await prepare(
    readInputs([{ name: form.name, bytes: stream }], { ...form.options, memory: budget }),
    {
      ...INSPECT_DEFAULTS,
      now: NOW,
      severities,
      shard,
      within: since === undefined ? undefined : { since, until: NOW },
      ...(budget && { memory: budget }),
    },
  );
  try {
    if (refusesAll(prepared)) return null;
    return new Map([...prepared.sessions].map(({ key, json }) => [key, saidIn(json.toString())]));
  } finally {
    prepared.close();
  }
}

/** Each event that a session is sent with, by what a damaged time elsewhere in its row does not change. */
function saidIn(json: string): string[] {
  const events = JSON.parse(`[${json}]`) as WireEvent[];
  return events.map(({ Type, Position }) => `${Type} ${Position}`).toSorted();
}

const textOf = ({ head, tail }: Form, lines: readonly string[]) => `${head}${lines.join('\n')}\n${tail}`;

describe.each(Object.entries(FORMS))('%s', (_name, form) => {
  const sound = () => sendable(form, Buffer.from(textOf(form, form.lines)), NO_FLAGS);

  it('goes out whole where it is whole', async () => {
    expect((await sound())?.size).toBe(EVENTS.length);
  });

  it('sends no session without an event that stood in it', async () => {
    const before = (await sound())!;
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), flags, async (changes, given) => {
        let lines: readonly string[] = form.lines;
        for (const change of changes) lines = damaged(lines, change, form);
        const after = await sendable(form, Buffer.from(textOf(form, lines)), given);
        for (const [session, said] of after ?? []) {
          const all = before.get(session) ?? [];
          // What a rule that is off lets through may say something else, and is there all the same.
          if (given.severities.size > 0) expect(said.length).toBeGreaterThanOrEqual(all.length);
          else expect([session, ...said]).toEqual(expect.arrayContaining([session, ...all]));
        }
        sent += after?.size ?? 0;
      }),
      { numRuns: casesOf(40) },
    );
    // Else the property would hold of a program that sends nothing.
    expect(sent).toBeGreaterThan(0);
  });

  it('sends nothing where its gzip is cut', async () => {
    const gzip = gzipSync(textOf(form, form.lines));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 30, max: gzip.length - 1 }), flags, async (end, given) => {
        const cut = sendable({ ...form, name: `${form.name}.gz` }, gzip.subarray(0, end), given);
        expect(await cut.catch(() => null)).toBeNull();
      }),
      { numRuns: casesOf(8) },
    );
  });
});
