import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';

const IDS = '126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb';
const SPEEDS = [0.5, 1, 1.25, 1.5, 2, 3];

/** An interval as it was played, in milliseconds. */
interface Played {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** Whole numbers that look random, the same in each run. */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Draw = ReturnType<typeof drawer>;

function played(draw: Draw, speed: number): Played[] {
  let start = 1_540_270_724_000 + draw(1000);
  let from = 0;
  return Array.from({ length: 1 + draw(4) }, () => {
    const to = from + 2000 + draw(600_000);
    const interval = { from, to, start, end: start + Math.round((to - from) / speed) };
    start = interval.end + [0, 0, 500, 30_000, 600_000][draw(5)]!;
    from = Math.max(0, to + [0, -5000, 30_000][draw(3)]!);
    return interval;
  });
}

const iso = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toISOString();
const sessionId = (n: number): string => `a039f83d-1916-436b-a090-${String(n).padStart(12, '0')}`;

/** A row of the shape `sessions`, in which some times are missing. */
function sessionRow(intervals: readonly Played[], n: number, speed: string, draw: Draw): string {
  const segments = intervals.map(({ from, to, start, end }) => {
    const times = ['', '', `@${iso(start)}`, `@${iso(start)}/${iso(end)}`][draw(4)];
    return `${from / 1000}-${to / 1000}${times}`;
  });
  const [hasStart, hasEnd] = [draw(3) === 0, draw(2) === 0];
  const startedAt = hasStart ? iso(intervals[0]!.start) : '';
  const endedAt = hasEnd || !hasStart ? iso(intervals.at(-1)!.end) : '';
  const listened = intervals.reduce((sum, { from, to }) => sum + to - from, 0) / 1000;
  const amounts = draw(4) === 0 ? `,${listened}` : `${segments.join(';')},`;
  return `${IDS},${sessionId(n)},${speed},${startedAt},${endedAt},${amounts}`;
}

/** The rows of the shape `intervals`, each without one of its times or with both. */
function intervalRows(intervals: readonly Played[], n: number, speed: string, draw: Draw): string[] {
  return intervals.map(({ from, to, start, end }) => {
    const times = [`,${iso(end)}`, `${iso(start)},`, `${iso(start)},${iso(end)}`][draw(3)];
    return `${IDS},${sessionId(n)},${speed},${times},${from / 1000},${to / 1000}`;
  });
}

const HEADERS = {
  sessions: 'OrganizationId,ClipId,SessionId,Speed,StartedAt,EndedAt,Segments,ListenedSeconds',
  intervals: 'OrganizationId,ClipId,SessionId,Speed,StartedAt,EndedAt,StartPosition,EndPosition',
};

async function* bytesOf(text: string) {
  yield Buffer.from(text);
}

function judged(text: string, shape: 'sessions' | 'intervals') {
  const source = { name: 'plays.csv', bytes: bytesOf(text) };
  return validate(readInputs([source], { shape }), { now: 1_790_000_000 });
}

describe.each(['sessions', 'intervals'] as const)('a table of %s that lacks times', (shape) => {
  it.each(['with', 'without'])('draws nothing %s its speeds', async (speeds) => {
    const draw = drawer(7);
    const rows = Array.from({ length: 2000 }, (_, n) => {
      const speed = SPEEDS[draw(SPEEDS.length)]!;
      const cell = speeds === 'with' ? String(speed) : '';
      const write = shape === 'sessions' ? sessionRow : intervalRows;
      return write(played(draw, speed), n, cell, draw);
    });
    const text = [HEADERS[shape], ...rows.flat(), ''].join('\n');
    const { summary, findings } = await judged(text, shape);
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(summary).toMatchObject({ sessions: rows.length, warnings: 0, unreadable: 0 });
  });
});

describe('the clock of a row', () => {
  it('does not end at a start that was computed', async () => {
    const rows = Array.from({ length: 10 }, (_, n) => [
      `${IDS},${sessionId(n)},2018-10-23T05:00:00Z,,0,600`,
      `${IDS},${sessionId(n)},,2018-10-23T05:10:20Z,600,1200`,
    ]);
    const header = 'OrganizationId,ClipId,SessionId,StartedAt,EndedAt,StartPosition,EndPosition';
    const text = [header, ...rows.flat(), ''].join('\n');
    const { findings } = await judged(text, 'intervals');
    expect(findings).toEqual([]);
  });
});
