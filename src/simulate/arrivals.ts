import type { Chance } from './chance.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** 1970-01-05 was the first Monday of unix time. */
const FIRST_MONDAY = 4 * DAY;

/**
 * Listening by the hour of the day, in percent; UTC stands for the listeners' own time. Edison Research's Share of Ear (quoted by
 * insideaudiomarketing.com, 2025, and edisonresearch.com, August 2022) gives 3 % for 2 to 6 o'clock, 24 % to 10, 26 to 29 % to 14, 21 % to 18,
 * 12 to 14 % to 22 and 11 % to 2; the hours within are ours.
 */
const HOURS = [
  2.6, 1.8, 0.9, 0.6, 0.6, 0.9, 3.6, 6.2, 7.2, 7, 7, 7.1, 7.1, 6.8, 5.8, 5.2, 5.1, 4.9, 3.9, 3.2, 3, 2.9, 3.4,
  3.2,
];
const BUSIEST = 7.2;

/** From Monday, relative to the busiest. Podtrac (2019): most on Wednesdays, dips at weekends, least on Sundays; the sizes are ours. */
const DAYS = [0.95, 0.98, 1, 0.97, 0.92, 0.74, 0.66];

/**
 * When a listener begins, in unix milliseconds: any moment of the period, likelier where the hour of the week is busier.
 * @param start unix seconds.
 * @param period seconds.
 */
export function arrival(chance: Chance, start: number, period: number): number {
  for (;;) {
    const moment = start + chance.fraction() * period;
    if (chance.happens(busyness(moment))) return Math.floor(moment * 1000);
  }
}

/** How busy a moment is, from 0.05 to 1, straight lines between the hours. */
function busyness(moment: number): number {
  const hours = ((moment - FIRST_MONDAY) % WEEK) / HOUR;
  const hour = Math.floor(hours);
  const from = HOURS[hour % 24]!;
  const listening = from + (HOURS[(hour + 1) % 24]! - from) * (hours - hour);
  return (listening / BUSIEST) * DAYS[Math.floor(hour / 24)]!;
}
