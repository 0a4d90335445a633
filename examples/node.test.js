import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMockEndpoint } from 'omny-consume';
import { Player } from './player.js'; // your player

test('each episode is a session', async (t) => {
  const mock = await startMockEndpoint({ port: 0 });
  t.after(() => mock.close());
  for (const clip of ['9b5c82f7-74cf-4841-a870-a470017cc8eb', '0a1b2c3d-74cf-4841-a870-a470017cc8eb']) {
    const player = new Player(clip);
    player.play(0);
    player.pause(0.4);
    await player.end(mock.url);
  }
  await mock.waitFor(2);
  assert.deepEqual(mock.findings({ atLeast: 'warning' }), []);
});
