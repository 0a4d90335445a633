import { svgElement } from '../../../browser/element.js';
import type { MockInterval } from '../../page-data.js';
import { plural, positionText } from './format.js';

/** A part of the clip, in seconds, and how many times it was heard. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

/** What happened between two intervals: playback stopped, and continued from the same position or another. */
export interface Break {
  readonly kind: 'pause' | 'ahead' | 'back';
  /** The Position of the Stop. */
  readonly from: number;
  /** The Position of the next Start. */
  readonly to: number;
  /** Seconds by the clock in between; negative if the clock ran backwards. */
  readonly clock: number;
}

/**
 * Positions closer than this many seconds count as the same place, because players round to whole seconds and lose some time
 * when they pause.
 */
const SAME_PLACE_SECONDS = 1;

/**
 * The parts of the clip that were heard, in order, divided where the number of times heard changes. Ignores intervals that run
 * backwards.
 */
export function stretches(intervals: readonly MockInterval[]): Stretch[] {
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
    if (at > from && times > 0) addStretch(found, { from, to: at, times });
    times += change;
    from = at;
  }
  return found;
}

function addStretch(found: Stretch[], next: Stretch): void {
  const last = found.at(-1);
  if (last && last.to === next.from && last.times === next.times)
    found.splice(-1, 1, { ...last, to: next.to });
  else found.push(next);
}

/** The breaks between intervals, one between each two consecutive ones. */
export function breaks(intervals: readonly MockInterval[]): Break[] {
  return intervals.slice(1).map(([to, , clockTo], i) => {
    const [, from, , clockFrom] = intervals[i]!;
    const kind = Math.abs(to - from) <= SAME_PLACE_SECONDS ? 'pause' : to > from ? 'ahead' : 'back';
    return { kind, from, to, clock: clockTo - clockFrom };
  });
}

/** The farthest position of the intervals; 0 without any. */
export function farthest(intervals: readonly MockInterval[]): number {
  return intervals.reduce((most, [from, to]) => Math.max(most, from, to), 0);
}

/** More breaks than this could not be distinguished: then only the parts heard are drawn. */
const MAX_DRAWN_BREAKS = 60;

/** Draws what was heard along the clip, `duration` seconds wide; sizes are relative, so it needs no redraw on resize. */
export function drawTimeline(intervals: readonly MockInterval[], duration: number): SVGSVGElement {
  const scale = Math.max(duration, 1);
  const at = (position: number) => `${round((Math.max(0, position) / scale) * 100)}%`;
  const all = svgElement('svg', { class: 'timeline', 'aria-hidden': 'true' });
  all.append(svgElement('rect', { class: 'track', x: 0, y: 13, width: '100%', height: 8, rx: 4 }));
  for (const { from, to, times } of stretches(intervals)) {
    all.append(bar(times > 1 ? 'again' : 'heard', at(from), at(to - from)));
  }
  for (const [from, to] of intervals) if (to < from) all.append(bar('reversed', at(to), at(from - to)));
  const between = breaks(intervals);
  if (between.length <= MAX_DRAWN_BREAKS) all.append(...between.flatMap((each) => drawBreak(each, at)));
  return all;
}

/** A text for screen readers that describes the timeline. */
export function timelineText(intervals: readonly MockInterval[]): string {
  if (intervals.length === 0) return 'nothing heard';
  const kinds = breaks(intervals).map(({ kind }) => kind);
  const count = (wanted: Break['kind']) => kinds.filter((kind) => kind === wanted).length;
  const [pauses, ahead, back] = [count('pause'), count('ahead'), count('back')];
  return [
    `${positionText(intervals[0]![0])} to ${positionText(intervals.at(-1)![1])}`,
    ...(pauses > 0 ? [plural(pauses, 'pause')] : []),
    ...(ahead > 0 ? [plural(ahead, 'jump ahead', 'jumps ahead')] : []),
    ...(back > 0 ? [plural(back, 'jump back', 'jumps back')] : []),
  ].join(' \u00b7 ');
}

function bar(kind: string, x: string, width: string): SVGElement {
  return svgElement('rect', { class: kind, x, y: 13, width, height: 8, rx: 1.5 });
}

function drawBreak({ kind, from, to }: Break, at: (position: number) => string): SVGElement[] {
  if (kind === 'pause')
    return [pinned(at(from), svgElement('path', { class: 'pause', d: 'M-2 10v14M2 10v14' }))];
  const arc = svgElement(
    'svg',
    { x: at(Math.min(from, to)), y: kind === 'ahead' ? 1 : 21, width: at(Math.abs(to - from)), height: 12 },
    svgElement('path', {
      class: kind,
      d: kind === 'ahead' ? 'M0 12Q50 -9 100 12' : 'M0 0Q50 21 100 0',
      'vector-effect': 'non-scaling-stroke',
    }),
  );
  arc.setAttribute('viewBox', '0 0 100 12');
  arc.setAttribute('preserveAspectRatio', 'none');
  const tip = kind === 'ahead' ? 'M-3.5 7h7l-3.5 6z' : 'M-3.5 27h7l-3.5-6z';
  return [arc, pinned(at(to), svgElement('path', { class: `${kind} tip`, d: tip }))];
}

/** A mark of fixed size at a place along the clip. */
function pinned(x: string, mark: SVGElement): SVGElement {
  return svgElement('svg', { x, y: 0, class: 'pinned' }, mark);
}

function round(number: number): number {
  return Math.round(number * 1000) / 1000;
}
