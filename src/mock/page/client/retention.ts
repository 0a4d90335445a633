import { type HeardInterval, stretches } from './heard.js';

/** The share of a clip's verified plays that heard each part. */
export interface Retention {
  /** Seconds a bin; the last may be short. */
  readonly bin: number;
  /** Seconds. */
  readonly duration: number;
  readonly plays: number;
  /** A bin: how many plays heard its middle. */
  readonly heard: readonly number[];
}

const NICE_BINS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400];

/**
 * Retention as the portal shows it (OBS-4), computed as `report` does: a play counts in a bin where one of its intervals [from, to) holds the
 * bin's middle.
 */
export function retention(
  plays: readonly (readonly HeardInterval[])[],
  duration: number,
  bin = binFor(duration),
): Retention {
  const bins = Math.max(1, Math.ceil(duration / bin));
  const change = new Float64Array(bins + 1);
  const middle = (i: number) => (i * bin + Math.min((i + 1) * bin, duration)) / 2;
  const firstFrom = (position: number) => {
    let i = Math.min(bins, Math.max(0, Math.floor(position / bin)));
    while (i < bins && middle(i) < position) i += 1;
    return i;
  };
  for (const intervals of plays) {
    for (const { from, to } of union(intervals)) {
      change[firstFrom(from)]! += 1;
      change[firstFrom(to)]! -= 1;
    }
  }
  let now = 0;
  const heard = Array.from({ length: bins }, (_, i) => {
    now += change[i]!;
    return now;
  });
  return { bin, duration, plays: plays.length, heard };
}

/** A bin that draws a clip in at most some 300 steps. */
export function binFor(duration: number): number {
  return NICE_BINS.find((bin) => duration / bin <= 300) ?? duration / 300;
}

function union(intervals: readonly HeardInterval[]): { from: number; to: number }[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches(intervals)) {
    const last = joined.at(-1);
    if (last && last.to === from) last.to = to;
    else joined.push({ from, to });
  }
  return joined;
}
