import { expect, it } from 'vitest';
import { SessionProfile } from '../../src/diagnoses/define.js';
import { eventsApart, listeningOf } from './seen.js';

const CASES: readonly (readonly [why: string, events: string, seen: Partial<SessionProfile>])[] = [
  [
    '30 s of clock are long',
    'Start 0 @0, Stop 12 @30',
    { longs: 1, longAudioMs: 12_000, longClockMs: 30_000 },
  ],
  ['less is not', 'Start 0 @0, Stop 29 @29.999', { longs: 0, moves: true }],
  [
    'a Stop at its Start does not move',
    'Start 7.5 @0, Stop 7.5 @90, Start 80 @95, Stop 80 @99',
    { moves: false, longs: 1, farthestMs: 80_000 },
  ],
  ['a Stop before its Start moves', 'Start 9 @0, Stop 8 @4', { moves: true }],
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
    'from the farthest place to the beginning an hour later is played again',
    'Start 0 @0, Stop 30 @30, Start 1 @3630, Stop 9 @3638',
    { playedAgain: true },
  ],
  [
    'before that it may be a loop',
    'Start 0 @0, Stop 30 @30, Start 0 @3629.999, Stop 30 @3660',
    { playedAgain: false },
  ],
  [
    'also where the end is reached again at once, as often as you like',
    'Start 0 @0, Stop 48 @48, Start 0 @48, Stop 48 @96, Start 0 @96, Stop 48 @144',
    { playedAgain: false },
  ],
  [
    'and it is not passed by over 1 s',
    'Start 0 @0, Stop 30 @30, Start 0 @3700, Stop 31.001 @3732',
    { playedAgain: false },
  ],
  [
    'a Stop that comes first ends no play of this session',
    'Stop 30 @30, Start 0 @5000, Stop 9 @5009',
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
];

it.each(CASES)('%s', (_, events, seen) => {
  const profile = new SessionProfile();
  profile.compute(listeningOf(events));
  expect(profile).toMatchObject(seen);
});

it('is used again for sessions of any length', () => {
  const profile = new SessionProfile();
  profile.compute(listeningOf(eventsApart(500, 60)));
  expect(profile).toMatchObject({ longs: 250, farthestMs: 499 * 60_000 });
  profile.compute(listeningOf('Start 0 @5, Stop 1 @6'));
  expect(profile).toMatchObject({ longs: 0, farthestMs: 1000, seeks: 0 });
});
