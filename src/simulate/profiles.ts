import type { Behaviour, Speeds } from './behaviour.js';
import type { Quantiles } from './chance.js';

/** The kinds of listeners. */
export const PROFILES = [
  'complete',
  'drop-off',
  'skipper',
  'pauser',
  'sampler',
  'rewinder',
  'speeder',
  'binge',
  'bounce',
] as const;

export type Profile = (typeof PROFILES)[number];

/**
 * Seconds until an early leaver goes: most within two minutes. Retention graphs of NPR One (medium.com/@GluedToTheScreen) and of a survey of
 * retention curves (podvynt.com) show a steep fall in the first minute and 15 to 25 % gone after three.
 */
const FIRST_MINUTES: Quantiles = [
  [0, 12],
  [0.25, 30],
  [0.5, 70],
  [0.75, 140],
  [0.9, 220],
  [1, 330],
];

/**
 * Half of heavy listeners have tried a faster speed (Westwood One, 2017), yet only about 1 % of Overcast's listeners use 2x or more (its
 * author, BuzzFeed News): so most play at 1.
 */
const USUAL_SPEEDS: Speeds = [
  [1, 0.88],
  [1.25, 0.05],
  [1.5, 0.04],
  [1.75, 0.01],
  [2, 0.01],
  [0.75, 0.01],
];

const AVERAGE = {
  resumes: 0.05,
  leavesEarly: 0.05,
  patience: FIRST_MINUTES,
  leavesMidway: 0.2,
  leavesAtOutro: 0.2,
  pauses: 0.8,
  skipsAhead: 0.5,
  skipsBack: 0.4,
  chapters: 0,
  wanders: false,
  replays: 0,
  speeds: USUAL_SPEEDS,
} as const satisfies Partial<Behaviour>;

/** The model's parameters, a profile each. */
export const BEHAVIOURS: Readonly<Record<Profile, Behaviour>> = {
  complete: {
    ...AVERAGE,
    weight: 0.3,
    why: 'In Infinite Dial 2017 (Edison Research, Triton) about 40 % say that they hear all of an episode and 45 % most of it: with the finishers of the other profiles, about 40 % of a default simulation reach the end.',
    leavesEarly: 0,
    leavesMidway: 0.05,
  },
  'drop-off': {
    ...AVERAGE,
    weight: 0.21,
    why: 'Those who make up the fall of the first minutes, and part of the slow decline after it.',
    leavesEarly: 0.65,
    leavesMidway: 0.35,
    leavesAtOutro: 0,
  },
  skipper: {
    ...AVERAGE,
    weight: 0.12,
    why: 'A third of US listeners almost always skip advertisements and another sixth mostly do (Insider Intelligence): runs of taps, and chapters.',
    leavesEarly: 0.1,
    leavesAtOutro: 0.35,
    skipsAhead: 9,
    skipsBack: 2,
    chapters: 3,
  },
  pauser: {
    ...AVERAGE,
    weight: 0.12,
    why: 'An episode of 40 minutes is longer than a way to work: it is heard in parts, over hours or days, in one session (API-14).',
    leavesMidway: 0.25,
    pauses: 7,
  },
  sampler: {
    ...AVERAGE,
    weight: 0.06,
    why: 'Looks for a part, or for whether the episode is worth it: some seconds here and there, then gone.',
    resumes: 0.2,
    leavesEarly: 1,
    patience: [
      [0, 20],
      [0.5, 90],
      [0.9, 240],
      [1, 420],
    ],
    leavesMidway: 0,
    leavesAtOutro: 0,
    pauses: 0,
    skipsAhead: 20,
    skipsBack: 0,
    chapters: 100,
    wanders: true,
  },
  rewinder: {
    ...AVERAGE,
    weight: 0.05,
    why: 'Learners and the easily distracted: what was missed is heard again.',
    leavesMidway: 0.15,
    skipsAhead: 0.3,
    skipsBack: 7,
    replays: 5,
  },
  speeder: {
    ...AVERAGE,
    weight: 0.05,
    why: 'All who play fast, or slowly: apps offer 0.5x to 3x.',
    speeds: [
      [1.25, 0.28],
      [1.5, 0.34],
      [1.75, 0.12],
      [2, 0.14],
      [2.5, 0.03],
      [3, 0.02],
      [0.75, 0.07],
    ],
  },
  binge: {
    ...AVERAGE,
    weight: 0.06,
    why: 'Stitcher (2014) counted 3 % (single episodes) to 21 % (Serial) of listening as binges.',
    resumes: 0,
    leavesEarly: 0.03,
    leavesMidway: 0.15,
    leavesAtOutro: 0.25,
  },
  bounce: {
    ...AVERAGE,
    weight: 0.03,
    why: 'Started by mistake, or the wrong episode: under the 10 seconds that Omny filters out (API-7).',
    resumes: 0.05,
    leavesEarly: 1,
    patience: [
      [0, 1],
      [0.5, 4],
      [1, 9.9],
    ],
    leavesMidway: 0,
    leavesAtOutro: 0,
    pauses: 0,
    skipsAhead: 0,
    skipsBack: 0,
  },
};
