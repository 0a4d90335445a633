import { formatNumber } from '../domain/text.js';
import { MAX_SEGMENTS } from '../read/limits.js';
import { excerpt } from '../read/text.js';
import type { Unreadable } from './fault.js';

/** An item of the column `Segments`: `a-b`, `a-b@start` or `a-b@start/end`. */
export interface SegmentItem {
  /** Positions in whole milliseconds. */
  readonly startPositionMs: number;
  readonly endPositionMs: number;
  /** Unix milliseconds; undefined where the item does not say. */
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
}

export interface SegmentValues {
  /** Whole milliseconds of a position. */
  readonly lengthOf: (text: string) => number | Unreadable;
  /** Whole unix milliseconds of a time. */
  readonly timeOf: (text: string) => number | Unreadable;
}

const WANTED = 'segments like 0-4.554;308.053-542.643';
const HINT =
  'Positions are seconds or h:mm:ss; each segment is start-end, perhaps with @time of its start, or @start/end';

/** Reads the items of a `Segments` cell, separated by `;`, or returns why they cannot be read. */
export function readSegments(text: string, values: SegmentValues): readonly SegmentItem[] | Unreadable {
  const parts = text.split(';');
  if (parts.length > MAX_SEGMENTS) {
    return {
      expected: `at most ${formatNumber(MAX_SEGMENTS)} segments`,
      received: formatNumber(parts.length),
      hint: 'Use one row per session: the segments of several were probably joined',
    };
  }
  const items: SegmentItem[] = [];
  for (const part of parts) {
    const item = readItem(part, values);
    if ('expected' in item) return item;
    items.push(item);
  }
  return items;
}

function readItem(part: string, { lengthOf, timeOf }: SegmentValues): SegmentItem | Unreadable {
  const [range, times] = splitOnce(part, '@');
  const [from, to] = splitOnce(range, '-');
  const startPositionMs = lengthOf(from);
  const endPositionMs = to === undefined ? undefined : lengthOf(to);
  if (typeof startPositionMs !== 'number' || typeof endPositionMs !== 'number')
    return { expected: WANTED, received: excerpt(part), hint: HINT };
  if (endPositionMs < startPositionMs) {
    const hint = 'Write a jump back as a segment of its own: 100-120;60-90';
    return { expected: 'segments that end after they start', received: excerpt(part), hint };
  }
  const [start, end] = times === undefined ? [] : splitOnce(times, '/');
  const startedAtMs = start === undefined ? undefined : timeOf(start);
  if (typeof startedAtMs === 'object') return startedAtMs;
  const endedAtMs = end === undefined ? undefined : timeOf(end);
  if (typeof endedAtMs === 'object') return endedAtMs;
  return { startPositionMs, endPositionMs, startedAtMs, endedAtMs };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
