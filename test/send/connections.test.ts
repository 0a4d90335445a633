import { readFile } from 'node:fs/promises';
import { createServer as createProxy } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../src/mock/start.js';
import type { Attempt } from '../../src/send/answer.js';
import { openClient } from '../../src/send/client.js';
import { type Proxies, proxyUrl } from '../../src/send/connections.js';
import { parseEndpoint } from '../../src/send/endpoint.js';
import { classify } from '../../src/send/outcome.js';

const BATCH = { organizationId: '126281f8-200e-4c9f-8378-a4870055423b', body: Buffer.from('{"Events":[]}') };

async function post(url: string, options: { proxies?: Proxies; ca?: string } = {}): Promise<Attempt> {
  const client = openClient({
    endpoint: parseEndpoint(url),
    version: '0',
    concurrency: 1,
    timeoutMs: 10_000,
    ...options,
  });
  onTestFinished(() => client.close());
  return client.post(BATCH);
}

/** A proxy that tunnels everything to one port, and what it was asked for. */
async function proxyTo(port: number, status = 200) {
  const asked: string[] = [];
  const proxy = createProxy();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

async function mockPort(): Promise<number> {
  const mock = await startMockEndpoint({ port: 0 });
  onTestFinished(() => mock.close());
  return Number(new URL(mock.url).port);
}

test('a host off this machine is reached through the proxy', async () => {
  const proxy = await proxyTo(await mockPort());
  const attempt = await post('http://endpoint.example', { proxies: { http: proxy.url } });
  expect(attempt).toMatchObject({ kind: 'answered', status: 200, enabled: true });
  expect(proxy.asked).toEqual(['endpoint.example:80']);
});

test('this machine is reached directly, whatever the environment says', async () => {
  const port = await mockPort();
  const proxy = await proxyTo(port);
  for (const host of ['127.0.0.1', 'localhost']) {
    const attempt = await post(`http://${host}:${port}`, {
      proxies: { http: proxy.url, https: proxy.url, except: '' },
    });
    expect(attempt).toMatchObject({ status: 200, enabled: true });
  }
  expect(proxy.asked).toEqual([]);
});

test('NO_PROXY is kept to', async () => {
  const proxy = await proxyTo(await mockPort());
  const attempt = await post('http://endpoint.invalid', { proxies: { http: proxy.url, except: '.invalid' } });
  expect(attempt).toMatchObject({ kind: 'not-connected' });
  expect(proxy.asked).toEqual([]);
});

test.each([
  [407, 'stop'],
  [403, 'stop'],
  [502, 'not-sent'],
])('a proxy that answers %i has sent nothing', async (status, kind) => {
  const proxy = await proxyTo(1, status);
  const attempt = await post('https://endpoint.example', { proxies: { https: proxy.url } });
  expect(attempt).toEqual({ kind: 'proxy', status });
  expect(classify(attempt).kind).toBe(kind);
});

test('a proxy that is not there is no connection', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const attempt = await post('https://endpoint.example', { proxies: { https: `http://127.0.0.1:${port}` } });
  expect(attempt).toMatchObject({ kind: 'not-connected', code: 'ECONNREFUSED' });
});

test('a certificate is checked against those of --ca too, whatever the environment says', async () => {
  const [cert, key] = await Promise.all(
    ['cert', 'key'].map((part) =>
      readFile(new URL(`../mock/localhost-${part}.pem`, import.meta.url), 'utf8'),
    ),
  );
  const mock = await startMockEndpoint({ port: 0, tls: { cert: cert!, key: key! } });
  onTestFinished(() => mock.close());
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  onTestFinished(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });
  const unknown = await post(mock.url);
  expect(unknown).toMatchObject({ kind: 'tls' });
  expect(classify(unknown).kind).toBe('stop');
  expect(await post(mock.url, { ca: cert! })).toMatchObject({ kind: 'answered', status: 200 });
});

test('a proxy that closes on CONNECT gets one connection an attempt', async () => {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).once('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const endpoint of ['http://endpoint.example', 'https://endpoint.example']) {
    connections = 0;
    const attempt = await post(endpoint, { proxies: { http: url, https: url } });
    expect(attempt).toMatchObject({ kind: 'not-connected' });
    expect(connections).toBe(1);
  }
});

test.each([
  ['127.0.0.1:3128', 'http://127.0.0.1:3128/'],
  ['proxy.example', 'http://proxy.example:1080/'],
  ['me:secret@proxy.example:3128', 'http://me:secret@proxy.example:3128/'],
  ['https://proxy.example', 'https://proxy.example/'],
])('%s is a proxy', (text, url) => {
  expect(proxyUrl(text, 'https_proxy')).toBe(url);
});

test.each(['ftp://secret@proxy.example', 'http://', 'pro xy:secret', '::1:3128'])(
  '%s is none, and not shown',
  (text) => {
    expect(() => proxyUrl(text, 'https_proxy')).toThrow(
      /^the proxy in https_proxy cannot be read: nothing was sent$/,
    );
  },
);
