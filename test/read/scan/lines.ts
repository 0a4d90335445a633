import fc from 'fast-check';

const SHARED = '00000000-0000-0000-0000-000000000001';
const HOSTILE_IDS = [
  '"00000000-0000-0000-0000-000000000000"',
  '"2EC9D456-c870-4694-ad69-844eea3d02ef"',
  '"2EC9D456-C870-4694-AD69-844EEA3D02EF"',
  '"12345678-1234-4234-8234-123456789012"',
  '"2ec9d456-c870-4694-ad69-844eea3d02eg"',
  '"2ec9d456-c870-4694-ad69-844eea3d02e"',
  '"2ec9d456c8704694ad69844eea3d02ef"',
  '"\\u0032ec9d456-c870-4694-ad69-844eea3d02ef"',
  'null',
];

/** One of few ids, now and then one that stands for other things too, or that is none. */
function id(...usual: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...usual).map((text) => `"${text}"`) },
    { weight: 1, arbitrary: fc.constant(`"${SHARED}"`) },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_IDS) },
  );
}

const organization = id('126281f8-200e-4c9f-8378-a4870055423b');
const clip = id('4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4', 'fd33f2ac-2bf5-4c8f-9d3b-9b8a1be2f8c6');
const session = id(
  '2ec9d456-c870-4694-ad69-844eea3d02ef',
  '756f9e37-b48b-435d-a865-dd287f33295e',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
);

const digits = fc.stringMatching(/^[0-9]{1,18}$/);
const number = fc.oneof(
  { weight: 6, arbitrary: fc.nat(99_999).map(String) },
  { weight: 4, arbitrary: fc.tuple(fc.nat(99_999), fc.nat(999_999)).map(([a, b]) => `${a}.${b}`) },
  { weight: 2, arbitrary: fc.tuple(digits, digits).map(([a, b]) => `${a}.${b}`) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '0',
      '-0',
      '1e3',
      '1E999',
      '-1',
      '01',
      '1.',
      '.5',
      '+1',
      '0.30000000000000004',
      '""',
      '1 2',
      '9007199254740993',
      '0.1e1',
      '999999999999999',
      '9999999999999999',
      '1.0',
    ),
  },
);
const whole = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 12 }).map(String) },
  { weight: 1, arbitrary: number },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '4294967296', '1.0', '1.5', '999999999', '1000000000', 'true'),
  },
);
const timestamp = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1_700_000_000, max: 1_700_000_300 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '1000000000',
      '999999999',
      '99999999999',
      '100000000000',
      '1700000000.5',
      '1700000000.0',
      '1.7e9',
      '1800000300',
      '1800000301',
      '01700000000',
    ),
  },
  { weight: 1, arbitrary: number },
);
const type = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('"Start"', '"Stop"') },
  { weight: 1, arbitrary: fc.constantFrom('"start"', '"Stopp"', '"Sto"', '"St\\u006fp"', '""', '7') },
);
const space = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '\r', '  ', '\u00a0', '\f') },
);

const fields = fc
  .record({
    OrganizationId: organization,
    ClipId: clip,
    SessionId: session,
    Type: type,
    Position: number,
    SeqNumber: whole,
    Timestamp: timestamp,
  })
  .map((values) => Object.entries(values).map(([name, value]) => [`"${name}"`, value] as [string, string]));

