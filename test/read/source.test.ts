import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { readAll, told } from './reading.js';

const EVENT = '{"Type":"Start"}';

describe('gzip', () => {
  it.each([1, 7, 65_536])(
    'is unpacked on the way, several members too, in chunks of %i bytes',
    async (size) => {
      const packed = Buffer.concat([gzipSync(`${EVENT}\n`), gzipSync(EVENT)]);
      expect(told(await readAll(packed, { name: 'a.ndjson.gz', size }))).toEqual([
        `event 1:1  ${EVENT}`,
        `event 2:1  ${EVENT}`,
      ]);
      expect(await readAll(packed, { name: '<stdin>', size })).toHaveLength(2);
    },
  );

  it('cut short gives what came before, and says so', async () => {
    const packed = gzipSync(
      Array.from({ length: 3000 }, (_, i) => `{"Type":"Start","Position":${i * 7919}}`).join('\n'),
    );
    for (const share of [0.3, 0.9]) {
      const records = told(await readAll(packed.subarray(0, packed.length * share), { name: 'a.ndjson.gz' }));
      expect(records.length).toBeGreaterThan(100);
      expect(records.at(-1)).toBe(
        `syntax ${records.length}:1 expected whole gzip data, received data that ends too early`,
      );
      expect(records.slice(0, -1).every((record) => record.startsWith('event'))).toBe(true);
    }
  });

  it('with damage in the middle, or rubbish behind it, is told', async () => {
    const packed = gzipSync(`${EVENT}\n${'x'.repeat(100)}`);
    packed[30]! ^= 0xff;
    expect(told(await readAll(packed, { name: 'a.ndjson.gz' })).at(-1)).toMatch(
      /^syntax \d+:1 expected valid gzip data/,
    );
    const behind = Buffer.concat([gzipSync(`${EVENT}\n`), Buffer.from('rubbish')]);
    expect(told(await readAll(behind, { name: 'a.ndjson.gz' })).at(-1)).toMatch(
      /^syntax \d+:1 expected valid gzip data/,
    );
  });

  it('that unpacks to more than a thousand times its size is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    expect(told(await readAll(bomb, { name: 'a.ndjson.gz' }))).toEqual([
      'syntax 1:1 expected gzip data that unpacks to at most 1000 times its size, received more: it looks like a gzip bomb',
    ]);
  });
});

describe('the format', () => {
  it.each([
    ['<stdin>', `${EVENT}\n${EVENT}\n`, 2, 'one value per line'],
    ['plays.json', `${EVENT}\n${EVENT}\n`, 2, 'a .json that holds a value a line'],
    ['plays.json', `\u001e${EVENT}\n\u001e${EVENT}\n`, 2, 'a .json of values with record separators'],
    ['plays.json-seq', `\u001e${EVENT}\n\u001e${EVENT}\n`, 2, 'values with record separators'],
    ['plays.json', `{"Type":"Sta\n${EVENT}\n`, 2, 'a .json of lines whose first is broken'],
    ['<stdin>', `[\n${EVENT},\n${EVENT}\n]`, 2, 'an array with an event a line'],
    ['<stdin>', `{"Events":[\n${EVENT}\n],"Completed":true}`, 1, 'a body with an event a line'],
    ['<stdin>', `\ufeff{\n"Events": [] }`, 1, 'a pretty body behind a BOM'],
    ['<stdin>', `[${EVENT},${EVENT}]`, 2, 'an array on one line'],
    ['export.txt', 'ClipId;StartedAt;ListenedSeconds\nx;1540270724;20\n', 2, 'CSV by its header'],
    [
      '<stdin>',
      `{"Events":[${Array(3000).fill(EVENT).join(',')}]}\n{"Events":[]}\n`,
      2,
      'bodies longer than a chunk',
    ],
  ])('of $0 is found: $3', async (name, text, records) => {
    const found = await readAll(text, { name, size: 1000 });
    expect(found).toHaveLength(records);
  });

  it.each([
    [
      'hello',
      'a.txt: has no known format: expected JSON, one JSON value per line, a HAR, or CSV with a header row',
    ],
    [Buffer.from([1, 2, 0, 3]), 'a.txt: is binary, expected JSON, one JSON value per line, or CSV'],
    [Buffer.from('\ufeff{}', 'utf16le'), 'a.txt: is UTF-16 text'],
  ])('that is none is refused: %s', async (bytes, message) => {
    await expect(readAll(bytes, { name: 'a.txt' })).rejects.toMatchObject({
      name: 'UserError',
      kind: 'input',
      message,
    });
  });
});

it('refuses, before reading any, inputs that cannot be read, naming all', async () => {
  await expect(readInputs(['no-such.json', 'src', 'package.json']).next()).rejects.toMatchObject({
    message: 'no-such.json: no such file\nsrc: is a folder, expected a file',
  });
});

it.each([
  ['is binary', '\0', {}],
  ['has a setting that cannot be followed', 'ClipId\n', { format: 'csv', map: new Map([['Nothing', 'x']]) }],
] as const)('lets go of an input that %s', async (_, text, options) => {
  let closed = false;
  async function* bytes() {
    try {
      yield Buffer.from(text.repeat(5000));
      yield Buffer.from(text);
    } finally {
      closed = true;
    }
  }
  const read = async () => {
    for await (const _records of readInputs([{ name: 'a', bytes: bytes() }], options));
  };
  await expect(read()).rejects.toMatchObject({ name: 'UserError' });
  expect(closed).toBe(true);
});
