import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/domain/record.js';
import type { Capture } from '../../../src/read/har/har.js';
import { type Read, readRecords } from '../as-read.js';
import { readAll, told } from '../reading.js';
import { BODY, ENABLED, entry, har, URL } from './building.js';

const NAME = { name: 'a.har' };
const read = (text: string | Uint8Array) => readAll(text, NAME);

function exchanges(records: readonly Read[]): (Exchange | undefined)[] {
  return records.flatMap((record) => (record.kind === 'request' ? [record.exchange] : []));
}

async function exchangeOf(parts: Parameters<typeof entry>[0]): Promise<Exchange | undefined> {
  return exchanges(await read(har(entry(parts))))[0];
}

/** What is told of a capture, without its input. */
async function captureOf(
  bytes: string | Uint8Array,
  name = 'a.har',
): Promise<Omit<Capture, 'input'> | undefined> {
  let seen: Capture | undefined;
  await readAll(bytes, {
    name,
    onCapture: (capture) => {
      seen = capture;
    },
  });
  const { input, ...capture } = seen ?? {};
  expect(input).toEqual(seen && { index: 0, name });
  return seen && (capture as Omit<Capture, 'input'>);
}

const recording = (name: string) =>
  readFileSync(new URL_(`../../../fixtures/har/${name}.har`, import.meta.url));
const URL_ = globalThis.URL;

describe('what Chromium records', () => {
  it('of a string beacon: the body, and a text type', async () => {
    const [record] = (await read(recording('string-beacon'))).filter(({ kind }) => kind === 'request');
    expect(record).toMatchObject({
      kind: 'request',
      value: { Source: 'CustomWeb', Completed: true },
      place: { line: 85, column: 21, pointer: '', request: null },
      exchange: {
        host: '127.0.0.1:8787',
        organizationParameter: '126281f8-200e-4c9f-8378-a4870055423b',
        mediaType: 'text/plain',
        page: 'page_1',
        store: null,
        answer: { enabled: null },
      },
    });
  });

  it('of fetch with keepalive: body, type and answer', async () => {
    const seen = exchanges(await read(recording('fetch-keepalive')));
    expect(seen.map((it) => [it?.mediaType, it?.answer?.enabled])).toEqual([
      ['application/json', true],
      ['application/json', true],
    ]);
  });

  it('of a Blob beacon: no body, which is told', async () => {
    expect(await captureOf(recording('blob-beacon-and-fetch'))).toEqual({
      entries: 3,
      requests: 2,
      missing: new Map([['the browser did not record it', 1]]),
      twins: 0,
      unanswered: 0,
      statuses: new Map(),
      disabled: 0,
      misdirected: null,
    });
    expect(exchanges(await read(recording('blob-beacon-and-fetch')))).toHaveLength(1);
  });

  it('of a Blob beacon alone: nothing to check, and where to look instead', async () => {
    await expect(read(recording('blob-beacon'))).rejects.toMatchObject({
      name: 'UserError',
      kind: 'input',
      message: expect.stringContaining('a.har: the one request to the endpoint has no body'),
      advice: expect.stringContaining('omny-consume mock'),
    });
  });

  it('of a beacon that leaves with its page: nothing', async () => {
    expect(await captureOf(recording('beacon-on-unload'))).toMatchObject({ entries: 2, requests: 0 });
    expect(told(await read(recording('beacon-on-unload')))).toEqual([]);
  });

  it('of a request that failed: its body, and no answer', async () => {
    expect(await captureOf(recording('failed-and-retried'))).toMatchObject({ requests: 2, unanswered: 1 });
    const seen = exchanges(await read(recording('failed-and-retried')));
    expect(seen.map((it) => it?.answer?.enabled)).toEqual([undefined, true]);
  });

  it('of Enabled: false, which is told', async () => {
    expect(await captureOf(recording('going-on-after-disabled'))).toMatchObject({ requests: 3, disabled: 2 });
  });
});