/** An event as text, written in some way, perhaps wrongly. */
export const event = fc
  .tuple(
    fields,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([0, 1, 2, 3, 4, 5, 6]) },
      { weight: 1, arbitrary: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 6 }) },
      { weight: 1, arbitrary: fc.array(fc.nat(6), { minLength: 7, maxLength: 8 }) },
    ),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(null) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<[string, string]>(
          ['"Source"', '"Custom"'],
          ['"Source"', '"SmartSpeaker"'],
          ['"Source"', '"Web"'],
          ['"Source"', '"Customs"'],
          ['"Source"', 'Custom'],
          ['"type"', '"Stop"'],
          ['"T\\u0079pe"', '"Stop"'],
          ['"__proto__"', '{}'],
          ['"x"', '[1]'],
        ),
      },
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(['']) },
      { weight: 1, arbitrary: fc.constant([' ']) },
      { weight: 2, arbitrary: fc.array(space, { minLength: 1, maxLength: 9 }) },
    ),
  )
  .map(([pairs, order, more, spaces]) => {
    const at = (i: number) => spaces[i % spaces.length]!;
    const chosen = [...order.map((i) => pairs[i]!), ...(more ? [more] : [])];
    const body = chosen.map(
      ([name, value], i) => `${at(i)}${name}${at(i + 1)}:${at(i + 2)}${value}${at(i + 3)}`,
    );
    return `${at(4)}{${body.join(',')}}${at(5)}`;
  });

/** An event as most are. */
export const usual = fc
  .tuple(
    fc.constantFrom('2ec9d456-c870-4694-ad69-844eea3d02ef', '756f9e37-b48b-435d-a865-dd287f33295e'),
    fc.constantFrom('Start', 'Stop'),
    fc.tuple(fc.nat(9999), fc.nat(999)),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1_700_000_000, max: 1_700_000_300 }),
  )
  .map(
    ([sessionId, Type, [seconds, ms], SeqNumber, Timestamp]) =>
      `{"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4","SessionId":"${sessionId}","Type":"${Type}","Position":${seconds}.${ms},"SeqNumber":${SeqNumber},"Timestamp":${Timestamp}}`,
  );

/** The same with a name that stands twice. */
export const doubled = fc
  .tuple(usual, fc.constantFrom('"Position":7', '"SeqNumber":2', '"Type":"Stop"', '"Timestamp":1700000001'))
  .map(([text, again]) => `${text.slice(0, -1)},${again}}`);

export const EDITS = [
  '"',
  '}',
  '{',
  ',',
  ':',
  '-',
  '.',
  '0',
  'f',
  'G',
  ' ',
  '\\',
  '\u0000',
  'é',
  '\ufffd',
  '\u2028',
  '',
];

/** The same with a character put in, or in place of another, or the rest cut off. */
export const edited = fc
  .tuple(fc.oneof(event, usual), fc.nat(), fc.constantFrom(...EDITS), fc.nat(2))
  .map(([text, where, edit, drop]) => {
    const at = where % (text.length + 1);
    return drop === 2 && edit === '' ? text.slice(0, at) : text.slice(0, at) + edit + text.slice(at + drop);
  });

const other = fc.constantFrom(
  '',
  ' ',
  'null',
  '[]',
  '{"Events":[],"Source":"Custom","Completed":true}',
  '{}',
  '[{"Type":"Start"},3]',
);

/** Lines of an NDJSON input: sound, unusual, broken and hostile ones. */
const lines = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: usual },
    { weight: 5, arbitrary: event },
    { weight: 2, arbitrary: edited },
    { weight: 1, arbitrary: doubled },
    { weight: 1, arbitrary: other },
  ),
  { minLength: 1, maxLength: 40 },
);

/** The bytes of such an input, with bytes that are no UTF-8 now and then, in chunks of any size. */
export const input = inputOf(lines);

/** The same of other lines. */
export function inputOf(lines: fc.Arbitrary<string[]>): fc.Arbitrary<Buffer[]> {
  return fc
    .tuple(
      lines,
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.option(fc.tuple(fc.nat(), fc.integer({ min: 128, max: 255 })), { freq: 6 }),
      fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1000, max: 20_000 })), {
        minLength: 1,
      }),
    )
    .map(([text, feed, ends, spoil, sizes]) => {
      const bytes = Buffer.from(text.join(feed) + (ends ? feed : ''));
      if (spoil && bytes.length > 0) bytes[spoil[0] % bytes.length] = spoil[1];
      const chunks: Buffer[] = [];
      for (let at = 0, i = 0; at < bytes.length; i += 1) {
        chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]!));
        at += sizes[i % sizes.length]!;
      }
      return chunks;
    });
}
