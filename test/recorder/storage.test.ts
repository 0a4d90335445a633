import { describe, expect, it } from 'vitest';
import { RECORDER } from '../../src/recorder/source.js';
import type { WireEvent } from '../../src/wire/event.js';
import { problemsOf } from './judge.js';
import { recorderFrom } from './page.js';
import { runScript, type Script } from './script.js';
import type { Exchange } from './server.js';
import { World } from './world.js';

const SCRIPT: Script = {
  seed: 1,
  flavour: 'chromium',
  steps: [
    { gesture: { do: 'play' }, wait: 12_000 },
    { gesture: { do: 'endpoint', behaviour: '503' }, wait: 0 },
    { gesture: { do: 'next clip' }, wait: 15_000 },
    { gesture: { do: 'endpoint', behaviour: 'well' }, wait: 90_000 },
    { gesture: { do: 'leave' }, wait: 1000 },
  ],
};

describe('a recorder in a browser that keeps nothing', () => {
  it.each([
    ['forbids its storage', "(() => { throw new Error('SecurityError'); })()"],
    ['has none', 'null'],
    ['is full', "new Proxy({}, { set() { throw new Error('QuotaExceededError'); } })"],
  ])('sends each session once, where it %s', async (_, storage) => {
    const recorder = recorderFrom(RECORDER.javascript.replace('localStorage', storage));
    const outcome = await runScript(recorder, { ...SCRIPT, steps: SCRIPT.steps.filter(isNoFault) });
    expect(await problemsOf(outcome)).toEqual([]);
    expect(outcome.exchanges).toHaveLength(2);
  });

  it('sends again what was not counted, with the next session, where it has none', async () => {
    const recorder = recorderFrom(RECORDER.javascript.replace('localStorage', 'null'));
    const outcome = await runScript(recorder, SCRIPT);
    expect(await problemsOf(outcome)).toEqual([]);
    expect(outcome.exchanges.map(({ status }) => status)).toEqual([503, 200]);
  });
});

it('keeps about a megabyte of what cannot be sent', async () => {
  const world = new World(recorderFrom(RECORDER.javascript), 1);
  const page = world.open();
  const [key] = await keyOf(world, page);
  for (let i = 0; i < 300; i += 1) world.storage[`${key}${i}`] = `{"Position":${'1'.repeat(4980)}}`;
  world.online = false;
  page.dispatch('online');
  await world.pass(5000);
  const kept = Object.values(world.storage).reduce((sum, { length }) => sum + length, 0);
  expect(kept).toBeGreaterThan(1_000_000);
  expect(kept).toBeLessThan(1_100_000);
});

/** What the keys of sessions begin with in the storage: taken from a session that is open. */
async function keyOf(
  world: World,
  page: { audio: { play(): void; load(clip: string, seconds: number): void } },
) {
  page.audio.play();
  await world.pass(2000);
  return Object.keys(world.storage).map((key) => key.slice(0, -36));
}

function isNoFault({ gesture }: Script['steps'][number]): boolean {
  return gesture.do !== 'endpoint';
}

it.each([-3_600_000, 3_600_000])('keeps Positions right where the clock is set by %i ms', async (ms) => {
  const world = new World(recorderFrom(RECORDER.javascript), 1);
  const page = world.open();
  page.audio.play();
  await world.pass(8000);
  world.clockSetBy = ms;
  await world.pass(7000);
  page.leave();
  await world.pass(1000);
  const [{ body }] = world.server.exchanges as [Exchange];
  const { Events } = JSON.parse(body) as { Events: WireEvent[] };
  expect(Events.map(({ Type }) => Type)).toEqual(['Start', 'Stop', 'Start', 'Stop']);
  const [from, left, back, to] = Events.map(({ Position }) => Position) as [number, number, number, number];
  expect(from).toBeCloseTo(0, 0);
  expect(back).toBeCloseTo(left, 1);
  expect(to).toBeCloseTo(page.audio.currentTime, 1);
});
