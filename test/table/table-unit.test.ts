import { describe, expect, it } from 'vitest';
import type { SessionFacts } from '../../src/table/plausibility/facts.js';
import { DigitsLost, ListenLengthsTally, unitMessage } from '../../src/table/plausibility/plausibility.js';
import { RatioCounts, TableUnit } from '../../src/table/plausibility/table-unit.js';

const UNITS = { duration: 's', position: 's', clipDuration: 's', time: 's' } as const;

interface Row {
  /** Seconds. */
  readonly audio: number;
  readonly clock?: number;
  readonly duration?: number;
  readonly clip?: string;
  /** Whether the clock ends with the next row. */
  readonly paused?: boolean;
}

const facts = (
  { audio, clock, duration, clip = `clip of ${duration}`, paused = false }: Row,
  place: number,
): SessionFacts<number> => {
  const clockMs = clock === undefined ? undefined : clock * 1000;
  const row = { audioMs: audio * 1000, clockMs, includesPause: paused, place };
  return {
    clip,
    column: 'ListenedSeconds',
    durationMs: duration === undefined ? undefined : duration * 1000,
    reachMs: audio * 1000,
    place,
    rows: [row],
    intervals: [row],
  };
};

const judge = (rows: readonly Row[]) => {
  const unit = new TableUnit<number>(4);
  rows.forEach((row, index) => {
    unit.add(facts(row, index + 2));
  });
  return unit.suspicions();
};
const conditions = (rows: readonly Row[]) => judge(rows).map(({ condition }) => condition);
const times = <T>(n: number, item: (index: number) => T): T[] => Array.from({ length: n }, (_, i) => item(i));

describe('(a) an interval of over 30 h', () => {
  it.each<[Row, boolean]>([
    [{ audio: 108_000 }, false],
    [{ audio: 108_000.001 }, true],
    [{ audio: 110_000, duration: 109_999 }, false],
    [{ audio: 110_000, duration: 109_998.9 }, true],
    [{ audio: 110_000, clock: 27_500 }, false],
    [{ audio: 110_000, clock: 27_499 }, true],
  ])('%j: %s', (row, fires) => {
    expect(conditions([row])).toEqual(fires ? ['interval-too-long'] : []);
  });

  it('is told at its place, once a column', () => {
    const [suspicion] = judge([{ audio: 10 }, { audio: 1_876_543 }, { audio: 2_000_000 }]);
    expect(unitMessage(suspicion!, UNITS).hint).toMatch(
      /a percentage.*; or these rows are wrong and the others are right$/,
    );
    expect(suspicion).toMatchObject({ hits: 2, of: 3, examples: [{ place: 3 }, { place: 4 }] });
  });
});

describe('(b) sessions that reach beyond their clips', () => {
  const good = { audio: 100, duration: 1000 };
  const bad = { audio: 15_001, duration: 1000 };
  it.each([
    [[...times(2, () => bad), ...times(3, () => good)], false],
    [[...times(3, () => bad), ...times(2, () => good)], true],
    [[...times(3, () => bad), good], false],
    [[...times(3, () => bad), ...times(27, () => good)], true],
    [[...times(3, () => bad), ...times(28, () => good)], false],
    [times(5, () => ({ audio: 15_000, duration: 1000 })), false],
  ])('case %#: %s', (rows, fires) => {
    expect(conditions(rows)).toEqual(fires ? ['beyond-durations'] : []);
  });
});

describe('(c) sessions that end at a 60th or a 1,000th of their clips', () => {
  const whole = (divisor: number, duration: number) => ({ audio: duration / divisor, duration });
  it.each([
    [times(5, () => whole(60, 1800)), true],
    [times(5, () => whole(1000, 1800)), true],
    [times(4, () => whole(60, 1800)), false],
    [[...times(2, () => whole(60, 1800)), ...times(8, () => ({ audio: 5, duration: 1800 }))], false],
    [[...times(3, () => whole(60, 1800)), ...times(57, () => ({ audio: 5, duration: 1800 }))], true],
    [[...times(3, () => whole(60, 1800)), ...times(58, () => ({ audio: 5, duration: 1800 }))], false],
    [[...times(19, () => whole(60, 1800)), { audio: 46, duration: 1800 }], true],
    [[...times(17, () => whole(60, 1800)), { audio: 46, duration: 1800 }], false],
    [times(5, () => ({ audio: 29.4, duration: 1800 })), true],
    [times(5, () => ({ audio: 29.3, duration: 1800 })), false],
    [times(5, () => ({ audio: 30.31, duration: 1800 })), false],
  ])('case %#: %s', (rows, fires) => {
    expect(conditions(rows)).toEqual(fires ? ['fraction-of-durations'] : []);
  });

  it('names the factor only for clips of different durations', () => {
    expect(judge(times(5, () => whole(60, 1800)))[0]!.factor).toBeUndefined();
    const [suspicion] = judge(times(5, (index) => whole(60, 1800 + index)));
    expect(suspicion!.factor).toBe(1 / 60);
    expect(unitMessage(suspicion!, UNITS)).toMatchObject({
      expected: 'ListenedSeconds in seconds',
      received: expect.stringContaining(
        "5 of 5 sessions that end at 1/60 of the clip's duration: 30 s in a clip of 1,800 s",
      ),
      hint: 'If ListenedSeconds is in minutes, add --duration-unit min',
    });
  });

  it('names the other column where that is the likely one', () => {
    const [suspicion] = judge(times(5, (index) => whole(1000, (1800 + index) * 1000)));
    expect(unitMessage(suspicion!, UNITS).hint).toBe(
      'If ClipDuration is in milliseconds, add --clip-duration-unit ms',
    );
  });
});

