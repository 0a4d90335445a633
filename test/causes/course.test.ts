import { expect, it } from 'vitest';
import type { Course } from '../../src/causes/course.js';
import { courseOf, eventsApart } from './courses.js';

const CASES: readonly (readonly [why: string, told: string, seen: Partial<Course>])[] = [
  [
    '30 s of clock are long',
    'Start 0 @0, Stop 12 @30',
    { longs: 1, longAudioMs: 12_000, longClockMs: 30_000 },
  ],
  ['less is not', 'Start 0 @0, Stop 29 @29.999', { longs: 0, playedMs: 29_000, moves: true }],
  [
    'a Stop at its Start does not move',
    'Start 7.5 @0, Stop 7.5 @90, Start 80 @95, Stop 80 @99',
    { moves: false, longs: 1, farthestMs: 80_000 },
  ],
  ['a Stop before its Start moves, and plays nothing', 'Start 9 @0, Stop 8 @4', { moves: true, playedMs: 0 }],
  [
    '2 s at the same place are a pause',
    'Start 0 @0, Stop 9 @9, Start 10 @11, Stop 12 @13',
    { pauses: 1, seeks: 0 },
  ],
  ['less is none', 'Start 0 @0, Stop 9 @9, Start 9 @10.999, Stop 12 @13', { pauses: 0, seeks: 0 }],
  [
    'over 1 s away is a seek, however late',
    'Start 0 @0, Stop 9 @9, Start 10.001 @900, Stop 12 @902',
    { pauses: 0, seeks: 1 },
  ],
  ['back, too', 'Start 5 @0, Stop 9 @9, Start 7.999 @9, Stop 12 @13', { pauses: 0, seeks: 1 }],
  [
    'from the farthest place to the beginning 30 min later is played again',
    'Start 0 @0, Stop 30 @30, Start 1 @1830, Stop 9 @1838',
    { playedAgain: true },
  ],
  [
    'before that it is a seek',
    'Start 0 @0, Stop 30 @30, Start 1 @1829.999, Stop 9 @1838',
    { playedAgain: false },
  ],
  [
    'but for when the place is reached again',
    'Start 0 @0, Stop 30 @30, Start 0 @30, Stop 29 @59',
    { playedAgain: true },
  ],
  ['within 1 s', 'Start 0 @0, Stop 30 @30, Start 0 @30, Stop 28.999 @59', { playedAgain: false }],
  [
    'and it is not passed by over 1 s',
    'Start 0 @0, Stop 30 @30, Start 0 @30, Stop 31.001 @62',
    { playedAgain: false },
  ],
  [
    'under 30 s nothing was played yet',
    'Start 0 @0, Stop 29.999 @30, Start 0 @5000, Stop 29.999 @5030',
    { playedAgain: false },
  ],
  [
    'after the first second it is no beginning',
    'Start 0 @0, Stop 30 @30, Start 1.001 @5000, Stop 30 @5030',
    { playedAgain: false },
  ],
  [
    'a farthest Stop tells nothing, nor do whole seconds',
    'Start 0 @0, Stop 9 @9, Start 9 @20, Stop 30.25 @41',
    { telling: false },
  ],
  ['another Stop does', 'Start 0 @0, Stop 9.125 @9, Start 9.125 @20, Stop 30.25 @41', { telling: true }],
  ['so do ten events', eventsApart(10, 1), { telling: true }],
  ['nine do not', eventsApart(9, 1), { telling: false, events: 9 }],
];

it.each(CASES)('%s', (_, told, seen) => {
  expect(courseOf(told)).toMatchObject(seen);
});

it('is used again for sessions of any length', () => {
  const course = courseOf(eventsApart(500, 60));
  expect(course).toMatchObject({ events: 500, longs: 250, farthestMs: 499 * 60_000, firstMs: 0 });
  course.begin(2);
  course.take(false, 0, 5000);
  course.take(true, 1000, 6000);
  course.reckon();
  expect(course).toMatchObject({
    events: 2,
    longs: 0,
    farthestMs: 1000,
    firstMs: 5000,
    lastMs: 6000,
    seeks: 0,
  });
});
