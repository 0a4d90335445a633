import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { mockEndpoint, parseEndpoint, requestUrl } from '../../src/send/endpoint.js';

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';

describe('the three forms', () => {
  test('omny is the real host', () => {
    expect(parseEndpoint('omny')).toEqual({
      kind: 'omny',
      url: 'https://traffic.omny.fm/api/consumption/events',
      host: 'traffic.omny.fm',
      loopback: false,
      authorization: null,
    });
  });

  test('mock is on loopback, at the running one’s address once that is known', () => {
    expect(parseEndpoint('mock')).toMatchObject({ kind: 'mock', loopback: true, host: '127.0.0.1:8787' });
    expect(mockEndpoint('http://127.0.0.1:4321/api/consumption/events')).toEqual({
      kind: 'mock',
      url: 'http://127.0.0.1:4321/api/consumption/events',
      host: '127.0.0.1:4321',
      loopback: true,
      authorization: null,
    });
  });

  test.each([
    ['http://localhost:8787', 'http://localhost:8787/api/consumption/events'],
    ['https://example.org/', 'https://example.org/api/consumption/events'],
    ['https://example.org/t/one/api/consumption/events', 'https://example.org/t/one/api/consumption/events'],
    ['https://example.org/?key=a%20b', 'https://example.org/api/consumption/events?key=a%20b'],
    ['https://example.org/x#part', 'https://example.org/x'],
    ['HTTP://EXAMPLE.org', 'http://example.org/api/consumption/events'],
    [`https://example.org/?organizationId=${ORGANIZATION}`, 'https://example.org/api/consumption/events'],
    ['https://example.org/x?ORGANIZATIONID=1&b=2&organizationid=3', 'https://example.org/x?b=2'],
    [
      'https://example.org/x?a=1&organization%49d=3&Organization=4',
      'https://example.org/x?a=1&Organization=4',
    ],
  ])('%s', (text, url) => {
    expect(parseEndpoint(text)).toMatchObject({ kind: 'url', url });
  });
});

test.each(['', 'omny.fm', 'OMNY', 'localhost:8787', 'ftp://example.org', 'http://', 'file:///etc/hosts'])(
  '%j is wrong usage, and the three forms are named',
  (text) => {
    const failure = failureOf(text);
    expect(failure.kind).toBe('usage');
    expect(failure.advice).toMatch(/omny.*mock.*URL/);
  },
);

describe('loopback', () => {
  test.each(['127.0.0.1', '127.255.3.4', '127.1', 'localhost', 'LOCALHOST', '[::1]', '[0:0:0:0:0:0:0:1]'])(
    '%s is',
    (host) => {
      expect(parseEndpoint(`http://${host}:8787`).loopback).toBe(true);
    },
  );

  test.each([
    '127.0.0.1.example.org',
    '128.0.0.1',
    '0.0.0.0',
    'localhost.example.org',
    'notlocalhost',
    '[::2]',
    '127.example',
  ])('%s is not', (host) => {
    expect(parseEndpoint(`http://${host}:8787`).loopback).toBe(false);
  });

  test('a name before an @ does not make it so', () => {
    expect(parseEndpoint('http://127.0.0.1@example.org/').loopback).toBe(false);
  });
});

describe('credentials', () => {
  test('are sent as a header and not shown', () => {
    const endpoint = parseEndpoint('https://ann:s%3Acret@example.org/x');
    expect(endpoint.url).toBe('https://example.org/x');
    expect(endpoint.host).toBe('example.org');
    expect(endpoint.authorization).toBe(`Basic ${Buffer.from('ann:s:cret').toString('base64')}`);
  });

  test('are not repeated in an error', () => {
    for (const text of [
      'ftp://ann:secret@example.org',
      'http://ann:secret@',
      'http://ann:secret@host:notaport/',
    ]) {
      const { message, advice } = failureOf(text);
      expect(`${message}${advice}`).not.toMatch(/ann|secret/);
    }
  });
});

test.each([
  ['https://example.org/x', `https://example.org/x?organizationId=${ORGANIZATION}`, ORGANIZATION],
  [
    'https://example.org/x?organizationID=9&a=1',
    `https://example.org/x?a=1&organizationId=${ORGANIZATION}`,
    ORGANIZATION,
  ],
  ['https://example.org/x', 'https://example.org/x?organizationId=a%26b%23%2F', 'a&b#/'],
  ['https://example.org/x', 'https://example.org/x?organizationId=%EF%BF%BD', '\ud800'],
])('the organization is a parameter of %s', (text, url, organizationId) => {
  expect(requestUrl(parseEndpoint(text), organizationId)).toBe(url);
});

function failureOf(text: string): UserError {
  try {
    parseEndpoint(text);
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error(`${text} was taken`);
}
