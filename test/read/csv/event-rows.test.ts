import { describe, expect, it } from 'vitest';
import { eventsOf, readFixture, readText, syntaxOf, told } from './reading.js';

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const SESSION = 'a039f83d-1916-436b-a090-efbc08698506';
const HEADER = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp';

describe('event rows', () => {
  it('gives the events of the API document as its JSON writes them', async () => {
    const events = eventsOf(await readFixture('event-rows.csv'));
    const ids = { OrganizationId: ORGANIZATION, ClipId: CLIP, SessionId: SESSION };
    expect(events.map((event) => event.value)).toEqual([
      { ...ids, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: 1540270724 },
      { ...ids, Type: 'Stop', Position: 4.554, SeqNumber: 2, Timestamp: 1540270728 },
      { ...ids, Type: 'Start', Position: 308.053, SeqNumber: 3, Timestamp: 1540270728 },
      { ...ids, Type: 'Stop', Position: 542.643, SeqNumber: 4, Timestamp: 1540270962 },
    ]);
    expect(events[1]).toMatchObject({
      kind: 'event',
      place: { input: { index: 0, name: 'plays.csv' }, line: 3, column: 1, pointer: null, request: null },
    });
    expect(events[1]?.unnumbered).toBe(false);
  });

  it('marks rows of a file without a SeqNumber column as not numbered, and keeps their Source', async () => {
    const events = eventsOf(await readFixture('event-rows-unnumbered.csv'));
    expect(events).toHaveLength(4);
    for (const event of events) {
      expect(event.unnumbered).toBe(true);
      expect(event.value).toHaveProperty('Source', 'CustomWeb');
      expect(event.value).not.toHaveProperty('SeqNumber');
    }
  });

  it('reads a warehouse export with mapped columns, ISO times and an organization from outside', async () => {
    const records = await readFixture('event-rows-warehouse.csv', {
      organization: ORGANIZATION,
      map: {
        ClipId: 'episode_guid',
        session_id: 'Listen ID',
        Type: 'action',
        Position: 'playhead_seconds',
        Timestamp: 'event_time',
      },
    });
    expect(told(records)).toEqual([
      '2:1 Start 0  1540270724',
      '3:1 Stop 4.554  1540270728',
      '4:1 Start 308.053  1540270728',
      '5:1 Stop 542.643  1540270962',
    ]);
    expect(eventsOf(records)[3]?.value).toEqual({
      OrganizationId: ORGANIZATION,
      ClipId: CLIP,
      SessionId: SESSION,
      Type: 'Stop',
      Position: 542.643,
      Timestamp: 1540270962,
    });
  });

  it('leaves empty cells out, and cells that are no number as text, for the rules to tell', async () => {
    const values = eventsOf(await readFixture('event-rows-loose-types.csv')).map((event) => event.value);
    expect(values[0]).not.toHaveProperty('Position');
    expect(values[1]).toMatchObject({ Position: '4,554' });
    expect(values[2]).toMatchObject({ Position: 542.643, Timestamp: 1540270962.25 });
  });

  it.each([
    ['1e3', 1000],
    ['-0.5', -0.5],
    ['1e999', Number.POSITIVE_INFINITY],
    ['9007199254740993', 9007199254740992],
    ['+5', '+5'],
    ['.5', '.5'],
    ['05', '05'],
    ['5.', '5.'],
    ['Infinity', 'Infinity'],
    ['1 000', '1 000'],
    ['١', '١'],
    [' ', ' '],
  ])('reads the Position %j as %j', async (cell, position) => {
    const [event] = eventsOf(
      await readText(`${HEADER}\n${ORGANIZATION},${CLIP},${SESSION},Start,${cell},1,1540270724\n`),
    );
    expect(event?.value).toHaveProperty('Position', position);
  });

  it('keeps ids and other texts as they are written', async () => {
    const [event] = eventsOf(
      await readText(`${HEADER},Source\n ABC,{x},"a,""b",start,0,1,1540270724, Web\n`),
    );
    expect(event?.value).toMatchObject({
      OrganizationId: ' ABC',
      ClipId: '{x}',
      SessionId: 'a,"b',
      Type: 'start',
      Source: 'Web',
    });
  });

  it('divides numeric times by 1000 where told that they are milliseconds, and leaves ISO times alone', async () => {
    const row = (time: string) => `${ORGANIZATION},${CLIP},${SESSION},Start,0,1,${time}\n`;
    const text = `${HEADER}\n${row('1540270724123')}${row('2018-10-23T04:58:44.123Z')}`;
    for (const event of eventsOf(await readText(text, { timestampUnit: 'ms' }))) {
      expect(event.value).toHaveProperty('Timestamp', 1540270724.123);
    }
  });

  it('leaves out a row whose time cannot be read, telling where and why', async () => {
    const row = (time: string) => `${ORGANIZATION},${CLIP},${SESSION},Start,0,1,${time}\n`;
    const times = ['yesterday', '2018-10-23T04:58:44', '2018-02-29T04:58:44Z', '0x5bce', '1540270724'];
    expect(told(await readText(`${HEADER}\n${times.map(row).join('')}`))).toEqual([
      '2:122 Expected unix time or an ISO 8601 time in Timestamp, received "yesterday"',
      '3:122 Expected a time with an offset in Timestamp, received "2018-10-23T04:58:44"',
      '4:122 Expected a real date in Timestamp, received "2018-02-29T04:58:44Z"',
      '5:122 Expected unix time or an ISO 8601 time in Timestamp, received "0x5bce"',
      '6:1 Start 0 1 1540270724',
    ]);
  });

  it('takes a clip duration along', async () => {
    const rows = ['1804.2', '', 'long'].map(
      (cell) => `${ORGANIZATION},${CLIP},${SESSION},Start,0,1,1540270724,${cell}\n`,
    );
    const records = await readText(`${HEADER},clip_duration\n${rows.join('')}`);
    expect(eventsOf(records).map((event) => event.clipDuration)).toEqual([1804.2, undefined]);
    expect(syntaxOf(records)[0]?.place).toMatchObject({ line: 4, column: 133 });
  });

  it('locates each cell, past quotes and line breaks; what is absent at the beginning of the row', async () => {
    const text = `Title,${HEADER}\n"a ""b"",\r\nc",${ORGANIZATION},"${CLIP}",,Start,0,1,1540270724\n`;
    const [event] = eventsOf(await readText(text));
    expect(event?.place).toMatchObject({ line: 2, column: 1 });
    expect(event?.at['/OrganizationId']).toEqual({ line: 3, column: 4 });
    expect(event?.at['/ClipId']).toEqual({ line: 3, column: 41 });
    expect(event?.at['/Type']).toEqual({ line: 3, column: 81 });
    expect(event?.at['/SessionId']).toEqual({ line: 2, column: 1 });
    expect(event?.at['/Source']).toEqual({ line: 2, column: 1 });
    expect(event?.at['']).toEqual({ line: 2, column: 1 });
  });

  it('fills in the organization in rows that have none only', async () => {
    const text = `${HEADER}\n,${CLIP},${SESSION},Start,0,1,1540270724\nother,${CLIP},${SESSION},Stop,9,2,1540270733\n`;
    const events = eventsOf(await readText(text, { organization: ORGANIZATION }));
    expect(events.map((event) => (event.value as { OrganizationId: string }).OrganizationId)).toEqual([
      ORGANIZATION,
      'other',
    ]);
  });
});
