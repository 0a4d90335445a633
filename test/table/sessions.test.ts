import { describe, expect, it } from 'vitest';
import { isCellFault } from '../../src/table/cell-values.js';
import { endsOf, type SessionRow } from '../../src/table/rows.js';
import { contentKey, RowSessionIds } from '../../src/table/session-ids.js';
import { readSessionRow } from '../../src/table/shapes/sessions.js';
import { type ReadingOptions, rowOf } from './reading.js';

const CLIP = 'b1e2c3d4-5f60-4718-92a3-b4c5d6e7f801';
/** Three items of a second at speed 3: thirds of a second must not be lost. */
const SPEED_THIRDS = `OrganizationId,ClipId,SessionId,StartedAt,Segments,Speed
126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb,a039f83d-1916-436b-a090-efbc08698506,1540270724,0-1;2-3;4-5,3`;
const ORGANIZATION = '3c0f7a52-9d1e-4b6a-8f21-7a41c2d09e55';

function read(columns: Readonly<Record<string, string>>, options: ReadingOptions = {}): SessionRow {
  const { row, cells } = rowOf({ ClipId: CLIP, ...columns }, { organization: ORGANIZATION, ...options });
  const session = readSessionRow(row, cells);
  if (isCellFault(session)) throw new Error(`${session.column}: ${session.received}; ${session.hint}`);
  return session;
}

const eventsIn = (columns: Readonly<Record<string, string>>, options?: ReadingOptions) =>
  read(columns, options)
    .intervals.flatMap(endsOf)
    .map(({ type, positionMs, timestamp, origin }) => `${type} ${positionMs} ${timestamp} ${origin}`);

describe('a session row', () => {
  it('of a start and a length has an inferred Stop', () => {
    expect(eventsIn({ StartedAt: '1000000000', ListenedSeconds: '61.4', StartPosition: '0:10' })).toEqual([
      'Start 10000 1000000000 observed',
      'Stop 71400 1000000061 inferred',
    ]);
  });

  it('with EndedAt has the real clock', () => {
    const columns = { StartedAt: '1000000000', ListenedSeconds: '60', EndedAt: '1000000100' };
    expect(eventsIn(columns)).toEqual(['Start 0 1000000000 observed', 'Stop 60000 1000000100 observed']);
    expect(read(columns).intervals[0]!.derivedClock).toBe(false);
  });

  it('without StartedAt began its audio before EndedAt', () => {
    const columns = { EndedAt: '1000000100', ListenedSeconds: '60', Speed: '1.5' };
    expect(eventsIn(columns)).toEqual(['Start 0 1000000060 inferred', 'Stop 60000 1000000100 observed']);
    expect(read(columns).intervals[0]!.derivedClock).toBe(true);
  });

  it('sums exactly to the millisecond', () => {
    const [header, row] = SPEED_THIRDS.trim().split('\n');
    const cells = Object.fromEntries(
      header!.split(',').map((name, index) => [name, row!.split(',')[index]!]),
    );
    expect(eventsIn(cells).at(-1)).toBe('Stop 5000 1540270725 inferred');
    expect(eventsIn({ StartedAt: '100.9', ListenedSeconds: '0.1' }).at(-1)).toBe('Stop 100 101 inferred');
  });

  it('reads items with their own times', () => {
    expect(
      eventsIn({
        StartedAt: '1000000000',
        Segments: '0-10;20-30@1000000100;40-50@1000000200/1000000205;60-62',
      }),
    ).toEqual([
      'Start 0 1000000000 observed',
      'Stop 10000 1000000010 inferred',
      'Start 20000 1000000100 observed',
      'Stop 30000 1000000110 inferred',
      'Start 40000 1000000200 observed',
      'Stop 50000 1000000205 observed',
      'Start 60000 1000000205 inferred',
      'Stop 62000 1000000207 inferred',
    ]);
  });

  it('cuts a computed end off at the next start, if the audio still fits at the highest speed', () => {
    const segments = (start: number) => ({ StartedAt: '1000', Segments: `0-100;100-200@${start}` });
    expect(eventsIn(segments(1050))[1]).toBe('Stop 100000 1050 inferred');
    expect(eventsIn(segments(1010))[1]).toBe('Stop 100000 1100 inferred');
    expect(eventsIn(segments(1050), { maxSpeed: 1 })[1]).toBe('Stop 100000 1100 inferred');
    expect(eventsIn(segments(900))[1]).toBe('Stop 100000 1100 inferred');
  });

  it('without StartedAt began its audio before the first time of an item', () => {
    const columns = { EndedAt: '1000000300', Segments: '0-60;100-120@1000000100;130-140', Speed: '1.5' };
    expect(eventsIn(columns)).toEqual([
      'Start 0 1000000060 inferred',
      'Stop 60000 1000000100 inferred',
      'Start 100000 1000000100 observed',
      'Stop 120000 1000000113 inferred',
      'Start 130000 1000000113 inferred',
      'Stop 140000 1000000300 observed',
    ]);
  });

  it('plays items faster that would pass the next time of the row, if they fit at the highest speed', () => {
    const segments = (start: number) => ({ StartedAt: '1000', Segments: `0-100;100-140;200-210@${start}` });
    expect(eventsIn(segments(1120)).slice(1, 4)).toEqual([
      'Stop 100000 1100 inferred',
      'Start 100000 1100 inferred',
      'Stop 140000 1120 inferred',
    ]);
    expect(eventsIn(segments(1070)).slice(1, 4)).toEqual([
      'Stop 100000 1050 inferred',
      'Start 100000 1050 inferred',
      'Stop 140000 1070 inferred',
    ]);
    expect(eventsIn(segments(1020))[3]).toBe('Stop 140000 1140 inferred');
    const columns = { StartedAt: '1000', Segments: '0-100;100-140', EndedAt: '1070' };
    expect(eventsIn(columns).slice(1)).toEqual([
      'Stop 100000 1050 inferred',
      'Start 100000 1050 inferred',
      'Stop 140000 1070 observed',
    ]);
  });

  it('reads ISO times and clock positions inside items', () => {
    expect(
      eventsIn({ StartedAt: '', Segments: '0:00-1:00@2018-10-23T04:58:44Z/2018-10-23 04:59:50 UTC' }),
    ).toEqual(['Start 0 1540270724 observed', 'Stop 60000 1540270790 observed']);
  });

  it('reads lengths in their unit', () => {
    expect(eventsIn({ StartedAt: '0', ListenedSeconds: '1834000' }, { durationUnit: 'ms' }).at(-1)).toBe(
      'Stop 1834000 1834 inferred',
    );
    expect(eventsIn({ StartedAt: '0', Segments: '1-2' }, { positionUnit: 'min' }).at(-1)).toBe(
      'Stop 120000 60 inferred',
    );
  });

  it.each<[Record<string, string>, string]>([
    [{ StartedAt: 'x', ListenedSeconds: '1' }, 'StartedAt'],
    [{ StartedAt: '', ListenedSeconds: '1' }, 'StartedAt'],
    [{ StartedAt: '1', ListenedSeconds: '-4.2' }, 'ListenedSeconds'],
    [{ StartedAt: '1', ListenedSeconds: '' }, 'ListenedSeconds'],
    [{ StartedAt: '1', ListenedSeconds: '75 %' }, 'ListenedSeconds'],
    [{ StartedAt: '1', Segments: '5-1' }, 'Segments'],
    [{ StartedAt: '1', Segments: '1-2@x' }, 'Segments'],
    [{ StartedAt: '1', ListenedSeconds: '1', Speed: '0' }, 'Speed'],
    [{ StartedAt: '1', ListenedSeconds: '1', ClipDuration: '0' }, 'ClipDuration'],
    [{ StartedAt: '1', ListenedSeconds: '1', SessionId: '\\N' }, 'SessionId'],
    [{ StartedAt: '1', ListenedSeconds: 'NULL' }, 'ListenedSeconds'],
  ])('%j cannot be read', (columns, column) => {
    expect(() => read(columns)).toThrow(`${column}: `);
  });
});

