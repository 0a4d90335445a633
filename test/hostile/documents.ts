import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

const IDS = {
  OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
  ClipId: '9b5c82f7-74cf-4841-a870-a670017cc8eb',
  SessionId: 'a039f83d-1916-436b-a090-efbc08698506',
};
const START = { ...IDS, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: 1540270724 };
const STOP = { ...IDS, Type: 'Stop', Position: 30, SeqNumber: 2, Timestamp: 1540270754 };
const BODY = { Source: 'Custom', Events: [START, STOP], Completed: true };
const ENTRY = {
  startedDateTime: '2018-10-23T05:00:00Z',
  time: 10,
  request: {
    method: 'POST',
    url: `https://traffic.omny.fm/api/consumption/events?organizationId=${IDS.OrganizationId}`,
    headers: [{ name: 'Content-Type', value: 'application/json' }],
    postData: { mimeType: 'application/json', text: JSON.stringify(BODY) },
  },
  response: { status: 200, content: { text: '{"Enabled":true}' } },
};
const rows = (...all: readonly object[]) =>
  [Object.keys(all[0]!), ...all.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n');

/** A sound document of each format; CSV in both shapes. */
const SOUND = {
  json: [JSON.stringify(BODY, null, 1), JSON.stringify([START, STOP])],
  ndjson: [`${JSON.stringify(START)}\n${JSON.stringify(STOP)}\n`, `${JSON.stringify(BODY)}\n`],
  csv: [
    rows(START, STOP),
    rows({
      ...IDS,
      StartedAt: '2018-10-23T04:58:44Z',
      Segments: '0-4.5;30-1:00@1540270800',
      Source: '"Custom"',
    }),
    rows({
      ...IDS,
      StartedAt: 1540270724,
      ListenedSeconds: 30,
      StartPosition: 5,
      Speed: 1.5,
      ClipDuration: 60,
    }),
  ],
  har: [JSON.stringify({ log: { version: '1.2', entries: [ENTRY, ENTRY] } })],
} as const;

export type Format = keyof typeof SOUND;
export const FORMATS = Object.keys(SOUND) as readonly Format[];

/** What is put in where it hurts. */
const HURTS: readonly (string | readonly number[])[] = [
  '"',
  '\\',
  '{',
  '[',
  ']',
  '}',
  ',',
  ':',
  '\n',
  '\r',
  '\t',
  ' ',
  '\0',
  ';',
  '-',
  '@',
  '/*',
  '//',
  '=',
  '""',
  '\ufeff',
  '\u00a0',
  '\u2028',
  '\u202e',
  '\u001b[31m',
  '\u009b2J',
  '\u0007',
  '\u007f',
  '\ud83d\ude00',
  '\u0130',
  '1e999',
  '-1e999',
  '-0',
  '-1',
  '0.1',
  '9007199254740993',
  '1e-400',
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '1e11',
  '"__proto__":{},',
  '"constructor":1,',
  '"Events":[],',
  '"SessionId":null,',
  '"\\ud800"',
  '"\\u0000"',
  '\\x',
  '275761-01-01T00:00:00Z',
  '2018-02-30T00:00:00Z',
  '0:00-99999999999999:59',
  '99:99:99',
  '1,5',
  'Infinity',
  'NaN',
  '['.repeat(70),
  '{"a":'.repeat(70),
  '/* " */[[[[',
  'base64',
  '"encoding":"base64",',
  '%ff',
  'x'.repeat(70),
  [0xff],
  [0xed, 0xa0, 0x80],
  [0xc3],
  [0xfe, 0xff],
  [0x1f, 0x8b],
];

type Edit = readonly [at: number, cut: number, put: string | readonly number[]];

function edited(document: Buffer, edits: readonly Edit[]): Buffer {
  return edits.reduce<Buffer>((bytes, [at, cut, put]) => {
    const from = at % (bytes.length + 1);
    const piece = typeof put === 'string' ? Buffer.from(put) : Buffer.from(put);
    return Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(from + cut)]);
  }, document);
}

const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.nat(3000),
  fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(12), fc.nat(400)),
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...HURTS) }, fc.constant('')),
);

/** Documents of a format that were sound before they were cut, and hurt in some places; some packed, and hurt again. */
export function hurt(format: Format, pack = true): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      fc.constantFrom(...SOUND[format]),
      fc.array(edit, { maxLength: 5 }),
      fc.option(fc.nat(3000), { freq: 4 }),
      fc.option(fc.array(edit, { maxLength: 1 }), { freq: 5 }),
    )
    .map(([text, edits, keep, packed]) => {
      const bytes = edited(Buffer.from(text), edits);
      const cut = keep === null ? bytes : bytes.subarray(0, keep);
      return packed === null || !pack ? cut : edited(gzipSync(cut), packed);
    });
}

/** The sound documents themselves, as a check on the others. */
export function sound(format: Format): readonly string[] {
  return SOUND[format].map((text) => gunzipSync(gzipSync(text)).toString());
}