describe('an entry', () => {
  it('is read as a request, located where the text of its body stands', async () => {
    const [record] = await read(har(entry()));
    expect(record).toMatchObject({ kind: 'request', value: JSON.parse(BODY) });
    const line = JSON.stringify(entry());
    const place = { line: 2, column: line.indexOf('"text":') + 8 };
    expect(record).toMatchObject({ place: { ...place, pointer: '', request: null } });
    expect(record).toMatchObject({ at: { '/Events/1/Type': place } });
  });

  it.each([
    ['another method', { method: 'OPTIONS' }],
    ['a GET', { method: 'GET' }],
    ['another path', { url: 'https://traffic.omny.fm/api/consumption/event' }],
    ['a path that goes on', { url: 'https://traffic.omny.fm/api/consumption/events/1' }],
    ['the path in the query', { url: 'https://a.example/?next=/api/consumption/events' }],
    ['no URL', { url: 'api/consumption/events' }],
  ])('with %s is none of ours', async (_, parts) => {
    expect(told(await read(har(entry(parts))))).toEqual([]);
    expect(await captureOf(har(entry(parts)))).toMatchObject({ entries: 1, requests: 0 });
  });

  it.each([
    ['a path before it', { url: 'http://127.0.0.1:8787/t/one/api/consumption/events' }, '127.0.0.1:8787'],
    ['a method in lower case', { method: 'post' }, 'traffic.omny.fm'],
    ['the default port', { url: 'https://Traffic.Omny.fm:443/api/consumption/events?a' }, 'traffic.omny.fm'],
  ])('with %s is', async (_, parts, host) => {
    expect((await exchangeOf(parts))?.host).toBe(host);
  });

  it.each([
    ['', null],
    ['?organizationId=', ''],
    ['?ORGANIZATIONID=x', 'x'],
    ['?a=1&organizationid=%7Bx%7D&OrganizationId=y', '{x}'],
    ['?organization=x', null],
  ])('of the query %s gives the organization %s', async (query, organization) => {
    const url = `https://traffic.omny.fm/api/consumption/events${query}`;
    expect((await exchangeOf({ url }))?.organizationParameter).toBe(organization);
  });

  it.each([
    ['the header', [{ name: 'content-type', value: 'Text/Plain; charset=UTF-8' }], 'text/plain'],
    ['the body where there is no header', [], 'application/json'],
    ['the body where headers are no list', 'none', 'application/json'],
    ['the header beside broken ones', [null, { name: 1 }, { name: 'Content-Type', value: 'a/b' }], 'a/b'],
  ])('takes its media type from %s', async (_, headers, type) => {
    expect((await exchangeOf({ headers }))?.mediaType).toBe(type);
  });

  it('without any media type has none', async () => {
    expect((await exchangeOf({ headers: [], postData: { text: BODY } }))?.mediaType).toBeNull();
  });

  it.each([
    ['2024-12-01T11:00:00.250Z', 40, 1733050800.25, 1733050800.29],
    ['2024-12-01T12:00:00.250+01:00', 0, 1733050800.25, 1733050800.25],
    ['2024-12-01T11:00:00Z', -1, 1733050800, null],
    ['2024-12-01T11:00:00Z', '40', 1733050800, null],
    ['yesterday', 40, null, null],
    ['2024-02-30T11:00:00Z', 40, null, null],
  ])('that began %s and took %s', async (at, time, began, answered) => {
    const exchange = await exchangeOf({ at, time });
    expect(exchange?.beganAt).toBe(began);
    if (answered === null) expect(exchange?.answer?.at).toBeNull();
    else expect(exchange?.answer?.at).toBeCloseTo(answered, 6);
  });

  it.each<[string, unknown, boolean | null | undefined]>([
    ['true', ENABLED, true],
    ['false', { status: 200, content: { text: '{"Enabled":false}' } }, false],
    ['in base64', { status: 201, content: { text: btoa('{"Enabled":false}'), encoding: 'base64' } }, false],
    ['of an error', { status: 503, content: { text: '{"Enabled":true}' } }, null],
    ['as text', { status: 200, content: { text: '{"Enabled":"true"}' } }, null],
    ['in HTML', { status: 200, content: { text: '<html>' } }, null],
    ['not recorded', { status: 200, content: {} }, null],
    ['without content', { status: 200 }, null],
    ['that never came', { status: 0, content: { text: '{"Enabled":true}' } }, undefined],
    ['that is missing', null, undefined],
  ])('with an answer %s', async (_, response, enabled) => {
    expect((await exchangeOf({ response }))?.answer?.enabled).toBe(enabled);
  });

  it('gives nothing of its headers and cookies', async () => {
    const secret = 'do-not-copy';
    const headers = [
      { name: 'Cookie', value: secret },
      { name: 'Authorization', value: secret },
      { name: 'Content-Type', value: 'application/json' },
    ];
    const response = {
      ...ENABLED,
      headers: [{ name: 'Set-Cookie', value: secret }],
      cookies: [{ value: secret }],
    };
    const records = await read(har({ ...entry({ headers, response }), cookies: [secret] }));
    expect(records).toHaveLength(1);
    expect(JSON.stringify(records)).not.toContain(secret);
  });

  it('is given in the order in which it began, not in which it stands', async () => {
    const at = (second: number, value: string) =>
      entry({ at: `2024-12-01T11:00:0${second}.000Z`, body: `"${value}"` });
    const records = await read(
      har(at(5, 'c'), at(1, 'a'), at(5, 'd'), entry({ at: '', body: '"e"' }), at(3, 'b')),
    );
    expect(told(records).map((line) => line.slice(-3))).toEqual(['"a"', '"b"', '"c"', '"d"', '"e"']);
  });
});

