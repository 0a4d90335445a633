import { formatNumber } from '../../domain/text.js';
import { MAX_SEGMENTS } from '../limits.js';
import { excerpt, toMicroseconds } from '../text.js';
import type { RowFault } from './cells.js';
import type { CellTime } from './time.js';

/** A stretch of a clip that was heard without a break. */
export interface Segment {
  /** Seconds along the audio timeline. */
  readonly start: number;
  readonly end: number;
  /** Unix seconds at which it began; undefined: when the one before ended. */
  readonly at: number | undefined;
}

const SECONDS = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const CLOCK = /^(?:(\d+):([0-5]\d)|(\d+)):([0-5]\d(?:\.\d+)?)$/;
const WANTED = 'segments like 0-4.554;308.053-542.643';
const HINT = 'Positions are seconds or h:mm:ss, each segment start-end, perhaps with @time after it';

const TOO_MANY = 'One session a row: look whether the segments of many were joined';

/** Reads the stretches that were heard, as the column `Segments` writes them, or why they cannot be read. */
export function readSegments(text: string, timeOf: CellTime): Segment[] | RowFault {
  const segments: Segment[] = [];
  const length = countParts(text);
  if (length > MAX_SEGMENTS) {
    return {
      expected: `at most ${formatNumber(MAX_SEGMENTS)} segments`,
      received: String(length),
      hint: TOO_MANY,
    };
  }
  for (const part of text.split(';')) {
    const segment = readSegment(part, timeOf);
    if (!('at' in segment)) return segment;
    segments.push(segment);
  }
  return segments;
}

function countParts(text: string): number {
  let parts = 1;
  for (let at = text.indexOf(';'); at >= 0; at = text.indexOf(';', at + 1)) parts += 1;
  return parts;
}

function readSegment(part: string, timeOf: CellTime): Segment | RowFault {
  const [range, time] = splitOnce(part, '@');
  const [from, to] = splitOnce(range, '-');
  const start = readPosition(from);
  const end = to === undefined ? undefined : readPosition(to);
  if (start === undefined || end === undefined)
    return { expected: WANTED, received: excerpt(part), hint: HINT };
  if (end < start) {
    const hint = 'A jump back is a segment of its own: 100-120;60-90';
    return { expected: 'segments that end after they start', received: excerpt(part), hint };
  }
  const at = time === undefined ? undefined : timeOf(time);
  return typeof at === 'object' ? at : { start, end, at };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Seconds from `308.053`, `5:08.053` or `0:05:08.053`. */
function readPosition(text: string): number | undefined {
  const trimmed = text.trim();
  if (SECONDS.test(trimmed)) return finite(Number(trimmed));
  const clock = CLOCK.exec(trimmed);
  if (!clock) return undefined;
  const minutes = Number(clock[1] ?? 0) * 60 + Number(clock[2] ?? clock[3]);
  return finite(toMicroseconds(minutes * 60 + Number(clock[4])));
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}
