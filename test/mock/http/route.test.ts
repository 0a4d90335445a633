import { describe, expect, test } from 'vitest';
import { refusalReason } from '../../../src/mock/http/route.js';
import { rawExchange, started } from '../mocks.js';

const ALLOWED = new Set(['mock.test', '192.168.1.7']);

describe('the page and the control API', () => {
  test.each<[string, Record<string, string>, string | undefined, boolean]>([
    ['localhost', { host: 'localhost:8787' }, '127.0.0.1', true],
    ['the address it came in at', { host: '127.0.0.1:8787' }, '127.0.0.1', true],
    ['that address without a port', { host: '127.0.0.1' }, '127.0.0.1', true],
    ['an IPv6 address', { host: '[::1]:8787' }, '::1', true],
    ['IPv4 over IPv6', { host: '10.0.0.5:8787' }, '::ffff:10.0.0.5', true],
    ['a name that is let in', { host: 'Mock.Test:8787' }, '127.0.0.1', true],
    ['its own page', { host: 'localhost:8787', origin: 'http://localhost:8787' }, '127.0.0.1', true],
    [
      'its own page with TLS',
      { host: 'localhost:8787', origin: 'https://localhost:8787' },
      '127.0.0.1',
      true,
    ],
    [
      'a link from elsewhere',
      { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      '127.0.0.1',
      true,
    ],
    [
      'an address typed in',
      { host: 'localhost', 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
      '127.0.0.1',
      true,
    ],
    ['a name that was pointed here', { host: 'evil.example:8787' }, '127.0.0.1', false],
    ['a name that begins alike', { host: 'localhost.evil.example' }, '127.0.0.1', false],
    ['another address', { host: '127.0.0.2:8787' }, '127.0.0.1', false],
    ['no host', {}, '127.0.0.1', false],
    ['no address known', { host: 'undefined' }, undefined, false],
    ['another origin', { host: 'localhost:8787', origin: 'https://evil.example' }, '127.0.0.1', false],
    ['another port', { host: 'localhost:8787', origin: 'http://localhost:3000' }, '127.0.0.1', false],
    ['an opaque origin', { host: 'localhost:8787', origin: 'null' }, '127.0.0.1', false],
    [
      'an image on another site',
      { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      '127.0.0.1',
      false,
    ],
    [
      'a script on another port',
      { host: 'localhost', 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
      '127.0.0.1',
      false,
    ],
  ])('%s', (_, headers, localAddress, let_in) => {
    const socket = localAddress === undefined ? {} : { localAddress };
    expect(refusalReason({ headers, socket }, ALLOWED) === null).toBe(let_in);
  });

  test.each(['GET / ', 'GET /_mock/summary ', 'POST /_mock/reset ', 'GET /t/a/_mock/events '])(
    '%sfor a foreign host is refused',
    async (line) => {
      const mock = await started({ allowHosts: ['mock.test'] });
      const ask = async (host: string) =>
        (
          await rawExchange(
            mock.baseUrl,
            `${line}HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
          )
        ).text;
      expect(await ask('evil.example')).toMatch(/^HTTP\/1.1 403 [\s\S]*--allow-host/);
      if (!line.includes('events')) expect(await ask('mock.test')).toMatch(/^HTTP\/1.1 200 /);
    },
  );

  test('a foreign page cannot reset it', async () => {
    const mock = await started();
    const response = await fetch(`${mock.baseUrl}/_mock/reset`, {
      method: 'POST',
      headers: { origin: 'https://a.example' },
    });
    expect(response.status).toBe(403);
  });
});