describe('a body', () => {
  const base64 = (text: string | Uint8Array) => ({
    text: Buffer.from(text).toString('base64'),
    encoding: 'base64',
  });
  const at = '2:\\d+';

  it('in base64 is read as its text is', async () => {
    const records = await read(har(entry({ postData: base64('{"Source":"Кастом"}') })));
    expect(records[0]).toMatchObject({ kind: 'request', value: { Source: 'Кастом' } });
  });

  it.each([
    ['that is a bare event is still a request', '{"Type":"Start"}', `request ${at}  {"Type":"Start"}`],
    ['that is an array is one request', '[{"Events":[]}]', `request ${at}  \\[{"Events":\\[\\]}\\]`],
    [
      'with the name of a prototype',
      '{"__proto__":{"Events":[]}}',
      `request ${at}  {"__proto__":{"Events":\\[\\]}}`,
    ],
    [
      'that breaks off',
      '{"Source":',
      `syntax ${at} expected a JSON value in the request’s body \\(line 1, column 11 of it\\), received the end`,
    ],
    [
      'that is a form',
      'a=1&b=2',
      `syntax ${at} expected a JSON value in the request’s body .*, received "a=1&b=2"`,
    ],
    [
      'that is too deep',
      `${'['.repeat(65)}${']'.repeat(65)}`,
      `syntax ${at} expected a body of at most 64 levels .*`,
    ],
    ['that is far too deep', '['.repeat(200_000), `syntax ${at} expected at most 64 levels .*`],
  ])('%s', async (_, body, wanted) => {
    expect(told(await read(har(entry({ body }))))).toEqual([
      expect.stringMatching(new RegExp(`^${wanted}$`)),
    ]);
  });

  it.each([
    ['whose base64 is none', { text: '%%%', encoding: 'base64' }, 'a body in base64, as the HAR says'],
    [
      'whose base64 holds no JSON',
      { text: 'AAECAw==', encoding: 'BASE64' },
      'a JSON value in the request’s body',
    ],
    ['whose base64 holds no UTF-8', base64(Buffer.from([0x22, 0xff, 0x22])), 'a body in UTF-8'],
  ])('%s is a syntax finding', async (_, postData, expected) => {
    expect(await read(har(entry({ postData })))).toMatchObject([
      { kind: 'syntax', place: { line: 2 }, expected: expect.stringContaining(expected) },
    ]);
  });

  it.each([
    ['missing', { postData: null }],
    ['without text', { postData: { mimeType: 'application/json' } }],
    ['with an empty text', { body: '' }],
    ['with a text of another type', { postData: { text: { a: 1 } } }],
  ])('%s was not recorded', async (_, parts) => {
    const missing = new Map([['the browser did not record it', 1]]);
    expect(await captureOf(har(entry(), entry(parts)))).toMatchObject({ requests: 2, missing });
    await expect(read(har(entry(parts)))).rejects.toThrow('the one request to the endpoint has no body');
    await expect(read(har(entry(parts), entry(parts)))).rejects.toThrow('none of the 2 requests');
  });
});

