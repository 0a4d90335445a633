import fc from 'fast-check';

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const CLIPS = ['4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4', 'FD33F2AC-2BF5-4C8F-9D3B-9B8A1BE2F8C6'];
const SESSIONS = ['2ec9d456-c870-4694-ad69-844eea3d02ef', '756f9e37-b48b-435d-a865-dd287f33295e', CLIPS[0]!];

const usual = {
  OrganizationId: fc.constant(ORGANIZATION),
  ClipId: fc.constantFrom(...CLIPS),
  SessionId: fc.constantFrom(...SESSIONS),
  Type: fc.constantFrom('Start', 'Stop'),
  Position: fc.tuple(fc.nat(9999), fc.nat(999)).map(([seconds, ms]) => `${seconds}.${ms}`),
  SeqNumber: fc.integer({ min: 1, max: 12 }).map(String),
  Timestamp: fc.integer({ min: 1_700_000_000, max: 1_700_000_300 }).map(String),
  Source: fc.constantFrom('', 'Custom', 'MobileApp'),
  ClipDuration: fc.constant(''),
  Title: fc.constantFrom('', 'News', 'é \u2028', '0'),
};
type Column = keyof typeof usual;
const COLUMNS = Object.keys(usual) as Column[];

/** What may stand in any cell, whatever its column. */
const odd = fc.constantFrom(
  '',
  ' ',
  '"',
  '""',
  '"a"',
  '"a,b"',
  '"a""b"',
  '"a\nb"',
  '"a\r\nb"',
  'a"b',
  '"a"b',
  '"a',
  'a\rb',
  'é',
  '\ufffd',
  '0',
  '-0',
  '1e3',
  '01',
  '1.',
  '.5',
  '-1',
  ' 7',
  '7 ',
  '1,5',
  '999999999999999.5',
  '12345678901234567890',
  '4294967296',
  '2023-11-14T22:13:20Z',
  '1800000301',
  '1700000000.5',
  '1700000000000',
  'start',
  'Web',
  'web',
  'Start',
  'null',
  '00000000-0000-0000-0000-000000000000',
  ORGANIZATION.toUpperCase(),
  `"${ORGANIZATION}"`,
  ORGANIZATION.slice(1),
);

const row = fc.record({
  cells: fc.record(usual),
  odd: fc.oneof(
    { weight: 20, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...COLUMNS), odd) },
  ),
  shape: fc.oneof(
    { weight: 40, arbitrary: fc.constant('sound') },
    { weight: 1, arbitrary: fc.constantFrom('more', 'fewer', 'empty', 'blank') },
  ),
});

/** The bytes of a CSV of events, sound rows, unusual, broken and hostile ones, in chunks of any size. */
export const table = fc
  .record({
    columns: fc.oneof(
      { weight: 3, arbitrary: fc.constant(COLUMNS.slice(0, 7)) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(
            fc.shuffledSubarray(COLUMNS, { minLength: COLUMNS.length }),
            fc.constantFrom('', '', 'SeqNumber', 'Source', 'ClipDuration', 'Title'),
          )
          .map(([columns, without]) => columns.filter((column) => column !== without)),
      },
    ),
    rows: fc.array(row, { minLength: 1, maxLength: 60, size: 'max' }),
    delimiter: fc.constantFrom(',', ',', ';', '\t', '|'),
    feed: fc.constantFrom('\n', '\n', '\r\n', '\r'),
    ends: fc.boolean(),
    mark: fc.boolean(),
    spoil: fc.option(fc.tuple(fc.nat(), fc.integer({ min: 128, max: 255 })), { freq: 2 }),
    sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 5000, max: 60_000 })), {
      minLength: 1,
    }),
  })
  .map(({ columns, rows, delimiter, feed, ends, mark, spoil, sizes }) => {
    const lines = rows.map(({ cells, odd: change, shape }) => {
      if (shape === 'empty' || shape === 'blank') return shape === 'empty' ? '' : ' ';
      const texts = columns.map((column) => (change?.[0] === column ? change[1] : cells[column]));
      if (shape === 'more') texts.push('x');
      if (shape === 'fewer') texts.pop();
      return texts.join(delimiter);
    });
    const text = [columns.join(delimiter), ...lines].join(feed) + (ends ? feed : '');
    const bytes = Buffer.from((mark ? '\ufeff' : '') + text);
    const head = bytes.indexOf(feed) + 1;
    if (spoil && bytes.length > head) bytes[head + (spoil[0] % (bytes.length - head))] = spoil[1];
    const chunks: Buffer[] = [];
    for (let at = 0, i = 0; at < bytes.length; i += 1) {
      chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]!));
      at += sizes[i % sizes.length]!;
    }
    return chunks;
  });
