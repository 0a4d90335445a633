import type { Quantiles } from './random.js';

/** A share of listeners, or of sessions: from 0 to 1. */
type Share = number;
/** An average number of times per hour of audio. */
type Hourly = number;

/**
 * How listeners of a profile behave. Numbers without a source are our estimates, and can be changed here; tests check the
 * distributions that result.
 */
export interface Behaviour {
  /** Its share of all sessions in the default mix; 0 for a profile that is used only if named. */
  readonly weight: Share;
  /** The reason for the numbers. */
  readonly why: string;
  /** The share that starts in the middle of the clip, where an earlier session ended. */
  readonly resumes: Share;
  /** The share that leaves in the first minutes, after the seconds of audio in `patience`. */
  readonly leavesEarly: Share;
  readonly patience: Quantiles;
  /** The share that leaves at any later moment, all equally likely: the slow decline. */
  readonly leavesMidway: Share;
  /** The share that leaves in the last one and a half minutes, when the closing words begin. All others play to the end. */
  readonly leavesAtOutro: Share;
  readonly pauses: Hourly;
  /** Runs of taps on "30 s ahead". */
  readonly skipsAhead: Hourly;
  /** Runs of taps on "15 s back". */
  readonly skipsBack: Hourly;
  /** Jumps to a chapter: to the next one or, with `wanders`, to any. */
  readonly chapters: Hourly;
  readonly wanders: boolean;
  /** Going back some minutes to hear a part again. */
  readonly replays: Hourly;
  readonly speeds: Speeds;
}

/** Playback speeds with their shares. */
export type Speeds = readonly (readonly [speed: number, share: Share])[];

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
  'tester',
] as const;

export type Profile = (typeof PROFILES)[number];

/**
 * Seconds after which those who leave early do so: most within two minutes. Retention graphs of NPR One
 * (medium.com/@GluedToTheScreen) and of a survey of retention curves (podvynt.com) show a steep fall in the first minute and 15
 * to 25 % gone after three.
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
 * Half of heavy listeners have tried a faster speed (Westwood One, 2017), yet only about 1 % of Overcast's listeners use 2x or
 * more (its author, BuzzFeed News): so most play at normal speed.
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

/** The parameters of the model for each profile. */
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
    why: 'The listeners who leave in the first minutes, and some who leave during the slow decline after that.',
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
    why: 'An episode of 40 minutes is longer than many ways to work: it is heard in parts, over hours or days, in one session (API-14).',
    leavesMidway: 0.25,
    pauses: 7,
  },
  sampler: {
    ...AVERAGE,
    weight: 0.06,
    why: 'Listeners who look for a certain part, or try whether the episode is worth their time: they hear some seconds here and there, then leave.',
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
    why: 'Listeners who learn something or were distracted: they hear again what they missed.',
    leavesMidway: 0.15,
    skipsAhead: 0.3,
    skipsBack: 7,
    replays: 5,
  },
  speeder: {
    ...AVERAGE,
    weight: 0.05,
    why: 'Listeners who play faster or slower: apps offer 0.5x to 3x.',
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
  tester: {
    ...AVERAGE,
    weight: 0,
    why: 'Not a listener, but a person who tests a player. Four such sessions show what `certify` looks for in sessions (`script.ts`).',
    resumes: 0,
    speeds: [[1, 1]],
  },
};

/** The length of a pause in seconds: for a question, a coffee, a working day, a night or a weekend. */
export const PAUSES: Quantiles = [
  [0, 2],
  [0.25, 15],
  [0.5, 90],
  [0.75, 900],
  [0.88, 7200],
  [0.96, 43_200],
  [1, 172_800],
];

/** The most seconds of all pauses of a session together, so that it ends at most some days after the period. */
export const MAX_PAUSED_SECONDS = 3 * 86_400;

/** The steps of players' skip buttons, in seconds. */
export const SKIP_AHEAD = 30;
export const SKIP_BACK = 15;

/** How far a replay goes back, in seconds. */
export const REPLAYED: Quantiles = [
  [0, 30],
  [0.5, 90],
  [1, 300],
];

/** How many seconds before the end listeners leave who do not wait for the end. */
export const OUTRO: Quantiles = [
  [0, 4],
  [0.5, 30],
  [1, 90],
];
