/** From position, to position, Timestamp of its Start, Timestamp of its Stop; seconds. */
export type HeardInterval = readonly [from: number, to: number, clockFrom: number, clockTo: number];

/** A part of the clip, in seconds, and how many times it was heard. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

/** What happened between an interval and the next: playback stopped, and went on from the same place or from another. */
export interface Break {
  readonly kind: 'pause' | 'ahead' | 'back';
  /** Position left. */
  readonly from: number;
  /** Position taken up. */
  readonly to: number;
  /** Seconds of clock in between; negative where the clock ran backwards. */
  readonly clock: number;
}

/** Positions closer than this are the same place: whole-second rounding, and what a player loses when it pauses. */
const SAME_PLACE = 1;

/** The parts heard, in order, apart where the times heard differ. Intervals that run backwards heard nothing. */
export function stretches(intervals: readonly HeardInterval[]): Stretch[] {
  const edges = intervals
    .filter(([from, to]) => to > from)
    .flatMap(([from, to]) => [
      { at: from, change: 1 },
      { at: to, change: -1 },
    ])
    .toSorted((a, b) => a.at - b.at);
  const found: Stretch[] = [];
  let times = 0;
  let from = 0;
  for (const { at, change } of edges) {
    if (at > from && times > 0) push(found, { from, to: at, times });
    times += change;
    from = at;
  }
  return found;
}

function push(found: Stretch[], next: Stretch): void {
  const last = found.at(-1);
  if (last && last.to === next.from && last.times === next.times)
    found.splice(-1, 1, { ...last, to: next.to });
  else found.push(next);
}

/** The breaks between intervals, one for each pair that follows each other. */
export function breaks(intervals: readonly HeardInterval[]): Break[] {
  return intervals.slice(1).map(([to, , clockTo], i) => {
    const [, from, , clockFrom] = intervals[i]!;
    const kind = Math.abs(to - from) <= SAME_PLACE ? 'pause' : to > from ? 'ahead' : 'back';
    return { kind, from, to, clock: clockTo - clockFrom };
  });
}

/** The farthest position that the intervals touch; 0 where there are none. */
export function farthest(intervals: readonly HeardInterval[]): number {
  return intervals.reduce((most, [from, to]) => Math.max(most, from, to), 0);
}
