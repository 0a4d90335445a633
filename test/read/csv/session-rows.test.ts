import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf, readFixture, readText, syntaxOf, told } from './reading.js';

const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';

const idsOf = (records: Awaited<ReturnType<typeof readText>>) =>
  eventsOf(records).map((record) => (record.value as { SessionId: string }).SessionId);

/** One session row, told as lines. */
async function row(cells: Readonly<Record<string, string>>, options = {}): Promise<string[]> {
  const all = { ClipId: CLIP, StartedAt: '1540270724', ...cells };
  const quoted = Object.values(all).map((cell) => `"${cell}"`);
  return told(await readText(`${Object.keys(all).join()}\n${quoted.join()}\n`, options));
}

describe('session rows', () => {
  it('expands segments to starts and stops, whatever the export did to header, delimiter and line ends', async () => {
    const records = await readFixture('session-rows-segments.csv');
    expect(told(records)).toEqual([
      '2:1 Start 0 1 1540270724',
      '2:1 Stop 4.554 2 1540270728',
      '2:1 Start 308.053 3 1540270728',
      '2:1 Stop 542.643 4 1540270963',
      '3:1 Start 0 1 1540270800',
      '3:1 Stop 90 2 1540270890',
      '3:1 Start 308.053 3 1540271100',
      '3:1 Stop 542.643 4 1540271334',
    ]);
    const [first] = eventsOf(records);
    expect(first).toMatchObject({
      value: { OrganizationId: ORGANIZATION, ClipId: CLIP, Source: 'MobileApp' },
      clipDuration: 1804.2,
    });
    expect(first?.unnumbered).toBe(false);
  });

  it('takes what was listened from the start position, at its speed, with the clock kept unfloored', async () => {
    const records = await readFixture('session-rows-listened.csv');
    expect(told(records)).toEqual([
      '2:1 Start 0 1 1540270724',
      '2:1 Stop 90.5 2 1540270815',
      '3:1 Start 308.053 1 1540271400',
      '3:1 Stop 338.303 2 1540271420',
      '4:1 Start 0 1 1540271000',
      '4:1 Stop 600 2 1540271300',
    ]);
    expect(idsOf(records)[0]).toBe('a039f83d-1916-436b-a090-efbc08698506');
  });

  it('adds up many short stretches without losing a second to rounding', async () => {
    const segments = Array.from({ length: 10 }, (_, i) => `${i}-${i}.1`).join(';');
    expect((await row({ Segments: segments })).at(-1)).toBe('2:1 Stop 9.1 20 1540270725');
  });

  it('begins a stretch when the one before ended or when it says, and goes on from there', async () => {
    expect(await row({ Segments: '0-10.5;20-30@2018-10-23T04:59:00.5Z; 1:05 - 1:06.25 ' })).toEqual([
      '2:1 Start 0 1 1540270724',
      '2:1 Stop 10.5 2 1540270734',
      '2:1 Start 20 3 1540270740',
      '2:1 Stop 30 4 1540270750',
      '2:1 Start 65 5 1540270750',
      '2:1 Stop 66.25 6 1540270751',
    ]);
  });

  it('prefers Segments to ListenedSeconds where its cell is not empty', async () => {
    expect((await row({ Segments: '5-6', ListenedSeconds: '30' }))[1]).toBe('2:1 Stop 6 2 1540270725');
    expect((await row({ Segments: '', ListenedSeconds: '30' }))[1]).toBe('2:1 Stop 30 2 1540270754');
  });

  it('tells of each bad cell where it stands, leaves the row out, and reads the rest', async () => {
    expect(told(await readFixture('session-rows-bad-cells.csv'))).toMatchInlineSnapshot(`
      [
        "2:38 Expected unix time or an ISO 8601 time in StartedAt, received "yesterday"",
        "3:38 Expected a real date in StartedAt, received "2018-02-30T10:00:00Z"",
        "4:38 Expected a real time of day in StartedAt, received "2018-10-23T24:00:00Z"",
        "5:49 Expected segments that end at or after their start in Segments, received "10-5"",
        "6:49 Expected segments like 0-4.554;308.053-542.643 in Segments, received nothing",
        "7:49 Expected segments like 0-4.554;308.053-542.643 in Segments, received "-5-10"",
        "8:49 Expected segments like 0-4.554;308.053-542.643 in Segments, received nothing",
        "9:38 Expected a time in StartedAt, received an empty cell",
        "10:54 Expected a number above 0 in Speed, received "0"",
        "11:54 Expected a number above 0 in Speed, received "fast"",
        "12:55 Expected a length of at least 0 in ClipDuration, received "-3"",
        "13:49 Expected unix time or an ISO 8601 time in Segments, received "soon"",
        "14:1 Start 0 1 1540270724",
        "14:1 Stop 10 2 1540270732",
      ]
    `);
  });

  it.each([
    '10',
    'a-b',
    '01-2',
    '0x1-5',
    '0-1:60',
    '1:2:3-5:00',
    '1:60:00-2:00:00',
    '0-Infinity',
    ';',
    '0-5;;7-8',
    '0-5@',
    '0-5,7-8',
  ])('refuses the segments %s', async (segments) => {
    expect(await row({ Segments: segments })).toEqual([
      expect.stringMatching(/^2:\d+ Expected .* in Segments/),
    ]);
  });

  it.each(['-1', '1e999', 'NaN', '0x10', '1.', '.5', '+5', '5s', '1 000', ' '])(
    'refuses to have listened %s seconds',
    async (seconds) => {
      expect(await row({ ListenedSeconds: seconds })).toEqual([
        expect.stringMatching(/Expected .* in ListenedSeconds/),
      ]);
    },
  );

  it('reads decimal commas where the delimiter is another, and else says how decimals are written', async () => {
    const records = await readText(`ClipId;StartedAt;ListenedSeconds\n${CLIP};1540270724;4,5\n`);
    expect(told(records).at(-1)).toBe('2:1 Stop 4.5 2 1540270728');
    const commas = await readText(`ClipId,StartedAt,ListenedSeconds\n${CLIP},1540270724,"4,5"\n`);
    expect(syntaxOf(commas)[0]?.hint).toBe('Write decimals with a point: 4.5');
  });

  it('reads local times of a named zone, refusing those that exist never or twice', async () => {
    expect(told(await readFixture('session-rows-local-times.csv', { timezone: 'Europe/Berlin' }))).toEqual([
      '2:1 Start 0 1 1530439200',
      '2:1 Stop 30 2 1530439230',
      '3:1 Start 0 1 1543662000',
      '3:1 Stop 30 2 1543662030',
      expect.stringMatching(/^4:38 .*does not exist/),
      expect.stringMatching(/^5:38 .*exists twice/),
      '6:1 Start 0 1 1540686600',
      '6:1 Stop 30 2 1540686630',
    ]);
  });

  it('asks for the zone of local times', async () => {
    const [fault] = syntaxOf(await readFixture('session-rows-local-times.csv'));
    expect(fault?.hint).toContain('--timezone');
  });

  it('asks for --timestamp-unit at milliseconds, and takes them where it is given', async () => {
    const [fault] = syntaxOf(await readFixture('session-rows-milliseconds.csv'));
    expect(fault).toMatchObject({
      received: '1540270724500, which looks like milliseconds',
      hint: 'Add --timestamp-unit ms',
    });
    expect(told(await readFixture('session-rows-milliseconds.csv', { timestampUnit: 'ms' }))).toEqual([
      '2:1 Start 0 1 1540270724',
      '2:1 Stop 30 2 1540270754',
    ]);
  });

  it('leaves absent ids out, and fills in the organization', async () => {
    const text = `ClipId,StartedAt,ListenedSeconds,OrganizationId\n,1540270724,30,\n`;
    const [bare] = eventsOf(await readText(text));
    expect(Object.keys(bare?.value as object)).toEqual([
      'SessionId',
      'Type',
      'Position',
      'SeqNumber',
      'Timestamp',
    ]);
    const [filled] = eventsOf(await readText(text, { organization: ORGANIZATION }));
    expect(filled?.value).toMatchObject({ OrganizationId: ORGANIZATION });
  });

  it('locates each property at the column that tells it', async () => {
    const [event] = eventsOf(
      await readText(`ClipId,StartedAt,Segments,Speed\n${CLIP},1540270724,"0-1;2-3",1\n`),
    );
    expect(event?.at['/ClipId']).toEqual({ line: 2, column: 1 });
    expect(event?.at['/Timestamp']).toEqual({ line: 2, column: 38 });
    expect(event?.at['/Position']).toEqual({ line: 2, column: 49 });
    expect(event?.at['/SessionId']).toEqual({ line: 2, column: 1 });
    expect(event?.at['']).toEqual({ line: 2, column: 1 });
  });
});

