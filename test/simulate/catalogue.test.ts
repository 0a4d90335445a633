import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGuid } from '../../src/domain/guid.js';
import { catalogueOf } from '../../src/simulate/catalogue.js';
import { simulate } from '../../src/simulate/simulate.js';

const GIVEN = [
  { id: '7a4df1b1-1c20-4c77-9d2c-8f0f6a1f2a10', seconds: 100 },
  { id: '0F3B2C4D-5E6F-4A1B-8C2D-3E4F5A6B7C8D' },
];

function clipsPlayed(options: Partial<Parameters<typeof simulate>[0]>): string[] {
  return [...simulate({ seed: 1, sessions: 5000, ...options })].map(
    ({ events }) => events[0]!.played!.clipId,
  );
}

describe('made clips', () => {
  test('are well formed, of the length of podcasts, with chapters that rise within them', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const catalogue = catalogueOf(seed, undefined);
        const ids = new Set<string>();
        for (let k = 0; k < catalogue.length; k += 1) {
          const { id, durationMs, chaptersMs } = catalogue.clip(k);
          ids.add(id);
          expect(isGuid(id)).toBe(true);
          expect(durationMs).toBeGreaterThanOrEqual(180_000);
          expect(durationMs).toBeLessThanOrEqual(9_000_000);
          expect(durationMs % 1000).toBe(0);
          expect(chaptersMs[0]).toBe(0);
          expect(chaptersMs).toEqual([...chaptersMs].sort((a, b) => a - b));
          expect(chaptersMs.at(-1)).toBeLessThan(durationMs);
        }
        expect(ids.size).toBe(20);
      }),
    );
  });

  test('have the median and mean length of 18.8 million episodes: 36:34 and 41:31', () => {
    const lengths = Array.from(
      { length: 3000 },
      (_, seed) => catalogueOf(seed, undefined).clip(0).durationMs / 60_000,
    );
    lengths.sort((a, b) => a - b);
    expect(lengths[1500]).toBeGreaterThan(34.5);
    expect(lengths[1500]).toBeLessThan(38.5);
    expect(lengths.reduce((a, b) => a + b) / 3000).toBeGreaterThan(40);
    expect(lengths.reduce((a, b) => a + b) / 3000).toBeLessThan(43);
  });
});

test('popularity falls off by Zipf: the second clip is played half as often as the first', () => {
  const counts = new Map<string, number>();
  for (const id of clipsPlayed({ profiles: [{ name: 'bounce', weight: 1 }] }))
    counts.set(id, (counts.get(id) ?? 0) + 1);
  const [first, second, third] = [...counts.values()].sort((a, b) => b - a) as [number, number, number];
  expect(first / second).toBeGreaterThan(1.7);
  expect(first / second).toBeLessThan(2.3);
  expect(first / third).toBeGreaterThan(2.5);
});

test('given clips are used as they are written, their durations too', () => {
  expect(new Set(clipsPlayed({ clips: GIVEN }))).toEqual(new Set(GIVEN.map(({ id }) => id)));
  const catalogue = catalogueOf(9, GIVEN);
  expect(catalogue.clip(0)).toMatchObject({ durationMs: 100_000, durationGiven: true });
  expect(catalogue.clip(1)).toMatchObject({ durationGiven: false });
  // The length made for a clip is the clip's: not its place's in the list, and not its letters' case.
  const turned = catalogueOf(9, [{ id: GIVEN[1]!.id.toLowerCase() }, GIVEN[0]!]);
  expect(turned.clip(0).durationMs).toBe(catalogue.clip(1).durationMs);
});

test('organization and Source are carried by every event; without a Source none is', () => {
  const organization = '126281f8-200e-4c9f-8378-a4870055423b';
  for (const { events } of simulate({
    seed: 1,
    sessions: 16,
    organization,
    source: 'SmartSpeaker',
  })) {
    expect(events.every((event) => event.source === 'SmartSpeaker')).toBe(true);
    expect(events.every((event) => event.played?.organizationId === organization)).toBe(true);
  }
  for (const { events } of simulate({ seed: 1, sessions: 16 }))
    expect(events.every(({ source }) => source === undefined)).toBe(true);
});
