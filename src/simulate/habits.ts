import type { Quantiles } from './chance.js';

/** Seconds that a pause lasts: a question, a coffee, a day's work, a night, a weekend. */
export const PAUSES: Quantiles = [
  [0, 2],
  [0.25, 15],
  [0.5, 90],
  [0.75, 900],
  [0.88, 7200],
  [0.96, 43_200],
  [1, 172_800],
];

/** Seconds of all pauses of a session together, at most: so that a session ends within days of its period. */
export const PAUSED_AT_MOST = 3 * 86_400;

/** What the skip buttons of players do, in seconds. */
export const SKIP_AHEAD = 30;
export const SKIP_BACK = 15;

/** Seconds that a replay goes back. */
export const REPLAYED: Quantiles = [
  [0, 30],
  [0.5, 90],
  [1, 300],
];

/** Seconds before the end at which those leave who do not wait for it. */
export const OUTRO: Quantiles = [
  [0, 4],
  [0.5, 30],
  [1, 90],
];
