import { describe, expect, it } from 'vitest';
import { RECORDER } from '../../src/recorder/source.js';
import { problemsOf } from './judge.js';
import { recorderFrom } from './page.js';
import { runScript, type Step } from './script.js';

const recorder = recorderFrom(RECORDER.javascript);

/** A session of some 5 KB: pauses and plays on ten times. */
const SESSION: readonly Step[] = [
  ...Array.from({ length: 10 }, (): Step[] => [
    { gesture: { do: 'play' }, wait: 1500 },
    { gesture: { do: 'pause' }, wait: 500 },
  ]).flat(),
  { gesture: { do: 'next clip' }, wait: 2000 },
];

describe('sessions that were kept while there was no network', () => {
  it('are all sent once, in several requests under 60 KB', async () => {
    const sessions = 40;
    const steps: Step[] = [
      { gesture: { do: 'offline' }, wait: 100 },
      ...Array.from({ length: sessions - 1 }, () => SESSION).flat(),
      { gesture: { do: 'stop' }, wait: 1000 },
      { gesture: { do: 'online' }, wait: 300_000 },
    ];
    const outcome = await runScript(recorder, { seed: 1, flavour: 'chromium', steps });
    const bodies = outcome.exchanges.map(({ body }) => body);
    expect(bodies.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(120_000);
    expect(await problemsOf(outcome)).toEqual([]);
    const ids = bodies.flatMap((body) => [
      ...new Set(
        (JSON.parse(body) as { Events: { SessionId: string }[] }).Events.map(({ SessionId }) => SessionId),
      ),
    ]);
    expect(ids.length).toBe(sessions);
    expect(new Set(ids).size).toBe(sessions);
  });
});
