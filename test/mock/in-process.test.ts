import { expect, onTestFinished, test } from 'vitest';
import { startStandIn } from '../../src/mock/stand-in.js';

test('the stand-in takes any body at the endpoint’s path, whole, and nothing elsewhere', async () => {
  const standIn = await startStandIn();
  onTestFinished(() => standIn.close());
  const post = (url: string, body: string) => fetch(url, { method: 'POST', body });
  const large = await post(`${standIn.url}?organizationId=x`, 'x'.repeat(3_000_000));
  expect({ status: large.status, answer: await large.json() }).toEqual({
    status: 200,
    answer: { Enabled: true },
  });
  const elsewhere = await post(new URL('/elsewhere', standIn.url).href, '{}');
  expect(elsewhere.status).toBe(404);
  expect(await elsewhere.json()).not.toHaveProperty('Enabled');
  expect((await fetch(standIn.url)).status).toBe(404);
});
