import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mayBeForeign } from '../../src/read/detect.js';
import { APPLICATION_ID } from '../../src/send/ledger/schema.js';
import { readClips } from '../../src/table/clip-tables.js';
import { foreignDocument, isHar } from '../../src/table/foreign.js';

const EVENT = { ClipId: 'c', SessionId: 's', Type: 'Start', Position: 0, Timestamp: 1 };
const BODY = { Source: 'Custom', Events: [EVENT], Completed: true };
const snake = { clip_id: 'c', session_id: 's', type: 'Start', position: 0 };

const name = (content: string | Uint8Array, file = 'plays') =>
  foreignDocument(typeof content === 'string' ? Buffer.from(content) : content, file);
const json = (value: unknown) => name(JSON.stringify(value));

/** A file header of SQLite, in which the application id is that of a ledger. */
function ledgerHead(): Buffer {
  const head = Buffer.alloc(100);
  head.write('SQLite format 3');
  head.writeUInt32BE(APPLICATION_ID, 68);
  return head;
}

describe('a foreign document', () => {
  it.each<[string, string | Uint8Array, string]>([
    [
      'an HTML page',
      '<!DOCTYPE html>\n<html><title>Sign in, please</title></html>',
      'download the export again',
    ],
    ['an HTML page', '\ufeff\n<html lang="en">', 'download the export again'],
    ['XML', '<?xml version="1.0"?><rss/>', '--clips'],
    ['a Charles session', '<?xml version="1.0"?><charles-session>', 'HTTP Archive'],
    ['an Excel workbook', 'PK\u0003\u0004......[Content_Types].xml', 'Save the sheet as CSV'],
    ['a zip archive', 'PK\u0003\u0004......plays.csv', 'unzip -p plays'],
    ['a bzip2 file', 'BZh91AY&SY', 'bzip2 -dc plays'],
    ['a Zstandard file', Buffer.from('28b52ffd04', 'hex'), 'zstd -dc plays'],
    ['an xz file', Buffer.from('fd377a585a00', 'hex'), 'xz -dc plays'],
    ['a Parquet file', 'PAR1....', '--input-format'],
    ['an SQLite database', 'SQLite format 3\u0000', 'sqlite3 -csv -header plays'],
    ['a delivery ledger', ledgerHead(), 'omny-consume ledger plays'],
    ['UTF-16 text', Buffer.from('\ufeffClipId,StartedAt', 'utf16le'), 'iconv -f UTF-16 -t UTF-8 plays'],
    ['UTF-16 text', Buffer.from('ClipId,StartedAt', 'utf16le'), 'iconv -f UTF-16LE'],
  ])('is named: %s', (is, content, next) => {
    expect(name(content)).toEqual({ is, next: expect.stringContaining(next) });
    expect(mayBeForeign(Buffer.from(content))).toBe(true);
  });

  it('is named in place of a list of clips, too', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'omny-consume-')), 'clips.csv');
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    writeFileSync(path, 'PK\u0003\u0004......[Content_Types].xml');
    await expect(readClips(path)).rejects.toThrow('clips.csv: is an Excel workbook');
  });

  it('is a Charles session in a zip archive', () => {
    expect(name('PK\u0003\u0004......', 'a b.chlz')).toMatchObject({ is: 'a Charles session' });
  });

  it('is a Charles session in JSON', () => {
    const exchange = {
      status: 'COMPLETE',
      method: 'POST',
      scheme: 'https',
      host: 'h',
      path: '/p',
      request: { body: { text: JSON.stringify(BODY) } },
    };
    expect(json([exchange])).toMatchObject({ is: 'a Charles session' });
  });

  it.each<[string, unknown, string, string]>([
    [
      'Elasticsearch',
      { took: 1, hits: { total: 1, hits: [{ _id: 'x', _source: snake }] } },
      '/hits/hits/*/_source',
      "jq -c '.hits.hits[]._source' plays",
    ],
    ['one hit a line', { _index: 'i', _source: EVENT }, '/_source', "jq -c '._source' plays"],
    [
      'CloudWatch',
      { events: [{ timestamp: 1, message: JSON.stringify(EVENT) }] },
      '/events/*/message',
      `jq -cr '.events[].message | select(startswith("{"))' plays`,
    ],
    [
      'CloudWatch Logs Insights',
      { results: [[{ field: '@message', value: JSON.stringify(EVENT) }]] },
      '/results/*/*/value',
      `jq -cr '.results[][].value | select(startswith("{"))' plays`,
    ],
    [
      'Segment',
      { batch: [{ type: 'track', properties: snake }] },
      '/batch/*/properties',
      "jq -c '.batch[].properties' plays",
    ],
    ['a paged answer', { next: null, results: [EVENT] }, '/results/*', "jq -c '.results[]' plays"],
    ['odd keys', { 'my results': [EVENT] }, '/my results/*', `jq -c '.["my results"][]' plays`],
  ])('wraps events: %s', (_what, value, pointer, command) => {
    expect(json(value)).toEqual({
      is: `JSON with its events under ${pointer}`,
      next: expect.stringContaining(command),
      isWrapper: true,
    });
  });

  it('is named in a part of its first bytes, too', () => {
    const text = JSON.stringify({ results: Array.from({ length: 2000 }, () => EVENT) });
    expect(name(text.slice(0, 1000))).toMatchObject({ is: 'JSON with its events under /results/*' });
  });

  it.each([
    { timestamp: 1, message: JSON.stringify(EVENT) },
    { events: [{ timestamp: 1, message: JSON.stringify(EVENT) }] },
    { type: 'track', properties: EVENT },
    { source: 'app', detail: EVENT },
  ])('is looked for behind keys that events and bodies have, too: %j', (value) => {
    expect(mayBeForeign(Buffer.from(JSON.stringify(value)))).toBe(true);
    expect(json(value)).toMatchObject({ isWrapper: true });
  });

  it('is not looked for where an event or a body begins', () => {
    for (const value of [
      EVENT,
      [EVENT],
      BODY,
      [BODY],
      { Type: 'Start', ClipId: 'c' },
      { Timestamp: 1, ClipId: 'c' },
    ])
      expect(mayBeForeign(Buffer.from(JSON.stringify(value, null, 1)))).toBe(false);
  });

  it('is unpacked by the command where it is packed', () => {
    const text = Buffer.from(JSON.stringify({ results: [EVENT] }));
    expect(foreignDocument(text, 'a b.json.gz')!.next).toBe(
      "Extract the events: gzip -dc 'a b.json.gz' | jq -c '.results[]' > events.ndjson",
    );
    expect(foreignDocument(text, '-x.json')!.next).toContain(' ./-x.json > events.ndjson');
  });

  it('has its name quoted in the command', () => {
    expect(foreignDocument(Buffer.from('PK\u0003\u0004'), "o'brien plays.zip")!.next).toBe(
      "Unpack it: unzip -p 'o'\\''brien plays.zip' > unpacked",
    );
  });
});

