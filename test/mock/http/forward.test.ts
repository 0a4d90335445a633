import { expect, test } from 'vitest';
import { serveHttp } from '../../send/servers.js';
import { bodyOf, events, ORGANIZATION, post, started } from '../mocks.js';

/** An endpoint that answers as told, and what it was sent. */
async function endpoint(answer: { status?: number; body?: string; headers?: Record<string, string> } = {}) {
  const seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
  const base = await serveHttp((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'application/json' });
      response.end(answer.body ?? '{"Enabled":false}');
    });
  });
  return { url: `${base}/api/consumption/events`, seen };
}

const simulated = () => {
  const text = JSON.stringify(bodyOf(events()));
  return text.replaceAll('0b92f2f4-7d1c-4c36-9a53', '5eed0000-7d1c-8c36-9a53');
};

test('passes a request on, and its answer back, while it checks', async () => {
  const { url, seen } = await endpoint();
  const mock = await started({ forward: { url, authorization: 'Basic x', allowSimulated: false } });
  const body = `{ "Events": ${JSON.stringify(events())},\n "Completed": true, "Source": "Web" }`;
  const answer = await post(mock.url, body, { headers: { 'user-agent': 'player/1', cookie: 'secret=1' } });
  expect(await answer.json()).toEqual({ Enabled: false });
  expect(seen).toMatchObject([
    {
      method: 'POST',
      url: `/api/consumption/events?organizationId=${ORGANIZATION}`,
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'player/1', authorization: 'Basic x' },
    },
  ]);
  expect(seen[0]).not.toHaveProperty('headers.cookie');
  expect(mock.findings()).toMatchObject([{ rule: 'source-reserved' }]);
  expect(mock.requests()).toMatchObject([{ status: 200, enabled: false }]);
});

test.each<[NonNullable<Parameters<typeof endpoint>[0]>, number]>([
  [{ status: 503, headers: { 'retry-after': '7' }, body: 'later' }, 503],
  [{ status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: '' }, 302],
  [{ status: 400, body: '<html>' }, 400],
])('an answer comes back as it is: %j', async (answer, status) => {
  const { url, seen } = await endpoint(answer);
  const mock = await started({ forward: { url, authorization: null, allowSimulated: false } });
  const response = await post(mock.url);
  expect(response.status).toBe(status);
  expect(await response.text()).toBe(answer.body);
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    expect(response.headers.get(name)).toBe(value);
  }
  expect(seen).toHaveLength(1);
});

test('nobody there is a 502, and the reason is told', async () => {
  const reasons: (string | null)[] = [];
  const mock = await started({
    onRequest: ({ notForwarded }) => reasons.push(notForwarded),
    forward: { url: 'http://127.0.0.1:1/api/consumption/events', authorization: null, allowSimulated: false },
  });
  expect((await post(mock.url)).status).toBe(502);
  expect(reasons).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/\S+ gave no answer: .*ECONNREFUSED/),
  ]);
});

test('sessions that simulate made stay here, unless they are let through', async () => {
  const { url, seen } = await endpoint();
  const held: (string | null)[] = [];
  const forward = { url, authorization: null, allowSimulated: false };
  const mock = await started({ forward, onRequest: ({ notForwarded }) => held.push(notForwarded) });
  expect(await (await post(mock.url, simulated())).json()).toEqual({ Enabled: true });
  expect(seen).toEqual([]);
  const open = await started({ forward: { ...forward, allowSimulated: true } });
  expect(await (await post(open.url, simulated())).json()).toEqual({ Enabled: false });
  expect([seen.length, held]).toEqual([1, [expect.stringContaining('--allow-simulated')]]);
});

test.each(['reset-after', 'cut', 'html', 'disabled', '503', 'hang'])(
  'what a player would send again, or %s stands for, is not passed on',
  async (fault) => {
    const { url, seen } = await endpoint();
    const forward = { url, authorization: null, allowSimulated: false };
    const mock = await started({ forward, faults: [`${fault}@#1`] });
    const first = post(mock.url).catch(() => null);
    if (fault !== 'hang') await first;
    else await mock.waitFor(1);
    await (await post(mock.url, bodyOf(events(2)))).text();
    expect(seen).toHaveLength(1);
    await mock.close();
    await first;
  },
);

test('nor is what cannot be read, or is refused by --strict', async () => {
  const { url, seen } = await endpoint();
  const mock = await started({ strict: true, forward: { url, authorization: null, allowSimulated: false } });
  await post(mock.url, '{');
  await post(mock.url, { ...bodyOf(events()), Completed: false });
  expect(seen).toEqual([]);
});

test('takes no request of a browser page elsewhere, unless its origin is let in', async () => {
  const { url, seen } = await endpoint();
  const from = (origin: string) => ({ headers: { origin } });
  const forward = {
    url,
    authorization: null,
    allowSimulated: false,
    allowOrigins: ['http://localhost:3000'],
  };
  const mock = await started({ forward });
  const refused = await post(mock.url, bodyOf(events(1)), from('https://evil.example'));
  expect([refused.status, await refused.json()]).toEqual([
    403,
    { Message: expect.stringContaining('--allow-origin https://evil.example') },
  ]);
  expect((await fetch(mock.url, { method: 'OPTIONS', ...from('null') })).status).toBe(403);
  const asked = { ...from('https://evil.example').headers, 'access-control-request-method': 'POST' };
  expect((await fetch(mock.url, { method: 'OPTIONS', headers: asked })).status).toBe(403);
  expect(seen).toEqual([]);
  expect(mock.summary()).toMatchObject({ requests: 0, unmatched: 3 });
  for (const origin of ['http://localhost:3000', mock.baseUrl])
    expect((await post(mock.url, bodyOf(events(2)), from(origin))).status).toBe(200);
  expect(seen).toHaveLength(2);
});
