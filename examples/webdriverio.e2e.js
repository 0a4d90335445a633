import { $, browser } from '@wdio/globals';

it('an episode is reported when the listener leaves', async () => {
  const { OMNY_CONSUME_ENDPOINT, OMNY_CONSUME_MOCK } = process.env;
  await browser.url(`/episode?endpoint=${encodeURIComponent(OMNY_CONSUME_ENDPOINT)}`);
  await $('button*=Play').click();
  const played = () => browser.execute(() => document.querySelector('audio').currentTime > 4.5);
  await browser.waitUntil(played);
  await browser.url('about:blank'); // the player sends its beacon
  await fetch(`${OMNY_CONSUME_MOCK}/_mock/wait?sessions=1`);
});
