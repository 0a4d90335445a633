import { describe, expect, it } from 'vitest';
import { DIAGNOSES } from '../../src/diagnoses/diagnoses.js';
import type { DiagnosisId } from '../../src/domain/diagnosis.js';
import type { RuleId } from '../../src/domain/finding.js';
import { keyOf, overviewOf, seenOf } from './seen.js';

const SETTINGS = { now: 0, minDuration: 10, maxSpeed: 4, clipDurations: new Map<string, number>() };

const watchFor = (id: DiagnosisId) => DIAGNOSES[id].watch(SETTINGS);
const many = (n: number) => Array.from({ length: n }, (_, i) => i);

describe.each<[DiagnosisId, RuleId, 'lasting' | 'sessions']>([
  ['stamps-at-flush', 'timestamps-at-flush', 'lasting'],
  ['positions-in-milliseconds', 'position-unit', 'sessions'],
  ['listener-left-on', 'event-leaked', 'sessions'],
])('%s', (id, rule, of) => {
  const end = (shown: number, all: number) => {
    const watch = watchFor(id);
    for (const n of many(shown)) watch.look?.(seenOf(`Start 0 @${n}`, n, { fired: [rule], request: 0 }));
    return watch.end(overviewOf({ [of]: all }));
  };

  it('is told of 2 sessions, and 1 %', () => {
    expect(end(2, 200)).toMatchObject({ sessions: 2, of: 200, examples: [keyOf(0), keyOf(1)] });
    expect(end(2, 201)).toBeNull();
    expect(end(1, 1)).toBeNull();
  });
});

describe('position-stuck', () => {
  const end = (shown: number, long: number) => {
    const watch = watchFor('position-stuck');
    for (const n of many(shown)) watch.look?.(seenOf('Start 5 @0, Stop 5 @30', n));
    watch.look?.(seenOf('Start 5 @0, Stop 5 @29', shown));
    return watch.end(overviewOf({ long }));
  };

  it('is told of 3 sessions, and 90 % of those with a long interval', () => {
    expect(end(9, 10)).toMatchObject({ sessions: 9, of: 10 });
    expect(end(8, 9)).toBeNull();
    expect(end(3, 3)).not.toBeNull();
    expect(end(2, 2)).toBeNull();
  });
});

describe.each<[DiagnosisId, RuleId, told: string, tooLittle: string, 'pausing' | 'seeking', number]>([
  [
    'pauses-not-reported',
    'playback-too-slow',
    'Start 0 @0, Stop 10 @81',
    'Start 0 @0, Stop 10 @80',
    'pausing',
    30,
  ],
  [
    'seeks-not-reported',
    'playback-too-fast',
    'Start 0 @0, Stop 126 @30',
    'Start 0 @0, Stop 126 @29.9',
    'seeking',
    300,
  ],
  [
    'seeks-not-reported',
    'position-reversed',
    'Start 9 @0, Stop 1.5 @30',
    'Start 9 @0, Stop 1.5 @29.9',
    'seeking',
    300,
  ],
])('%s', (id, rule, enough, tooLittle, reported, of) => {
  const end = (shown: number, counts: Parameters<typeof overviewOf>[0], events = enough) => {
    const watch = watchFor(id);
    for (const n of many(shown)) watch.look?.(seenOf(events, n, { fired: [rule] }));
    return watch.end(overviewOf({ long: of, steady: 3, ...counts }));
  };

  it(`is told of 3 sessions of ${of}, where 3 go on steadily and none reports one (${rule})`, () => {
    expect(end(3, {})).toMatchObject({ sessions: 3, of });
    expect(end(2, { long: 5 })).toBeNull();
    expect(end(3, { long: of + 1 })).toBeNull();
    expect(end(3, { steady: 2 })).toBeNull();
    expect(end(3, { [reported]: 1 })).toBeNull();
  });

  it('needs such an interval', () => {
    expect(end(3, {}, tooLittle)).toBeNull();
  });
});

it('pauses-not-reported takes no interval that hardly moves', () => {
  const watch = watchFor('pauses-not-reported');
  for (const n of many(9)) {
    watch.look?.(seenOf('Start 0 @0, Stop 9.999 @500', n, { fired: ['playback-too-slow'] }));
  }
  expect(watch.end(overviewOf({ long: 12, steady: 3 }))).toBeNull();
});