describe('what a recorder did to a body', () => {
  const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
  const first = BODY.slice(0, 40);

  it.each<[string, object]>([
    ['base64 that is not told', { text: base64(BODY) }],
    ['base64 in lines', { text: base64(BODY).replaceAll(/.{20}/g, '$&\r\n') }],
    ['base64 of gzip', { text: base64(gzipSync(BODY)) }],
    ['gzip as Latin-1', { text: gzipSync(BODY).toString('latin1') }],
    ['a field of a form', { params: [{ name: BODY, value: '' }] }],
    [
      'fields of a form, parted at an equals sign',
      { params: [{ name: BODY.slice(0, 12), value: BODY.slice(13) }] },
    ],
    ['an escaped field of a form', { params: [{ name: encodeURIComponent(BODY) }] }],
  ])('%s: is read', async (_, postData) => {
    const sent = BODY.slice(0, 12) + (_.includes('parted') ? '=' : BODY[12]) + BODY.slice(13);
    expect(await read(har(entry({ postData })))).toMatchObject([
      { kind: 'request', value: JSON.parse(sent) },
    ]);
  });

  it.each<[string, object, string]>([
    ['a file', { postData: { text: '', params: [], _file: 'a1.json' } }, 'a separate file'],
    ['fields that are no JSON', { postData: { params: [{ name: 'a', value: '1' }] } }, 'fields of a form'],
    ['a text shorter than was sent', { postData: { text: first }, bodySize: BODY.length }, 'cut it short'],
    ['a text with a mark', { postData: { text: `${first}… (truncated)` } }, 'cut it short'],
    [
      'a text shorter than the header says',
      { postData: { text: first }, headers: [{ name: 'Content-Length', value: `${BODY.length}` }] },
      'cut it short',
    ],
  ])('%s: is told as the recorder’s, and no finding', async (_, parts, why) => {
    const { bodySize } = parts as { bodySize?: number };
    const it = entry(parts) as { request: object };
    const recorded = { ...it, request: { ...it.request, bodySize } };
    const missing = new Map([[expect.stringContaining(why), 1]]);
    expect(await captureOf(har(entry(), recorded))).toMatchObject({ requests: 2, missing });
    expect(told(await read(har(entry(), recorded)))).toHaveLength(1);
    await expect(read(har(recorded))).rejects.toMatchObject({
      message: expect.stringContaining(why),
      advice: expect.stringContaining('omny-consume mock'),
    });
  });

  it('nothing, where the player packed it or cut it itself', async () => {
    const headers = [{ name: 'Content-Encoding', value: 'gzip' }];
    const packed = entry({ headers, postData: { text: base64(gzipSync(BODY)), encoding: 'base64' } });
    const cut = entry({ postData: { text: first } });
    expect(told(await read(har(packed, cut)))).toEqual([
      expect.stringMatching(/expected an uncompressed body, received Content-Encoding "gzip"$/),
      expect.stringMatching(/expected a closing quote in the request’s body /),
    ]);
  });
});

describe('a request through a service worker', () => {
  const page = { at: '2024-12-01T11:00:00.100Z', time: 60 };
  const worker = { at: '2024-12-01T11:00:00.110Z', time: 40 };
  const later = { at: '2024-12-01T11:00:05.000Z', time: 40 };
  const viaWorker = { _fetchedViaServiceWorker: true };

  it.each<[string, object[], number]>([
    ['that Chromium marks', [{ ...entry(page), ...viaWorker }, entry(worker)], 1],
    [
      'that Playwright marks',
      [entry(page), { ...entry({ ...worker, time: -1 }), _serviceWorkerRef: 'w' }],
      1,
    ],
    ['without a mark, that encloses the other', [entry(page), entry(worker)], 1],
    ['recorded the other way about', [entry(worker), entry(page)], 1],
    ['that the worker answered itself', [{ ...entry(page), ...viaWorker }], 1],
    [
      'sent twice by the player',
      [
        ...[page, later].map((it) => ({ ...entry(it), ...viaWorker })),
        entry(worker),
        entry({ ...later, time: 30 }),
      ],
      2,
    ],
    ['that overlaps another', [entry(page), entry({ ...worker, time: 100 })], 2],
    ['that began with another', [entry(page), entry({ ...page, time: 40 })], 2],
    ['with another body inside', [entry(page), entry({ ...worker, body: '{}' })], 2],
    ['sent again later', [entry(page), entry(later)], 2],
    ['marked, and sent again later without a worker', [{ ...entry(page), ...viaWorker }, entry(later)], 2],
  ])('%s', async (_, entries, requests) => {
    expect(await captureOf(har(...entries))).toMatchObject({ requests, twins: entries.length - requests });
    expect(await read(har(...entries))).toHaveLength(requests);
  });

  it('keeps the page that it was for', async () => {
    const { pageref: _, ...sent } = entry(worker) as { pageref: string };
    expect(exchanges(await read(har(entry(page), { ...sent, _serviceWorkerRef: 'w' })))).toMatchObject([
      { page: 'page_1', beganAt: Date.parse(worker.at) / 1000 },
    ]);
  });
});

