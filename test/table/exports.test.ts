import { describe, expect, it } from 'vitest';
import { type ReadOptions, readInputs } from '../../src/read/read.js';
import { foreignDocument } from '../../src/table/foreign.js';
import { validate } from '../../src/validate/validate.js';

const CLIP = 'b1e2c3d4-5f60-4718-92a3-b4c5d6e7f801';
const ORGANIZATION = '3c0f7a52-9d1e-4b6a-8f21-7a41c2d09e55';
const sessionId = (n: number) => `0d9a1c52-77b1-4c0e-a1f0-${String(n).padStart(12, '0')}`;

/** What is said of an export, as `rule: received. hint` of each finding but infos; and its figures. */
async function judged(text: string, options: Partial<ReadOptions> = {}, name = 'export.csv') {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  const inputs = readInputs([{ name, bytes }], { organization: ORGANIZATION, ...options });
  const { findings, summary } = await validate(inputs, { now: 1_790_000_000 });
  const said = findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule, received, hint }) => `${rule}: ${received}. ${hint}`);
  return { said, played: summary.playedSeconds, unreadable: summary.unreadable };
}

const HEADER = 'ClipId,SessionId,StartedAt,ListenedSeconds';
const row = (n: number, listened: number | string) =>
  `${CLIP},${sessionId(n)},${1_772_442_000 + n * 5000},${listened}`;
const lines = (...rows: string[]) => `${rows.join('\n')}\n`;
const listening = (amounts: readonly string[], delimiter = ';') =>
  lines(
    ...[HEADER, ...amounts.map((_, n) => row(n, ''))].map(
      (text, n) => text.replaceAll(',', delimiter) + (amounts[n - 1] ?? ''),
    ),
  );

describe('numbers with thousands separators', () => {
  const WHOLE = ['855', '242', '61', '903', '477', '561'];
  const GROUPED = ['1.834', '1.360', '10.070', '2.712', '3.604'];

  it.each([
    ['points of a German spreadsheet', [...WHOLE, ...GROUPED], ';'],
    ['commas in a table with tabs', [...WHOLE, ...GROUPED].map((text) => text.replace('.', ',')), '\t'],
  ])('are not read as decimals: %s', async (_what, amounts, delimiter) => {
    const { said } = await judged(listening(amounts, delimiter));
    const first = amounts[6];
    expect(said).toEqual([
      `table-unit: 6 whole numbers under 1,000, and 5 numbers like ${first}. If ${first} means 1834, export numbers without thousands separators. If it means less than 30 s, add --rule table-unit=warning`,
    ]);
  });

  it.each([
    ['a whole number from 1,000 on', [...WHOLE, ...GROUPED, '1200']],
    ['another number of decimals', [...WHOLE, ...GROUPED, '61.4']],
    ['a long decimal', [...WHOLE, ...GROUPED, '61.417']],
    ['few of them', [...WHOLE, ...GROUPED.slice(1)]],
    ['few whole numbers', [...WHOLE.slice(2), ...GROUPED]],
  ])('are decimals beside %s', async (_what, amounts) => {
    expect((await judged(listening(amounts))).said).toEqual([]);
  });

  it.each([
    ['1.834,5', '1834.5'],
    ['1.834,500', '1834.500'],
    ['1\u202f834,5', '1834.5'],
    ['1,834,500', '1834500'],
  ])('are refused where the form is plain: %s', async (amount, right) => {
    expect((await judged(listening([amount]))).said).toEqual([
      `syntax: ${JSON.stringify(amount)}. Write numbers without thousands separators, and decimals with a point: ${right}`,
    ]);
  });
});

describe('another header below the first', () => {
  it('ends what is read: its rows have other columns', async () => {
    const other = `${sessionId(2)},${CLIP},1772452000,60`;
    const text = lines(HEADER, row(1, 60), 'SessionId,ClipId,StartedAt,ListenedSeconds', other);
    const hint = 'Split the file before line 3: other columns begin there';
    expect(await judged(text)).toEqual({
      said: [`syntax: another header. ${hint}`, `syntax: a row below another header. ${hint}`],
      played: 60,
      unreadable: 2,
    });
  });

  it('may have more cells, and the first one may come back', async () => {
    const text = lines(HEADER, row(1, 60), `${HEADER},Source`, `${row(2, 60)},Web`, HEADER, row(3, 60));
    expect(await judged(text)).toMatchObject({ said: { length: 2 }, played: 120 });
  });

  it('is found on the fast path of event rows, too', async () => {
    const events = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp';
    const swapped = 'OrganizationId,SessionId,ClipId,Type,Position,SeqNumber,Timestamp';
    const event = (ids: string, type: string, n: number) =>
      `${ORGANIZATION},${ids},${type},${n * 60},${n + 1},${1_772_442_000 + n * 60}`;
    const [a, b] = [`${CLIP},${sessionId(1)}`, `${sessionId(2)},${CLIP}`];
    const text = lines(
      events,
      event(a, 'Start', 0),
      event(a, 'Stop', 1),
      swapped,
      event(b, 'Start', 0),
      event(b, 'Stop', 1),
    );
    expect(await judged(text)).toMatchObject({ played: 60, unreadable: 3 });
  });
});

