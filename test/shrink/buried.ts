import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { DiagnosisId } from '../../src/domain/finding.js';
import { guidKey } from '../../src/domain/guid.js';
import { FOLDERS, fixturesOf } from '../diagnoses/diagnosis-fixtures.js';
import { allFixtures } from '../rules/fixtures.js';
import { intervalsOf, type Row, type SessionEvents, simulatedSessions } from '../table/as-rows.js';
import { type Case, shrunkFrom } from './shrunk.js';

/** Every fixture that has a finding of its rule, or its diagnosis. */
export const CASES: readonly Case[] = [
  ...allFixtures()
    .filter(({ name }) => name.startsWith('reject-'))
    .map(({ rule, name, bytes, clips }): Case => {
      const durations = Object.entries(clips).map(([clip, seconds]) => [guidKey(clip), seconds] as const);
      const target = { kind: 'rule', id: rule } as const;
      return { name, bytes: Buffer.from(bytes), target, clips: new Map(durations) };
    }),
  ...FOLDERS.flatMap((id) =>
    fixturesOf(id)
      .filter(({ name }) => name.startsWith('reported-'))
      .map(({ name, path }): Case => {
        return { name, bytes: readFileSync(path), target: { kind: 'diagnosis', id: id as DiagnosisId } };
      }),
  ),
];

/** The input among valid sessions, half before it and half behind. */
export function buried(tried: Case, sessions: number): Case {
  if (sessions === 0) return tried;
  const simulated = simulatedSessions({ sessions, seed: 11 });
  const text = tried.bytes.toString().replace(/^\ufeff/, '');
  const written = AMONG[extname(tried.name).slice(1) as keyof typeof AMONG](text, simulated);
  return { ...tried, bytes: Buffer.from(written) };
}

/** The input several times, each time with other SessionIds. */
export function repeated(tried: Case, times: number): Case {
  const text = tried.bytes.toString();
  const ids = new Set(
    Array.from(text.matchAll(/SessionId\\?"\s*:\s*\\?"([0-9a-f-]{36})/gi), ([, id]) => id!),
  );
  const copies = Array.from({ length: times }, (_, n) => {
    let copy = text;
    for (const id of ids) copy = copy.replaceAll(id, id.slice(0, -4) + hex(n) + id.slice(-2));
    return copy;
  });
  return { ...tried, bytes: Buffer.from(copies.join('')) };
}

function hex(n: number): string {
  return n.toString(16).padStart(2, '0');
}

/** What to bury a fixture in so that it shows still: the most sessions, and the fewest repeats. */
export async function deepest(
  tried: Case,
  sessions: number,
): Promise<{ readonly case: Case; readonly sessions: number } | null> {
  const { kind } = tried.target;
  const repeats = kind === 'diagnosis' && tried.name.endsWith('.ndjson') ? [1, 5, 20, 80] : [1];
  for (const depth of [sessions, Math.ceil(sessions / 10), 0])
    for (const times of repeats) {
      const found = buried(times === 1 ? tried : repeated(tried, times), depth);
      if (await shows(found)) return { case: found, sessions: depth };
    }
  return null;
}

async function shows(tried: Case): Promise<boolean> {
  return (await shrunkFrom(tried, 0)) !== null;
}

function halves<T>(items: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)];
}

const bodyOf = (Events: SessionEvents): object => ({ Source: 'Custom', Events, Completed: true });

const AMONG = {
  ndjson(text: string, sessions: readonly SessionEvents[]): string {
    const [before, behind] = halves(
      sessions.flatMap((events) => events.map((event) => JSON.stringify(event))),
    );
    return [...before, text.trimEnd(), ...behind, ''].join('\n');
  },
  json(text: string, sessions: readonly SessionEvents[]): string {
    const [before, behind] = halves(sessions.map((events) => JSON.stringify(bodyOf(events))));
    const inner = /^\s*\[/.test(text) ? text.trim().slice(1).replace(/\]$/, '') : text;
    if (/^\s*\[/.test(text) && !/\]\s*$/.test(text)) return `[${before.join(',')},${inner}`;
    return `[${[...before, inner, ...behind].join(',')}]`;
  },
  csv(text: string, sessions: readonly SessionEvents[]): string {
    const [header = '', ...rows] = text.trimEnd().split(/\r?\n/);
    const columns = header.split(',');
    const delimited = (row: Row): string =>
      columns.map((name) => String(row[name.replaceAll('_', '')] ?? '')).join(',');
    const [before, behind] = halves(sessions.flatMap((events) => rowsOf(events, columns)).map(delimited));
    // A quote that is never closed takes what stands behind it.
    return `${[header, ...before, ...behind, ...rows].join('\n')}\n`;
  },
  har(text: string, sessions: readonly SessionEvents[]): string {
    const har = JSON.parse(text) as { log: { entries: { startedDateTime: string }[] } };
    const [before, behind] = halves(sessions.map(entryOf));
    har.log.entries = [...before, ...har.log.entries, ...behind];
    return JSON.stringify(har);
  },
};

function rowsOf(events: SessionEvents, columns: readonly string[]): readonly Row[] {
  if (columns.includes('Type')) return events.map((event) => ({ ...event, Source: 'Custom' }));
  const [first] = events;
  const last = events.at(-1);
  const intervals = intervalsOf(events);
  const seconds = intervals.reduce((sum, [start, stop]) => sum + stop.Position - start.Position, 0);
  const clock = seconds + 1;
  return [
    {
      ...first!,
      Source: 'Custom',
      StartedAt: new Date(first!.Timestamp * 1000).toISOString(),
      EndedAt: new Date((first!.Timestamp + clock) * 1000).toISOString(),
      ListenedSeconds: Math.round(seconds * 1000) / 1000,
      Segments: intervals.map(([start, stop]) => `${start.Position}-${stop.Position}`).join(';'),
      ClipDuration: Math.ceil(Math.max(...events.map(({ Position }) => Position))) + 60,
      Timestamp: last!.Timestamp,
    },
  ];
}

function entryOf(events: SessionEvents): { startedDateTime: string; [name: string]: unknown } {
  const [first] = events;
  const last = events.at(-1)!;
  return {
    startedDateTime: new Date((last.Timestamp + 5) * 1000).toISOString(),
    time: 40,
    request: {
      method: 'POST',
      url: `https://traffic.omny.fm/api/consumption/events?organizationId=${first!.OrganizationId}`,
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      postData: { mimeType: 'application/json', text: JSON.stringify(bodyOf(events)) },
    },
    response: { status: 200, content: { text: '{"Enabled":true}' } },
  };
}