it('seeks-not-reported takes no Stop in the first second, nor speeds that are believed', () => {
  const watch = watchFor('seeks-not-reported');
  for (const text of ['Start 9 @0, Stop 1 @30', 'Start 0 @0, Stop 125 @30'] as const) {
    for (const n of many(5)) watch.look?.(seenOf(text, n, { fired: ['position-reversed'] }));
  }
  expect(watch.end(overviewOf({ long: 12, steady: 3 }))).toBeNull();
});

it('session-id-kept is told of 3 sessions, and 1 %', () => {
  const end = (shown: number, sessions: number) => {
    const watch = watchFor('session-id-kept');
    const again = 'Start 0 @0, Stop 60 @60, Start 0 @70, Stop 60 @130';
    for (const n of many(shown)) watch.look?.(seenOf(again, n));
    return watch.end(overviewOf({ sessions }));
  };
  expect(end(3, 300)).toMatchObject({ sessions: 3, of: 300 });
  expect(end(3, 301)).toBeNull();
  expect(end(2, 2)).toBeNull();
});

it('same-listening-new-id is told of 3 sessions too many, and 1 %, of the same clip', () => {
  const end = (again: number, all: number, clip = 1) => {
    const watch = watchFor('same-listening-new-id');
    const pausedOnce = (n: number) =>
      `Start 0 @${n}, Stop 9.125 @${n + 9}, Start 9.125 @${n + 20}, Stop 20 @${n + 31}`;
    for (const n of many(all - again)) watch.look?.(seenOf(pausedOnce(n), n));
    for (const n of many(again)) watch.look?.(seenOf(pausedOnce(n), all + n, { clipHash: clip }));
    return watch.end(overviewOf({}));
  };
  expect(end(3, 300)).toMatchObject({ sessions: 3, of: 300 });
  expect(end(3, 301)).toBeNull();
  expect(end(2, 4)).toBeNull();
  expect(end(3, 300, 2)).toBeNull();
});

describe('counter-not-reset', () => {
  /** Sessions of four events, one after the other, with these lowest numbers. */
  const end = (lowest: readonly number[], sessions = lowest.length) => {
    const watch = watchFor('counter-not-reset');
    lowest.forEach((lowestSeq, n) => {
      const at = n * 1000;
      watch.look?.(
        seenOf(`Start 0 @${at}, Stop 9 @${at + 9}, Start 9 @${at + 18}, Stop 18 @${at + 27}`, n, {
          lowestSeq,
        }),
      );
    });
    return watch.end(overviewOf({ sessions }));
  };

  it('is told of a row of three', () => {
    expect(end([1, 5, 9])).toMatchObject({ sessions: 2, of: 2, examples: [keyOf(1), keyOf(2)] });
    expect(end([5, 9, 13])).toMatchObject({ sessions: 3, of: 3 });
  });

  it('is not told of less, of a row with a gap, or backwards', () => {
    expect(end([1, 5])).toBeNull();
    expect(end([1, 5, 10])).toBeNull();
    expect(end([9, 5, 1])).toBeNull();
  });

  it('is told of a tenth of all, of which 10 are enough', () => {
    expect(end([1, 5, 9], 20)).not.toBeNull();
    expect(end([1, 5, 9], 21)).toBeNull();
    const row = many(11).map((n) => 1 + 4 * n);
    expect(end(row, 5000)).toMatchObject({ sessions: 10, of: 10 });
    expect(end(row.slice(0, 10), 5000)).toBeNull();
  });

  it('is not told where too many that begin late do not go on', () => {
    const row = many(9).map((n) => 1 + 4 * n);
    expect(end([...row, 3, 50])).toMatchObject({ sessions: 8, of: 10 });
    expect(end([...row, 3, 50, 90])).toBeNull();
  });

  it('is not told where numbers meet by chance as often', () => {
    const rows = (of: readonly number[]) => many(30).flatMap(() => of);
    expect(end(rows([1, 5, 9]))).not.toBeNull();
    expect(end(rows([1, 5, 9, 3, 7, 11]))).toBeNull();
  });
});
