import fc from 'fast-check';
import type { Gesture, Script, SimpleGesture, Step } from './script.js';

const simple = (...names: SimpleGesture['do'][]) => fc.constantFrom(...names).map((name) => ({ do: name }));

const gesture: fc.Arbitrary<Gesture> = fc.oneof(
  { weight: 12, arbitrary: simple('play') },
  { weight: 6, arbitrary: simple('pause') },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('seek' as const),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
      buffered: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('rate' as const), rate: fc.constantFrom(0, 0.5, 1, 1.5, 2, 4) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('stall' as const), ms: fc.constantFrom(20, 300, 3000, 40_000) }),
  },
  { weight: 4, arbitrary: simple('next clip', 'set source') },
  { weight: 3, arbitrary: simple('leave', 'kill', 'back', 'second tab', 'stop') },
  { weight: 2, arbitrary: simple('toggle loop', 'hide') },
  { weight: 2, arbitrary: simple('online', 'offline') },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('freeze' as const, 'sleep' as const),
      ms: fc.constantFrom(3000, 60_000, 3_600_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('endpoint' as const),
      behaviour: fc.constantFrom(
        'well',
        'well',
        'well',
        '503',
        '429',
        '500',
        'html',
        'lost',
        'cut',
        'refuse',
        'disabled',
      ),
    }),
  },
);

const step: fc.Arbitrary<Step> = fc.record({
  gesture,
  wait: fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 300, max: 12_000 }),
    fc.constant(30_000),
  ),
});

/** Anything that may happen to a player, in any order. */
export const scripts: fc.Arbitrary<Script> = fc.record({
  seed: fc.integer(),
  flavour: fc.constantFrom('html', 'chromium', 'webkit'),
  steps: fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }),
});
