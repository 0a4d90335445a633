import { expect, onTestFinished, test } from 'vitest';
import { startInProcessMock } from '../../src/mock/start.js';

test('the stand-in takes any body at the endpoint’s path, whole, and nothing elsewhere', async () => {
  const mock = await startInProcessMock();
  onTestFinished(() => mock.close());
  const post = (url: string, body: string) => fetch(url, { method: 'POST', body });
  const large = await post(`${mock.url}?organizationId=x`, 'x'.repeat(3_000_000));
  expect({ status: large.status, answer: await large.json() }).toEqual({
    status: 200,
    answer: { Enabled: true },
  });
  const elsewhere = await post(new URL('/elsewhere', mock.url).href, '{}');
  expect(elsewhere.status).toBe(404);
  expect(await elsewhere.json()).not.toHaveProperty('Enabled');
  expect((await fetch(mock.url)).status).toBe(404);
});
