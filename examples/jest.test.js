import { expect, jest, test } from '@jest/globals';
import { Player } from './player.js'; // your player

test('a play is reported', async () => {
  const { OMNY_CONSUME_ENDPOINT, OMNY_CONSUME_MOCK } = process.env;
  const startedAt = Date.now() - 60_000;
  const clock = jest.spyOn(Date, 'now').mockReturnValue(startedAt);
  const player = new Player('9b5c82f7-74cf-4841-a870-a470017cc8eb');
  player.play(0);
  clock.mockReturnValue(startedAt + 30_000);
  player.pause(30);
  await player.end(OMNY_CONSUME_ENDPOINT);
  const answer = await fetch(`${OMNY_CONSUME_MOCK}/_mock/findings`);
  expect(await answer.json()).toMatchObject({ findings: [] });
});
