import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { run } from '../run.js';

/** A proxy that lets nothing through, and what it was asked for. */
async function closedProxy() {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => proxy.close(() => resolve()));
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked, close };
}

// The built program loads of undici what it needs: a proxy needs more than a connection.
test.each(['http', 'https'])('the built program goes through a proxy (%s)', async (protocol) => {
  const proxy = await closedProxy();
  try {
    const { stdout, code } = await run(
      [
        'send',
        '--endpoint',
        `${protocol}://nowhere.test/`,
        '--yes',
        '--no-ledger',
        'fixtures/document/curl-body.json',
      ],
      { env: { http_proxy: proxy.url, https_proxy: proxy.url } },
    );
    expect(stdout).toContain('the proxy answered 407 Proxy Authentication Required');
    expect(code).toBe(3);
    expect(proxy.asked).toEqual([protocol === 'http' ? 'nowhere.test:80' : 'nowhere.test:443']);
  } finally {
    await proxy.close();
  }
});
