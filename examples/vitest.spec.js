import 'omny-consume/vitest';
import { expect, test, vi } from 'vitest';
import { Player } from './player.js'; // your player

test('a pause is reported', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const player = new Player('9b5c82f7-74cf-4841-a870-a470017cc8eb');
  player.play(0);
  vi.advanceTimersByTime(20_000);
  player.pause(20);
  vi.advanceTimersByTime(60_000);
  player.play(20);
  vi.advanceTimersByTime(20_000);
  player.pause(40);
  expect(player.body()).toBeValidConsumption({ failOn: 'warning' });
});
