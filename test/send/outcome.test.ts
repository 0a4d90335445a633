import { describe, expect, test } from 'vitest';
import { type Answered, type Attempt, readAnswer } from '../../src/send/answer.js';
import { classify, type OutcomeKind } from '../../src/send/outcome.js';

function answered(
  status: number,
  body: string | Buffer = '',
  headers: { retryAfter?: string; location?: string; encoding?: string; tooLarge?: boolean } = {},
): Answered {
  const { retryAfter = null, location = null, encoding = null, tooLarge = false } = headers;
  return {
    kind: 'answered',
    status,
    ...readAnswer({ bytes: Buffer.from(body), tooLarge, encoding }),
    retryAfter,
    location,
  };
}

const PAGE = '<!DOCTYPE html><html><head><title>Attention\n Required!</title></head><body>No.</body></html>';
const TRUE = '{"Enabled":true}';

const TABLE: readonly [what: string, attempt: Attempt, kind: OutcomeKind, sentence: RegExp][] = [
  [
    'the documented answer',
    answered(200, '{\n    "Enabled": true\n}'),
    'delivered',
    /^200 OK with "Enabled": true$/,
  ],
  ['further properties', answered(200, '{"Enabled":true,"More":[1]}'), 'delivered', /true/],
  ['a byte order mark', answered(200, `\u{feff}${TRUE}`), 'delivered', /true/],
  ['any 2xx', answered(202, TRUE), 'delivered', /^202 Accepted/],
  ['switched off', answered(200, '{"Enabled":false}'), 'disabled', /"Enabled": false/],

  ['a firewall’s page', answered(200, PAGE), 'ambiguous', /an HTML page, “Attention Required!” instead/],
  ['a page without a title', answered(200, ' <html><body>x'), 'ambiguous', /an HTML page instead/],
  ['no content', answered(204), 'ambiguous', /^204 No Content, but the answer is empty/],
  ['nothing but space', answered(200, ' \r\n'), 'ambiguous', /empty/],
  ['plain text', answered(200, 'OK'), 'ambiguous', /not JSON/],
  ['half an answer', answered(200, '{"Enabled":tr'), 'ambiguous', /not JSON/],
  ['no Enabled', answered(200, '{"enabled":true}'), 'ambiguous', /no "Enabled"/],
  ['an array', answered(200, `[${TRUE}]`), 'ambiguous', /no "Enabled"/],
  ['JSON null', answered(200, 'null'), 'ambiguous', /no "Enabled"/],
  [
    'a string',
    answered(200, '{"Enabled":"true"}'),
    'ambiguous',
    /"Enabled" is a JSON string, not true or false/,
  ],
  ['a number', answered(200, '{"Enabled":1}'), 'ambiguous', /JSON number/],
  ['a null', answered(200, '{"Enabled":null}'), 'ambiguous', /"Enabled" is null/],
  ['an inherited one', answered(200, '{"__proto__":{"Enabled":true}}'), 'ambiguous', /no "Enabled"/],
  ['too large', answered(200, TRUE, { tooLarge: true }), 'ambiguous', /too large/],
  [
    'an encoding',
    answered(200, TRUE, { encoding: 'br' }),
    'ambiguous',
    /br-encoded, which was not asked for/,
  ],
  ['no encoding by name', answered(200, TRUE, { encoding: 'Identity' }), 'delivered', /true/],

  ['time-out of the server', answered(408), 'not-sent', /^408 Request Timeout$/],
  ['too early', answered(425), 'not-sent', /^425/],
  [
    'too many',
    answered(429, '', { retryAfter: '120' }),
    'not-sent',
    /^429 Too Many Requests, Retry-After 120$/,
  ],
  ['unavailable', answered(503, PAGE), 'not-sent', /^503 Service Unavailable with an HTML page/],
  ['unavailable, though it says delivered', answered(503, TRUE), 'not-sent', /503/],
  ['unavailable, encoded', answered(503, TRUE, { encoding: 'gzip' }), 'not-sent', /503/],
  ['server error', answered(500), 'ambiguous', /^500 Internal Server Error$/],
  ['bad gateway', answered(502), 'ambiguous', /^502/],
  ['gateway time-out', answered(504), 'ambiguous', /^504/],
  ['an unknown 5xx', answered(599), 'ambiguous', /^599$/],
  ['past all classes', answered(799), 'ambiguous', /^799$/],

  ['bad request', answered(400, '{"Message":"no"}'), 'refused', /^400 Bad Request$/],
  ['too much', answered(413), 'refused', /^413/],
  ['not to be processed', answered(422), 'refused', /^422/],

  ['unauthorized', answered(401), 'stop', /^401/],
  ['forbidden by a firewall', answered(403, PAGE), 'stop', /^403 Forbidden with an HTML page, “Attention/],
  ['not found', answered(404), 'stop', /^404/],
  ['proxy wants a name', answered(407), 'stop', /^407/],
  [
    'a redirect',
    answered(302, '', { location: 'https://example.org/login' }),
    'stop',
    /redirect to https:\/\/example\.org\/login, which is not followed/,
  ],
  ['a redirect that keeps the method', answered(307, TRUE, { location: '/x' }), 'stop', /redirect to \/x/],
  ['a redirect to nowhere', answered(304), 'stop', /without a target/],

  [
    'refused connection',
    { kind: 'not-connected', code: 'ECONNREFUSED', message: '' },
    'not-sent',
    /ECONNREFUSED: nothing listens there/,
  ],
  ['an unknown cause', { kind: 'not-connected', code: 'EWHAT', message: 'what' }, 'not-sent', /EWHAT: what/],
  [
    'reset',
    { kind: 'no-answer', code: 'ECONNRESET', message: 'x', status: null },
    'ambiguous',
    /^the request was sent, but no complete response arrived \(ECONNRESET/,
  ],
  [
    'cut',
    { kind: 'no-answer', code: 'UND_ERR_SOCKET', message: 'other side closed', status: 200 },
    'ambiguous',
    /after the status 200 \(UND_ERR_SOCKET: other side closed\)/,
  ],
  [
    'cut after a 400',
    { kind: 'no-answer', code: 'UND_ERR_SOCKET', message: 'x', status: 400 },
    'ambiguous',
    /400/,
  ],
  ['a proxy wants a name', { kind: 'proxy', status: 407 }, 'stop', /the proxy answered 407 Proxy Auth/],
  ['a proxy does not reach it', { kind: 'proxy', status: 502 }, 'not-sent', /502 Bad Gateway/],
  [
    'certificate',
    { kind: 'tls', code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' },
    'stop',
    /TLS.*CERT_HAS_EXPIRED: certificate has expired/,
  ],
];

test.each(TABLE)('%s', (_, attempt, kind, sentence) => {
  const outcome = classify(attempt);
  expect(outcome.kind).toBe(kind);
  expect(outcome.sentence).toMatch(sentence);
});

describe('what is shown of an answer', () => {
  test('is its beginning, on one line, without what moves a terminal', () => {
    const { excerpt } = classify(answered(500, `one\r\n\ttwo \u{1b}[31mred\u{202e}${'x'.repeat(500)}`));
    expect(excerpt).toMatch(/^one two \u{fffd}\[31mred\u{fffd}x+…$/u);
    expect(excerpt.length).toBeLessThan(210);
  });

  test('does not cut a letter in two', () => {
    expect(classify(answered(500, '😀'.repeat(300))).excerpt).toBe(`${'😀'.repeat(200)}…`);
  });

  test('is nothing where the answer is encoded', () => {
    expect(classify(answered(200, Buffer.from([0x1f, 0x8b]), { encoding: 'gzip' })).excerpt).toBe('');
  });
});
