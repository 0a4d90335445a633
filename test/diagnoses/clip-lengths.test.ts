import { expect, it } from 'vitest';
import { textHash } from '../../src/diagnoses/content.js';
import { ClipLengths } from '../../src/diagnoses/position-as-share.js';

const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';

/** The lengths on which intervals agree. For each clip, its intervals as `[audio, seconds that the clip would last]`. */
function agreed(
  clips: Readonly<Record<string, readonly (readonly [audioMs: number, seconds: number])[]>>,
  known: number | null = null,
): readonly number[] {
  const lengths = new ClipLengths({ clipDurations: new Map(known === null ? [] : [[CLIP, known]]) });
  for (const [clip, samples] of Object.entries(clips)) {
    samples.forEach(([audioMs, seconds], i) => {
      lengths.add(textHash(clip), { session: String(i), audioMs, seconds });
    });
  }
  return lengths.agreedLengths({ has: () => true }).map(({ seconds }) => seconds);
}

it('needs three intervals that agree within 10 %', () => {
  expect(
    agreed({
      [CLIP]: [
        [100, 1000],
        [150, 900],
        [100, 1100],
      ],
    }),
  ).toEqual([1000]);
  expect(
    agreed({
      [CLIP]: [
        [100, 1000],
        [150, 900],
        [100, 1101],
      ],
    }),
  ).toEqual([]);
  expect(
    agreed({
      [CLIP]: [
        [100, 1000],
        [150, 1000],
      ],
    }),
  ).toEqual([]);
});

it('needs one that is 1.5 times as long as another', () => {
  expect(
    agreed({
      [CLIP]: [
        [100, 1000],
        [149, 1000],
        [100, 1000],
      ],
    }),
  ).toEqual([]);
});

it('needs half of a clip’s intervals', () => {
  const agreeing = [
    [100, 1000],
    [150, 1000],
    [100, 1000],
  ] as const;
  expect(agreed({ [CLIP]: [...agreeing, [1, 500], [1, 600], [1, 1200]] })).toEqual([1000]);
  expect(agreed({ [CLIP]: [...agreeing, [1, 500], [1, 600], [1, 1200], [1, 1300]] })).toEqual([]);
});

it('holds them to the clip’s duration where that is known', () => {
  const agreeing = [
    [100, 1000],
    [150, 1000],
    [100, 1000],
  ] as const;
  expect(agreed({ [CLIP]: agreeing }, 1100)).toEqual([1100]);
  expect(agreed({ [CLIP]: agreeing }, 1200)).toEqual([]);
});

it('tells none unless over half of the clips are borne out', () => {
  const agreeing = [
    [100, 1000],
    [150, 1000],
    [100, 1000],
  ] as const;
  const differing = [
    [100, 1000],
    [150, 2000],
    [100, 3000],
  ] as const;
  expect(agreed({ a: agreeing, b: agreeing, c: differing, d: [[1, 1]] })).toEqual([1000, 1000]);
  expect(agreed({ a: agreeing, c: differing })).toEqual([]);
});