describe('a capture is told', () => {
  it('with what its answers were', async () => {
    const answered = (status: number) => entry({ response: { status, content: {} } });
    expect(
      await captureOf(har(answered(503), answered(200), answered(503), answered(404), answered(0))),
    ).toEqual({
      entries: 5,
      requests: 5,
      missing: new Map(),
      twins: 0,
      unanswered: 1,
      statuses: new Map([
        [503, 2],
        [404, 1],
      ]),
      disabled: 0,
      misdirected: null,
    });
  });

  const EVENT_URL = URL.replace('/events', '/event');
  const misdirectedIn = async (...entries: unknown[]) =>
    (await captureOf(har(entry(), ...entries)))?.misdirected ?? null;

  it.each<[string, Parameters<typeof entry>[0], string]>([
    ['to another path', { url: EVENT_URL }, 'POST https://traffic.omny.fm/api/consumption/event'],
    ['to another host', { url: 'http://localhost:3000/?key=1' }, 'POST http://localhost:3000/'],
    ['with another method', { method: 'put' }, 'PUT https://traffic.omny.fm/api/consumption/events'],
    [
      'in base64',
      { url: EVENT_URL, postData: { text: Buffer.from(BODY).toString('base64'), encoding: 'base64' } },
      'POST https://traffic.omny.fm/api/consumption/event',
    ],
  ])('with the events sent %s, which are not read', async (_, parts, target) => {
    expect(await misdirectedIn(entry(parts))).toEqual({ requests: 1, target, line: 3 });
    expect(await read(har(entry(), entry(parts)))).toHaveLength(1);
  });

  it('with the first request that went elsewhere, and how many did', async () => {
    const late = entry({ url: `${EVENT_URL}s/`, method: 'PUT', at: '2024-12-01T11:00:09.000Z' });
    const first = entry({ url: EVENT_URL });
    expect(await misdirectedIn(late, first)).toMatchObject({ requests: 2, line: 4 });
  });

  it('with a request that a service worker sent for a page counted once', async () => {
    const page = entry({ url: EVENT_URL, at: '2024-12-01T11:00:00.100Z', time: 60 });
    const worker = entry({ url: EVENT_URL, at: '2024-12-01T11:00:00.110Z', time: 40 });
    expect(await misdirectedIn(page, worker)).toMatchObject({ requests: 1 });
  });

  it.each<[string, Parameters<typeof entry>[0]]>([
    ['whose body is not recorded', { url: EVENT_URL, postData: { mimeType: 'application/json' } }],
    ['with another body', { url: EVENT_URL, body: '{"events":[]}' }],
    ['without a body', { url: EVENT_URL, method: 'GET', postData: null }],
    ['to the path in other letters', { url: URL.toUpperCase() }],
  ])('without a request %s', async (_, parts) => {
    expect(await misdirectedIn(entry(parts))).toBeNull();
  });
});

