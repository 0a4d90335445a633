import { expect, onTestFinished, test } from 'vitest';
import { type StandInOptions, startStandIn } from '../../src/mock/stand-in.js';

async function started(options: StandInOptions = {}) {
  const standIn = await startStandIn(options);
  onTestFinished(() => standIn.close());
  return standIn;
}

function post(url: string, body: string): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

test.each([true, false])('takes a body and answers Enabled: %s', async (enabled) => {
  const standIn = await started({ enabled });
  const response = await post(`${standIn.url}?organizationId=x`, '{"Events":[1]}');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ Enabled: enabled });
  expect(standIn.received()).toMatchObject([
    {
      url: '/api/consumption/events?organizationId=x',
      headers: { 'content-type': 'application/json' },
      body: { Events: [1] },
    },
  ]);
});

test('listens on loopback only, at the endpoint’s path', async () => {
  const standIn = await started();
  expect(standIn.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/consumption\/events$/);
});

test.each([
  ['another path', '/elsewhere', { method: 'POST', body: '{}' }, 404],
  ['a longer path', '/api/consumption/events/more', { method: 'POST', body: '{}' }, 404],
  ['another method', '', { method: 'GET' }, 405],
  ['no JSON', '', { method: 'POST', body: '{"Events":' }, 400],
  ['no body', '', { method: 'POST' }, 400],
  ['too much', '', { method: 'POST', body: ' '.repeat(11 * 1024 * 1024) }, 413],
])('does not take %s', async (_, path, init, status) => {
  const standIn = await started();
  const response = await fetch(new URL(path, standIn.url), init);
  expect(response.status).toBe(status);
  expect(await response.json()).toHaveProperty('Message');
  expect(standIn.received()).toEqual([]);
});

test('keeps no more than it is told to', async () => {
  const standIn = await started({ keep: 2 });
  for (const number of [1, 2, 3]) await post(standIn.url, `${number}`);
  expect(standIn.received().map(({ body }) => body)).toEqual([2, 3]);
});

test('a port that is taken is an error', async () => {
  const { url } = await started();
  await expect(startStandIn({ port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

test('closing ends connections that are kept alive', async () => {
  const standIn = await startStandIn();
  await (await post(standIn.url, '{}')).text();
  await standIn.close();
  await expect(post(standIn.url, '{}')).rejects.toThrow();
});