describe('rows of one SessionId', () => {
  const rows = (times: readonly number[]) =>
    times.map((time, n) => `${CLIP},${sessionId(1)},${1_772_442_000 + time},${60 + n}`);
  const header = HEADER.replace('StartedAt', 'start_utc');
  const map = new Map([['startedat', 'start_utc']]);
  const LAST =
    'If each row is one interval of a session, add --shape intervals, which needs a StartPosition column. If a later row replaces an earlier one, export only the last row of each session';

  it('are sessions of their own with the key that the hint names', async () => {
    const text = lines(header, ...rows([0, 500]));
    expect((await judged(text, { map })).said).toEqual([
      `syntax: two rows of one session: "${sessionId(1)}". If each row is a session of its own, add --session-key SessionId,start_utc. ${LAST}`,
    ]);
    const sessionKey = ['SessionId', 'start_utc'];
    expect(await judged(text, { map, sessionKey })).toMatchObject({ said: [], played: 121 });
    expect((await judged(lines(header, ...rows([0, 0])), { map, sessionKey })).said).toEqual([
      expect.stringContaining(`Name more columns in --session-key. ${LAST}`),
    ]);
  });
});

describe('rows of JSON', () => {
  it('without a shape are asked for it', async () => {
    const text = `${JSON.stringify({ clip_id: CLIP, session_id: sessionId(1), started_at: 1, listened_ms: 2 })}\n`;
    const { said } = await judged(text, {}, 'export.ndjson');
    expect(said[0]).toMatch(/^request-shape: .*add --shape sessions \(one listening session\)/);
    const body = JSON.stringify({ source: 'Web', Events: [] });
    expect((await judged(body, {}, 'body.json')).said.join()).not.toContain('--shape');
  });

  it('that hold a part of the event are read as rows, not cut out', () => {
    const properties = { session_id: 's', clip_id: 'c', position: 1 };
    const name = (value: unknown) => foreignDocument(Buffer.from(JSON.stringify(value)), 'plays')!.next;
    const asRows = 'Read each object as a row, with nested values as columns: add --shape events';
    expect(name({ event: 'Audio Start', properties })).toBe(asRows);
    expect(name([{ event: 'Audio Start', properties }])).toBe(asRows);
    expect(name({ batch: [{ event: 'Audio Start', properties }] })).toContain('jq');
  });
});

it('names pandas’ NaT as a null marker', async () => {
  const text = lines(`${HEADER},EndedAt`, `${row(1, 60)},NaT`);
  expect((await judged(text)).said).toEqual([expect.stringContaining('Add --null NaT')]);
  expect(await judged(text, { nulls: ['NaT'] })).toMatchObject({ said: [], played: 60 });
});

it('says how to read rows that end with a delimiter', async () => {
  const { said } = await judged(lines(HEADER, `${row(1, 60)},`));
  expect(said).toEqual([expect.stringContaining('end the header with one, too')]);
  expect(await judged(lines(`${HEADER},`, `${row(1, 60)},`))).toMatchObject({ said: [], played: 60 });
});

it('names milliseconds first where lengths are too long', async () => {
  const { said } = await judged(lines(HEADER, row(1, 855_414), row(2, 1_834_500)));
  expect(said[0]).toContain('perhaps milliseconds (--duration-unit ms), minutes');
});

describe('a first row that is not the header', () => {
  const refused = async (text: string) =>
    judged(text, {}, 'plays.csv').then(
      () => null,
      (error: unknown) => (error as { advice?: string }).advice,
    );

  it.each([
    [',', "sed '1i NAME1,NAME2,NAME3,NAME4' plays.csv > with-header.csv"],
    ['\t', String.raw`sed '1i NAME1\tNAME2\tNAME3\tNAME4' plays.csv > with-header.csv`],
  ])('is data, in a file without a header (cells between %j)', async (delimiter, command) => {
    const text = lines(row(1, 300), row(2, 200)).replaceAll(',', delimiter);
    expect(await refused(text)).toMatch(`The first row holds data, not the names of columns.`);
    expect((await refused(text))!.split(': ').at(-1)).toBe(command);
  });

  it('is data, with cells that are equal', async () => {
    expect(await refused(lines(`${CLIP},5,5,1772442000`))).toMatch('Put a header in front');
  });

  it('is a title above the header', async () => {
    expect(await refused(lines('Plays of March', HEADER, row(1, 300)))).toBe(
      "The header comes later. Remove the rows above it: sed -n '/ClipId/,$p' plays.csv > without-title.csv",
    );
  });

  it('is the header, even with clips as columns', async () => {
    expect(await refused(lines(`${HEADER},${CLIP}`, `${row(1, 300)},5`))).toBeNull();
  });
});

it('a date and a time of day in two columns are joined by a query', async () => {
  const table = lines('ClipId,date,time,ListenedSeconds', `${CLIP},2026-03-02,09:00:00,300`);
  await expect(judged(table, {}, 'plays.csv')).rejects.toMatchObject({
    advice: expect.stringContaining(
      String.raw`--query 'select *, "date" || '\'' '\'' || "time" as StartedAt from '\''plays.csv'\''' instead of the file`,
    ),
  });
});