describe('the SessionId of a row without one', () => {
  const idOf = (columns: Readonly<Record<string, string>>, options?: ReadingOptions) =>
    new RowSessionIds().idOf(read(columns, options).content);
  const one = idOf({ StartedAt: '1540270724', ListenedSeconds: '61.4', StartPosition: '10' });

  it('is a version 5 UUID', () => {
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each<[string, Record<string, string>, ReadingOptions?]>([
    ['columns', { ListenedSeconds: '61.4', Other: 'x', StartPosition: '10', StartedAt: '1540270724' }],
    ['times', { StartedAt: '2018-10-23 06:58:44 +0200', ListenedSeconds: '61.40', StartPosition: '0:10' }],
    [
      'units',
      { StartedAt: '1540270724000', ListenedSeconds: '61400', StartPosition: '10' },
      { timestampUnit: 'ms', durationUnit: 'ms' },
    ],
    ['segments', { StartedAt: '1540270724', Segments: '10-71.4@1540270724' }],
    [
      'a clip',
      {
        StartedAt: '1540270724',
        ListenedSeconds: '61.4',
        StartPosition: '10',
        ClipId: `{${CLIP.toUpperCase()}}`,
      },
    ],
    [
      'an organization',
      {
        StartedAt: '1540270724',
        ListenedSeconds: '61.4',
        StartPosition: '10',
        OrganizationId: ORGANIZATION.toUpperCase(),
      },
    ],
  ])('does not depend on how %s are written', (_what, columns, options) => {
    expect(idOf(columns, options)).toBe(one);
  });

  it.each([
    { StartedAt: '1540270725', ListenedSeconds: '61.4', StartPosition: '10' },
    { StartedAt: '1540270724', ListenedSeconds: '61.5', StartPosition: '10' },
    { StartedAt: '1540270724', ListenedSeconds: '61.4', StartPosition: '10', Source: 'iOS' },
    { StartedAt: '1540270724', ListenedSeconds: '61.4', StartPosition: '10', EndedAt: '1540270800' },
  ])('depends on what %j says', (columns) => {
    expect(idOf(columns)).not.toBe(one);
  });

  it('rests on what two rows of one session are compared by', () => {
    const columns = { StartedAt: '1540270724', ListenedSeconds: '61.4', StartPosition: '10' };
    const key = contentKey(read(columns).content);
    expect(contentKey(read({ ...columns, StartedAt: '2018-10-23T04:58:44Z' }).content)).toBe(key);
    expect(contentKey(read({ ...columns, ListenedSeconds: '61.5' }).content)).not.toBe(key);
  });

  it('counts equal rows', () => {
    const ids = new RowSessionIds();
    const { content } = read({ StartedAt: '1540270724', ListenedSeconds: '61.4', StartPosition: '10' });
    const made = [ids.idOf(content), ids.idOf(content), ids.idOf(content)];
    expect(made[0]).toBe(one);
    expect(new Set(made).size).toBe(3);
  });
});
