import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAll, told } from '../reading.js';

const JSON_NAME = { name: 'a.json' };
const LINES = { name: 'a.ndjson' };

describe('a JSON document', () => {
  it('that is a body is one request', async () => {
    expect(told(await readAll('{"Source":"Custom","Events":[],"Completed":true}', JSON_NAME))).toEqual([
      'request 1:1  {"Source":"Custom","Events":[],"Completed":true}',
    ]);
  });

  it('that is an array gives its elements, each at its own place', async () => {
    expect(
      told(await readAll('[\n  {"Type":"Start"},\n  {"Events":[]}, {"type":"Stop"}\n]\n', JSON_NAME)),
    ).toEqual([
      'event 2:3 /0 {"Type":"Start"}',
      'request 3:3 /1 {"Events":[]}',
      'event 3:18 /2 {"type":"Stop"}',
    ]);
  });

  it.each([
    ['[', ['syntax 1:2 expected the rest of the JSON array, closed with ], received the end']],
    [
      '[{"Type":1},',
      [
        'event 1:2 /0 {"Type":1}',
        'syntax 1:13 expected the rest of the JSON array, closed with ], received the end',
      ],
    ],
    [
      '[{"Type":1}\n{"Type":2}]',
      ['event 1:2 /0 {"Type":1}', 'syntax 2:1 expected a comma or ], received other text'],
    ],
    [
      '[{"Type":1},,{"Type":2}]',
      ['event 1:2 /0 {"Type":1}', 'syntax 1:13 expected an element, received ","'],
    ],
    [
      '[{"Type":1},\n {"Type":tru}]',
      ['event 1:2 /0 {"Type":1}', 'syntax 2:10 expected a JSON value, received "tru}"'],
    ],
    ['{"Source": "Web"', ['syntax 1:17 expected a closing }, received the end']],
    ['{"Source": }', ['syntax 1:12 expected a JSON value, received "}"']],
    ["{'Source': 1}", ['syntax 1:2 expected a JSON value, received "\'Source\': 1}"']],
  ])('that breaks tells where: %s', async (text, expected) => {
    expect(told(await readAll(text, JSON_NAME))).toEqual(expected);
  });

  it('may be followed by another', async () => {
    expect(told(await readAll('[{"Type":1}] {}', JSON_NAME))).toEqual([
      'event 1:2 /0 {"Type":1}',
      'request 1:14  {}',
    ]);
  });

  it('indented with no-break spaces, as it is copied from a web page, is told so', async () => {
    const copied = '{\n\u00a0 "Source":\u00a0"a\u00a0b",\n\u00a0 "Events": [] }';
    expect(told(await readAll(copied, JSON_NAME))).toEqual([
      'syntax 2:1 expected a space or a line end between JSON values, received a no-break space (U+00A0)',
    ]);
    const [record] = await readAll(copied.replaceAll(/\u00a0(?!b)/g, ' '), JSON_NAME);
    expect(record).toMatchObject({ kind: 'request', value: { Source: 'a\u00a0b', Events: [] } });
  });

  it('nested 64 deep is read, 65 deep is not', async () => {
    const nested = (depth: number): string => `{"Events":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect((await readAll(nested(64), JSON_NAME)).at(-1)?.kind).toBe('request');
    expect(told(await readAll(nested(65), JSON_NAME))).toEqual([
      'syntax 1:74 expected at most 64 levels of nesting, received a deeper value',
    ]);
    const elements = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect((await readAll(elements(64), JSON_NAME)).at(-1)?.kind).toBe('request');
    expect((await readAll(elements(65), JSON_NAME)).at(-1)?.kind).toBe('syntax');
  });

  it('gives the same records however its bytes are cut', async () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map((json) => (typeof json === 'object' ? json : [json]));
    await fc.assert(
      fc.asyncProperty(value, fc.nat(3), fc.integer({ min: 1, max: 40 }), async (json, indent, size) => {
        const text = JSON.stringify(json, null, indent);
        const values = (await readAll(text, { ...JSON_NAME, size })).map((each) =>
          each.kind === 'syntax' ? each : each.value,
        );
        expect(values).toEqual(JSON.parse(JSON.stringify(Array.isArray(json) ? json : [json])));
      }),
    );
  });
});

describe('one value per line', () => {
  it('may mix bodies, events and arrays, and blank lines', async () => {
    const text = '\n{"Type":"Start"}\r\n\r\n[{"Type":"Stop"},{"Events":[]}]\n  {"Events":[]}';
    expect(told(await readAll(text, LINES))).toEqual([
      'event 2:1  {"Type":"Start"}',
      'event 4:2 /0 {"Type":"Stop"}',
      'request 4:18 /1 {"Events":[]}',
      'request 5:3  {"Events":[]}',
    ]);
  });

  it('that breaks costs its own line only', async () => {
    expect(told(await readAll('{"Type":"Start"\n{"Type":"Stop"}\n"abc\n', LINES))).toEqual([
      'syntax 1:16 expected a closing }, received the end',
      'event 2:1  {"Type":"Stop"}',
      'syntax 3:1 expected a closing quote, received "\\"abc"',
    ]);
  });

  it('of more than 16 MiB is told, and the rest is read in bounded memory', async () => {
    const long = `{"x":"${'y'.repeat(17 * 1024 * 1024)}"}`;
    expect(told(await readAll(`${long}\n{"Type":"Stop"}\n`, LINES))).toEqual([
      'syntax 1:1 expected a line of at most 16 MiB, received a line of 17.0 MiB',
      'event 2:1  {"Type":"Stop"}',
    ]);
  });

  it('that is no UTF-8 is told', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"Type":"St'),
      Buffer.from([0xff]),
      Buffer.from('op"}\n{"Type":"Stop"}'),
    ]);
    expect(told(await readAll(bytes, LINES))).toEqual([
      'syntax 1:12 expected UTF-8, received bytes that are not UTF-8',
      'event 2:1  {"Type":"Stop"}',
    ]);
  });

  it('gives the same records and places however its bytes are cut', async () => {
    const line = fc.oneof(
      fc
        .record({ Type: fc.string({ unit: 'grapheme' }), Position: fc.double({ noNaN: true }) })
        .map((event) => JSON.stringify(event)),
      fc.constantFrom('', '{"Type":', '[{"Type":1},{"Type":2}]', 'nonsense'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 50 }),
        async (lines, end, size) => {
          const text = lines.join(end);
          expect(told(await readAll(text, { ...LINES, size }))).toEqual(told(await readAll(text, LINES)));
        },
      ),
    );
  });

  it('finds each value in its line', async () => {
    const pointers = ['/a/1', '/a', '/none/1'];
    const [record] = await readAll('{"a":{"b~/":[1, 22]},"a": [true,  "x"]}', { ...LINES, pointers });
    expect(record).toMatchObject({
      kind: 'request',
      at: {
        '/a/1': { line: 1, column: 35 },
        '/a': { line: 1, column: 27 },
        '/none/1': { line: 1, column: 1 },
      },
    });
  });
});
