import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCellFault } from '../../src/table/cell-values.js';
import { endsOf, type IntervalRow, type PingRow } from '../../src/table/rows.js';
import { keyText, sessionIdOfKey } from '../../src/table/session-ids.js';
import { readIntervalRow, sessionOfIntervals } from '../../src/table/shapes/intervals.js';
import { ownGapMs, PingGaps, sessionOfPings } from '../../src/table/shapes/pings.js';
import { rowOf } from './reading.js';

const CLIP = 'b1e2c3d4-5f60-4718-92a3-b4c5d6e7f801';

function read(columns: Readonly<Record<string, string>>): IntervalRow {
  const { row, cells } = rowOf({ ClipId: CLIP, ...columns });
  const interval = readIntervalRow(row, cells);
  if (isCellFault(interval)) throw new Error(`${interval.column}: ${interval.received}`);
  return interval;
}

const told = (rows: readonly IntervalRow[]) =>
  sessionOfIntervals(rows, 4)
    .intervals.flatMap(endsOf)
    .map(({ type, positionMs, timestamp }) => `${type} ${positionMs / 1000} ${timestamp}`);

describe('interval rows', () => {
  const first = read({ StartedAt: '1000', StartPosition: '0', EndPosition: '10', EndedAt: '1012' });
  const second = read({ StartedAt: '1100', StartPosition: '50', ListenedSeconds: '20' });
  const third = read({ StartedAt: '1110', StartPosition: '5', EndPosition: '6' });

  it('become the events of a session in order of StartedAt, whatever their order', () => {
    const expected = [
      'Start 0 1000',
      'Stop 10 1012',
      'Start 50 1100',
      // Its computed end is cut off where the next row begins.
      'Stop 70 1110',
      'Start 5 1110',
      'Stop 6 1111',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([first, second, third], { minLength: 3 }), (rows) => {
        expect(told(rows)).toEqual(expected);
      }),
    );
  });

  it('of equal times are in order of their positions, whatever their order', () => {
    const at = (from: number, to: number) =>
      read({ StartedAt: '1000', EndedAt: '1001', StartPosition: String(from), EndPosition: String(to) });
    const rows = [at(0, 1), at(5, 5.5), at(5, 6)];
    expect(told(rows.toReversed())).toEqual(told(rows));
    expect(told([rows[1]!, rows[2]!, rows[0]!])).toEqual(told(rows));
  });

  const range = (from: number, to: number) => ({ StartPosition: String(from), EndPosition: String(to) });

  it('without StartedAt start after the row before them, if the audio still fits', () => {
    const before = read({ EndedAt: '1100', ...range(0, 100) });
    const starts = (seconds: number) =>
      told([read({ EndedAt: '1150', ...range(200, 200 + seconds) }), before])[2];
    expect(starts(30)).toBe('Start 200 1120');
    expect(starts(90)).toBe('Start 200 1100');
    expect(starts(300)).toBe('Start 200 850');
  });

  it('without StartedAt are in order of EndedAt', () => {
    const rows = [read({ EndedAt: '1150', ...range(0, 190) }), read({ EndedAt: '1100', ...range(300, 310) })];
    expect(told(rows)).toEqual(['Start 300 1090', 'Stop 310 1100', 'Start 0 1100', 'Stop 190 1150']);
  });

  it('share the time between a start and an end, if both other times are computed', () => {
    const rows = [
      read({ StartedAt: '1000', ...range(0, 100) }),
      read({ EndedAt: '1080', ...range(100, 160) }),
    ];
    expect(told(rows)).toEqual(['Start 0 1000', 'Stop 100 1050', 'Start 100 1050', 'Stop 160 1080']);
  });

  it('mark the clock that was computed', () => {
    const { intervals } = sessionOfIntervals([first, second], 4);
    expect(intervals.map(({ derivedClock }) => derivedClock)).toEqual([false, true]);
  });

  it('need positions', () => {
    expect(() => read({ StartedAt: '1', StartPosition: '', EndPosition: '1' })).toThrow('StartPosition');
    expect(() => read({ StartedAt: '1', StartPosition: '1', EndPosition: '' })).toThrow('EndPosition');
  });
});

const ping = (timestamp: number, position: number): PingRow => ({
  organization: '',
  clip: CLIP,
  sessionId: 's',
  source: undefined,
  clipDurationMs: undefined,
  positionMs: position * 1000,
  timestampMs: timestamp * 1000,
});

const stretches = (pings: readonly PingRow[], gap = 25) =>
  sessionOfPings(pings, gap * 1000, 4).intervals.map(
    (interval) =>
      `${interval.startPositionMs / 1000}-${interval.endPositionMs / 1000}@${interval.startedAtMs / 1000}/${interval.endedAtMs / 1000}`,
  );

describe('pings', () => {
  it('at most the gap apart form an interval; nothing is added at its ends', () => {
    expect(stretches([ping(0, 0), ping(10, 10), ping(35, 35), ping(61, 40), ping(71, 50)])).toEqual([
      '0-35@0/35',
      '40-50@61/71',
    ]);
  });

  it('end where the Position moves by more than can have been played', () => {
    expect(stretches([ping(0, 0), ping(10, 41), ping(20, 82.1), ping(30, 92)])).toEqual([
      '0-41@0/10',
      '82.1-92@20/30',
    ]);
    expect(stretches([ping(0, 100), ping(10, 99.2), ping(20, 60), ping(30, 70)])).toEqual([
      '100-100@0/10',
      '60-70@20/30',
    ]);
  });

  it('alone are sessions of no length', () => {
    expect(stretches([ping(5, 7)])).toEqual(['7-7@5/5']);
  });

  it('learn the gap of the session, and of the whole input', () => {
    const pings = [0, 10, 20, 29, 300].map((at) => ping(at, at));
    expect(ownGapMs(pings)).toBe(25_000);
    expect(ownGapMs(pings.slice(0, 2))).toBeUndefined();
    const gaps = new PingGaps();
    gaps.add(pings.slice(0, 2));
    expect(() => gaps.defaultMs('p.csv')).toThrow(
      expect.objectContaining({ kind: 'input', advice: expect.stringContaining('--gap 30') }),
    );
    gaps.add(pings);
    expect(gaps.defaultMs('p.csv')).toBe(25_000);
  });
});

describe('--session-key', () => {
  const timeOf = (text: string) => (text === '2018-10-23T04:58:44Z' ? 1540270724000 : undefined);

  it.each([
    ['12', '12'],
    ['12.0', '12'],
    ['1.2E1', '12'],
    ['12.50', '12.5'],
    ['007', '007'],
    ['12345678901234567890', '12345678901234567890'],
    [' user ', 'user'],
    [`{${CLIP.toUpperCase()}}`, CLIP],
    ['2018-10-23T04:58:44Z', '1540270724000'],
  ])('%j reads as %j', (cell, text) => {
    expect(keyText(cell, timeOf)).toBe(text);
  });

  it('depends on cells, organization and clip', () => {
    const id = sessionIdOfKey(['u1', '12'], 'o', CLIP);
    expect(id).toMatch(/^[0-9a-f-]{14}5/);
    expect(sessionIdOfKey(['u1', '12'], 'o', CLIP.toUpperCase())).toBe(id);
    const others = [
      sessionIdOfKey(['u1', '13'], 'o', CLIP),
      sessionIdOfKey(['u112'], 'o', CLIP),
      sessionIdOfKey(['u1', '12'], 'p', CLIP),
      sessionIdOfKey(['u1', '12'], 'o', 'c'),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });
});