describe('a HAR is told', () => {
  it.each([
    ['by its name', 'a.har', har(entry())],
    ['by its name in capitals', 'A.HAR', har(entry())],
    ['by its name, packed', 'a.har.gz', gzipSync(har(entry()))],
    ['by its first bytes', '<stdin>', har(entry())],
    ['by its first bytes on one line', '<stdin>', har(entry()).replaceAll('\n', '')],
    ['by its first bytes, indented', '<stdin>', JSON.stringify(JSON.parse(har(entry())), null, '\t')],
    ['by its first bytes after a BOM', '<stdin>', `\ufeff${har(entry())}`],
    ['by its first bytes where log is not first', '<stdin>', `{"_by":{"a":[1]},${har(entry()).slice(1)}`],
    ['by its first bytes under the name of a JSON', 'a.json', har(entry())],
    ['by its first bytes, packed', '<stdin>', gzipSync(har(entry()))],
  ])('%s', async (_, name, bytes) => {
    expect(exchanges(await readAll(bytes, { name }))).toMatchObject([{ host: 'traffic.omny.fm' }]);
  });

  it.each([
    ['an event with such a property', '<stdin>', '{"Type":"Start","log":1}', 'event'],
    ['a body with such a property', '<stdin>', '{"Source":"Custom","Events":[],"log":{}}', 'request'],
    ['a log deeper down', '<stdin>', '{"a":{"log":{}}}', 'request'],
  ])('but not %s', async (_, name, text, kind) => {
    const records = await readAll(text, { name });
    expect(records.map((record) => record.kind)).toEqual([kind]);
    expect(exchanges(records).filter(Boolean)).toEqual([]);
  });

  it('where the format is named', async () => {
    expect(exchanges(await readAll(har(entry()), { name: 'a.json', format: 'har' }))).toMatchObject([
      { page: 'page_1' },
    ]);
  });
});