describe('(d) rows against their clock', () => {
  it.each<[number[], string | undefined]>([
    [[11, 11, 11, 1, 1], 'too-much-audio'],
    [[11, 11, 10, 1, 1], undefined],
    [[11, 11, 11, 11], undefined],
    [[0.05, 0.05, 0.05, 0.05, 0.0999], 'too-little-audio'],
    [[0.05, 0.05, 0.05, 0.05, 0.1], undefined],
    [[0.0001, 0.0001, 0.0001, 0.0001, 0.0002], undefined],
    [[...times(9, () => 0.01), 5], 'too-little-audio'],
    [[...times(8, () => 0.01), 5, 5], undefined],
  ])('%j: %s', (ratios, verdict) => {
    const counts = new RatioCounts();
    for (const ratio of ratios) counts.add(ratio);
    expect(counts.verdict()).toBe(verdict);
  });

  it('takes long pauses for no wrong unit, where clocks end with the next row', () => {
    const audio = [780, 2145, 1455, 1360, 1067];
    const clock = [41_725, 47_636, 43_618, 33_038, 53_398];
    const rows = audio.map((seconds, index) => ({ audio: seconds, clock: clock[index]! }));
    expect(conditions(rows)).toEqual(['against-clock']);
    expect(conditions(rows.map((row) => ({ ...row, paused: true })))).toEqual([]);
    const minutes = audio.map((seconds) => ({ audio: seconds / 60, clock: seconds * 1.1, paused: true }));
    expect(conditions(minutes)).toEqual(['against-clock']);
  });

  it('looks at clocks of 10 s and more', () => {
    expect(conditions(times(5, () => ({ audio: 1000, clock: 9.999 })))).toEqual([]);
    expect(conditions(times(5, () => ({ audio: 1000, clock: 10 })))).toEqual(['against-clock']);
  });

  it('names the flag where the data shows the factor', () => {
    const [suspicion] = judge(times(6, (index) => ({ audio: 20_000 + index, clock: 20 })));
    expect(unitMessage(suspicion!, UNITS)).toEqual({
      expected: 'ListenedSeconds in seconds',
      received:
        'numbers about 1,000 times the clock in 6 of 6 rows: 20,000 s in 20 s, 20,001 s in 20 s, 20,002 s in 20 s',
      hint: 'If ListenedSeconds is in milliseconds, add --duration-unit ms; or the times of the rows are wrong (StartedAt, EndedAt)',
    });
  });

  it('says only that they are not seconds where it does not', () => {
    const [suspicion] = judge(times(6, (index) => ({ audio: 600 * (index + 1), clock: 20 })));
    expect(suspicion!.factor).toBeUndefined();
    expect(unitMessage(suspicion!, UNITS).hint).toBe(
      'ListenedSeconds is not in seconds: perhaps minutes (--duration-unit min), milliseconds (--duration-unit ms), or a percentage, which cannot be read; or the times of the rows are wrong (StartedAt, EndedAt)',
    );
  });

  it('says fraction or percentage where the largest values of clips are 1 or 100', () => {
    const rows = times(9, (index) => ({
      audio: index < 6 ? 100 : 40,
      clock: 3000,
      duration: 2000 + (index % 3) * 100,
    }));
    const [suspicion] = judge(rows);
    expect(suspicion!.share).toBe('percentage');
    expect(unitMessage(suspicion!, UNITS).hint).toContain('A percentage does not say which seconds');
  });
});

describe('lost digits', () => {
  const lost = (cells: readonly string[], perSecond?: number) => {
    const column = new DigitsLost<number>(perSecond);
    cells.forEach((cell, index) => {
      column.add(cell, index + 2);
    });
    return column.lost();
  };

  it.each<[string[], number, boolean]>([
    [['1.77E+09', '1.77E+09'], 1, true],
    [['ClipId', '', '1.77E+09'], 1, true],
    [['1.77E+12'], 1000, true],
    [['1.772442E9'], 1, false],
    [['3e+05'], 1, false],
    [['1.77E+09', '1.772442E+06'], 1, false],
    [['1.77E+09', '1.772442001E+09'], 1, false],
    [['1.50E+00', '1.77E+09'], 1, false],
    [['1.772442E+06'], 1000, false],
    [['1.77244E+06'], 1, true],
  ])('%j in units of %d a second: %s', (cells, perSecond, fires) => {
    expect(lost(cells, perSecond) !== undefined).toBe(fires);
  });

  it('are told at the first cell', () => {
    expect(lost(['x', '1.77E+09', '1.78E+09'])).toMatchObject({
      place: 3,
      received: '"1.77E+09", and 1 more like it: digits are lost',
      hint: expect.stringContaining('Export the column as text'),
    });
  });
});

it('tells the longest and the median listen', () => {
  const tally = new ListenLengthsTally();
  expect(tally.lengths()).toBeUndefined();
  [10, 20, 108].forEach((audio, index) => {
    tally.add(facts({ audio }, index));
  });
  expect(tally.lengths()).toEqual({ longestMs: 108_000, medianMs: 20_000, checked: false });
  tally.add(facts({ audio: 1, duration: 100 }, 9));
  expect(tally.lengths()!.checked).toBe(true);
});
