import { expect, test } from '@playwright/test';
import { startMockEndpoint } from 'omny-consume';

test('two episodes are reported when the listener leaves', async ({ page }) => {
  const mock = await startMockEndpoint({ port: 0 });
  await page.goto(`/episode?endpoint=${encodeURIComponent(mock.url)}`);
  await page.getByRole('button', { name: 'Play' }).click();
  await page.waitForFunction(() => document.querySelector('audio').currentTime > 4.5);
  await page.getByRole('button', { name: 'Next episode' }).click();
  await page.waitForFunction(() => document.querySelector('audio').currentTime > 1);
  await page.goto('about:blank'); // the player sends its beacon
  expect.soft((await mock.waitFor(2))[0].played, 'Position is in seconds').toBeGreaterThan(4);
  expect(mock.findings({ atLeast: 'warning' })).toEqual([]);
  await mock.close();
});