describe('what is not a HAR, or half of one', () => {
  it.each([
    ['{}'],
    ['[]'],
    ['null'],
    ['"log"'],
    ['{"log":null}'],
    ['{"log":[]}'],
    ['{"log":{}}'],
    ['{"log":{"entries":{}}}'],
    ['{"log":{"entries":{"0":{}}}}'],
    ['{"__proto__":{"log":{"entries":[]}}}'],
  ])('%s', async (text) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'UserError',
      kind: 'input',
      message: 'a.har: is not a HAR: expected an object with log.entries, an array',
    });
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n'],
    ['no entries', har()],
    ['entries of other types', har(null, 1, 'a', [], {}, { request: null }, { request: { method: 'POST' } })],
    ['names of prototypes', har(JSON.parse('{"__proto__":{"request":{}},"constructor":1}'))],
  ])('%s gives no record', async (_, text) => {
    expect(told(await read(text))).toEqual([]);
  });

  it('cut short gives the entries before the cut', async () => {
    const text = har(entry({ body: '"a"' }), entry({ body: '"b"' }));
    const cut = text.slice(0, text.length - 40);
    expect(told(await read(cut))).toEqual([
      expect.stringMatching(/^request 2:\d+ {2}"a"$/),
      expect.stringMatching(/^syntax 3:\d+ expected a closing quote, received /),
    ]);
  });

  it('broken in the middle gives the entries before it', async () => {
    const text = har(entry({ body: '"a"' }), entry({ body: '"b"' })).replace('},\n{', '},\n,{');
    expect(told(await read(text))).toEqual([
      expect.stringMatching(/^request 2:\d+ {2}"a"$/),
      expect.stringMatching(/^syntax 3:1 /),
    ]);
  });

  it('packed and cut short gives the entries before the cut, and says that gzip is cut', async () => {
    const filler = Array.from({ length: 400 }, (_, i) => entry({ url: `https://a.example/${i * 7919}` }));
    const packed = gzipSync(har(entry({ body: '"a"' }), ...filler));
    const records = told(await readAll(packed.subarray(0, packed.length - 200), { name: 'a.har.gz' }));
    expect(records).toEqual([
      expect.stringMatching(/^request 2:\d+ {2}"a"$/),
      expect.stringMatching(/^syntax \d+:\d+ expected whole gzip data, received data that ends too early$/),
    ]);
  });

  it('nested too deep gives nothing else', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const text of [
      har(entry()).replace('"pages":[]', `"pages":${deep}`),
      `{"log":${deep}`,
      '['.repeat(300_000),
    ]) {
      expect(told(await read(text))).toEqual([
        expect.stringMatching(
          /^syntax 1:\d+ expected at most 64 levels of nesting, received a deeper value$/,
        ),
      ]);
    }
  });

  it('with bytes that are not UTF-8 costs the bodies that they stand in', async () => {
    const latin1 = Buffer.from(
      har(entry({ url: `${URL}&city=Zürich`, body: '"a"' }), entry({ body: '"ü"' }), entry({ body: '"b"' })),
      'latin1',
    );
    expect(told(await read(latin1))).toEqual([
      expect.stringMatching(/^request 2:\d+ {2}"a"$/),
      expect.stringMatching(/^syntax 3:\d+ expected a body in UTF-8, received bytes that are not UTF-8$/),
      expect.stringMatching(/^request 4:\d+ {2}"b"$/),
    ]);
    const body = '"a replacement character \ufffd that was sent"';
    expect(told(await read(har(entry({ body }))))).toEqual([expect.stringMatching(/^request /)]);
  });

  it('that is neither UTF-8 nor JSON is told for the first', async () => {
    expect(told(await read(Buffer.from('{"log":{"entries":[\xe9', 'latin1')))).toEqual([
      expect.stringMatching(/^syntax 1:\d+ expected UTF-8, received bytes that are not UTF-8$/),
    ]);
  });

  it.each(['NaN', 'Infinity', '-Infinity'])('with %s for a number is read', async (number) => {
    const text = har(
      entry({ time: 'SLOT' }),
      entry({ body: `{"Source":${number}}` }),
      entry({ body: '"NaN"' }),
    );
    expect(told(await read(text.replace('"SLOT"', number)))).toEqual([
      expect.stringMatching(/^request 2:\d+ {2}\{/),
      expect.stringMatching(/^syntax 3:\d+ expected a JSON value in the request’s body/),
      expect.stringMatching(/^request 4:\d+ {2}"NaN"$/),
    ]);
  });

  it('larger than can be read gives nothing else, and is not held', async () => {
    async function* large(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"log":{"entries":[\n\n');
      const blanks = Buffer.alloc(1024 * 1024, ' ');
      for (let mebibyte = 0; mebibyte < 10_000; mebibyte += 1) yield blanks;
    }
    const { readHar } = await import('../../../src/read/har/har.js');
    const records = await readRecords(readHar(large(), { index: 0, name: 'a.har' }));
    expect(told(records)).toEqual(['syntax 1:1 expected a HAR of at most 256 MiB, received a larger one']);
  });

  it('at whatever place it is cut gives what came whole before it, and one finding', () => {
    const bodies = ['"a"', '"b"', '"c"'];
    const text = har(...bodies.map((body) => entry({ body })));
    const ends = [...text.matchAll(/\}\}(?=,?\n)/g)].map(({ index }) => index + 2);
    return fc.assert(
      fc.asyncProperty(fc.nat(text.length - 2), async (cut) => {
        const records = told(await read(text.slice(0, cut + 1)));
        const whole = ends.filter((end) => end <= cut + 1).length;
        expect(records.map((line) => line.split(' ')[0])).toEqual([
          ...Array(whole).fill('request'),
          'syntax',
        ]);
      }),
      { numRuns: 150 },
    );
  });
});

it('reads whatever JSON stands in its entries without a fault', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('request', 'response', 'postData', 'time'), fc.jsonValue())),
      async (changes) => {
        const entries = changes.map(([name, value]) =>
          name === 'postData' ? entry({ postData: value }) : { ...entry(), [name]: value },
        );
        const records = await read(har(entry(), ...entries));
        expect(records.every(({ kind }) => ['request', 'syntax'].includes(kind))).toBe(true);
      },
    ),
    { numRuns: 200 },
  ));

it('knows the traffic of the mock, all of which was on the wire', async () => {
  const [first, second] = [entry({ time: 60 }), entry({ at: '2024-12-01T11:00:00.010Z', time: 10 })];
  const recorded = har(first, second).replace('"pages"', '"creator":{"name":"omny-consume"},"pages"');
  expect(exchanges(await read(recorded)).map((its) => its?.fromMock)).toEqual([true, true]);
  expect(exchanges(await read(har(first, second))).map((its) => its?.fromMock)).toEqual([false]);
});