describe('what is read', () => {
  const har = {
    log: { version: '1.2', entries: [{ request: { postData: { text: JSON.stringify(BODY) } } }] },
  };

  it.each<[string, unknown]>([
    ['an event', EVENT],
    ['events', [EVENT]],
    ['a body', BODY],
    ['bodies', [BODY]],
    ['a body in another letter case', { events: [EVENT] }],
    ['a table of objects', [{ episode: 'e', started: 1 }]],
    ['a HAR', har],
    ['nothing', {}],
  ])('is no foreign document: %s', (_what, value) => {
    expect(json(value)).toBeUndefined();
    expect(name(JSON.stringify(value, null, 1))).toBeUndefined();
  });

  it.each(['ClipId,StartedAt\n', '', 'sep=;\n', '{"SessionId":"a","ClipId":'])(
    'is no foreign document: %j',
    (text) => {
      expect(name(text)).toBeUndefined();
    },
  );

  it('is a HAR whatever it is called', () => {
    expect(isHar(Buffer.from(`\ufeff${JSON.stringify(har, null, 1)}`))).toBe(true);
    expect(isHar(Buffer.from(JSON.stringify(BODY)))).toBe(false);
    expect(isHar(Buffer.from('{"log":"text"}'))).toBe(false);
  });
});