describe('the SessionIds of rows without one', () => {
  it('are version 5 UUIDs, the same each time, and differ between equal rows', async () => {
    const ids = idsOf(await readFixture('session-rows-repeated.csv'));
    expect(new Set(ids).size).toBe(4);
    for (const id of ids)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(idsOf(await readFixture('session-rows-repeated.csv'))).toEqual(ids);
  });

  it('stay what they are for ever: sending a file again must not look like new listening', async () => {
    const name = JSON.stringify(['row', '', CLIP, 1540270724000, [[0, 30000, null, null]], null]);
    const digest = createHash('sha1')
      .update(Buffer.from('b5a1c7e27d3f4c0c9a53d1c4f1de6a08', 'hex'))
      .update(name)
      .digest('hex');
    const [id] = idsOf(await readFixture('session-rows-repeated.csv'));
    expect(id?.slice(0, 13)).toBe(`${digest.slice(0, 8)}-${digest.slice(8, 12)}`);
    expect(id).toMatchInlineSnapshot(`"4cfe00e2-3138-5a40-b8f8-6f3bb940a676"`);
  });

  it('depend on what the row says, and not on how it is written', async () => {
    const id = async (csv: string, organization?: string) => idsOf(await readText(csv, { organization }))[0];
    const text = (title: string, seconds = '30', started = '1540270724') =>
      `ClipId,StartedAt,ListenedSeconds,Title\n${CLIP},${started},${seconds},${title}\n`;
    const usual = await id(text('Cats'));
    expect(await id(text('Dogs'))).toBe(usual);
    expect(await id(text('Cats', '0:30', '2018-10-23T04:58:44Z'))).toBe(usual);
    expect(await id(`ListenedSeconds;StartedAt;ClipId\r\n30,0;1540270724;{${CLIP.toUpperCase()}}\r\n`)).toBe(
      usual,
    );
    expect(await id(text('Cats', '30.001'))).not.toBe(usual);
    const organized = await id(text('Cats'), ORGANIZATION);
    expect(organized).not.toBe(usual);
    expect(await id(text('Cats'), ORGANIZATION.toUpperCase())).toBe(organized);
  });

  it('do not change for rows that others were put between', async () => {
    const header = 'ClipId,StartedAt,ListenedSeconds\n';
    const rows = fc.array(fc.constantFrom('1540270724,30', '1540270724,31', '1540270999,30'), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        const read = async (some: string[]) =>
          idsOf(await readText(header + some.map((cell) => `${CLIP},${cell}\n`).join(''))).filter(
            (_, i) => i % 2 === 0,
          );
        const all = await read(cells);
        expect(new Set(all).size).toBe(cells.length);
        const only = cells.filter((cell) => cell.endsWith('724,30'));
        expect(await read(only)).toEqual(all.filter((_, i) => cells[i]!.endsWith('724,30')));
      }),
      { numRuns: 50 },
    );
  });
});
