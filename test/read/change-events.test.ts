import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ReadOptions, readInputs } from '../../src/read/read.js';
import type { EventChange } from '../../src/read/records.js';
import { earliestTimestamp, shiftedBy } from '../../src/send/rewriting.js';
import { readClipMap } from '../../src/table/clip-tables.js';
import { readRecords } from './as-read.js';

const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';

function input(text: string, pieces = 1) {
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / pieces);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return { name: 'in.ndjson', bytes: chunks() };
}

async function values(text: string, options: Partial<ReadOptions>): Promise<unknown[]> {
  const read = await readRecords(readInputs([input(text)], options));
  return read.map((each) => (each.kind === 'syntax' ? each : each.value));
}

const TEXT =
  '{"Timestamp":1540270730.25}\n{"Source":"Custom","Completed":true,"Events":[{"Timestamp":1540270724},{"Timestamp":1540270724000}]}\n{"Timestamp":"x"}\n';

test('times are moved in bare events and in requests, what is no time stays', async () => {
  expect(await earliestTimestamp(readInputs([input(TEXT)]))).toBe(1540270724);
  expect(await values(TEXT, { change: shiftedBy(1000) })).toEqual([
    { Timestamp: 1540271730.25 },
    { Source: 'Custom', Completed: true, Events: [{ Timestamp: 1540271724 }, { Timestamp: 1540270724000 }] },
    { Timestamp: 'x' },
  ]);
});

describe('an event that is changed on the way', () => {
  const CHANGED: EventChange = (event) => (event.Type === 'start' ? { ...event, Type: 'Start' } : event);
  const text = '{"Type":"start"}\n{"type":"start"}\n{"Events":[{"Type":"start"},{"Type":"Stop"},7]}\n';
  const originals = async (keepOriginal: ReadOptions['keepOriginal']) => {
    const read = await readRecords(readInputs([input(text)], { change: CHANGED, keepOriginal }));
    return read.flatMap((each) => {
      const events = each.kind === 'request' ? each.events : each.kind === 'event' ? [each] : [];
      return events.map(({ value, original }) => [value, original]);
    });
  };

  test('keeps what it was, where that is asked for', async () => {
    expect(await originals(({ type }) => type === undefined)).toEqual([
      [{ Type: 'Start' }, { Type: 'start' }],
      [{ type: 'start' }, undefined],
      [{ Type: 'Start' }, { Type: 'start' }],
      [{ Type: 'Stop' }, undefined],
      [7, undefined],
    ]);
    expect((await originals(undefined)).map(([, original]) => original)).toEqual(Array(5).fill(undefined));
  });

  test('stands in a body that is changed before it', async () => {
    const places: string[] = [];
    const body = '{"events":[{"Type":"start"}]}';
    const changed = await values(`[${body}]`, {
      change: CHANGED,
      changeBody: ({ events }, { line, column, pointer }) => {
        places.push(`${line}:${column} ${pointer}`);
        return { Events: events };
      },
    });
    expect(changed).toEqual([{ Events: [{ Type: 'Start' }] }]);
    expect(places).toEqual(['1:2 /0']);
  });

  test('may be a row', async () => {
    const csv = 'OrganizationId,ClipId,SessionId,Type,Position,Timestamp\no,c,s,start,1,2\n';
    const [value] = await values(csv, { change: CHANGED, format: 'csv' });
    expect(value).toMatchObject({ SessionId: 's', Type: 'Start' });
  });
});

describe('a clip map', () => {
  async function mapOf(text: string) {
    const folder = await mkdtemp(join(tmpdir(), 'map-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'map.csv'), text);
    return readClipMap(join(folder, 'map.csv'));
  }

  test('turns ids into ClipIds, and lists those it does not hold', async () => {
    const map = await mapOf(`from,ClipId\nepisode-1,${CLIP}\n17,${CLIP}\n`);
    const text = ['"episode-1"', '17', `"${CLIP.toUpperCase()}"`, '"other"', '"other"', 'null']
      .map((id) => `{"ClipId":${id},"Type":"Start"}\n`)
      .join('');
    const ids = await values(text, { change: map.change });
    expect(ids.map((value) => (value as { ClipId: unknown }).ClipId)).toEqual([
      CLIP,
      CLIP,
      CLIP.toUpperCase(),
      'other',
      'other',
      null,
    ]);
    expect(() => map.refuseUnresolved()).toThrow(/"other" \(2 events\)/);
  });

  test.each([
    ['a ClipId that is none', 'from,ClipId\na,b\n', /map.csv:2: expected ClipId to be a GUID/],
    ['an id for two clips', `from,ClipId\na,${CLIP}\na,126281f8-200e-4c9f-8378-a4870055423b\n`, /map.csv:3/],
    ['no such columns', 'id,clip\n', /expected the columns from and ClipId/],
  ])('with %s is refused', async (_, text, message) => expect(mapOf(text)).rejects.toThrow(message));
});
