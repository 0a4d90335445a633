import { describe, expect, it } from 'vitest';
import { DIAGNOSES } from '../../src/diagnoses/diagnoses.js';
import type { DiagnosisId, RuleId } from '../../src/domain/finding.js';
import { keyOf, Looked, seenOf } from './seen.js';

const SETTINGS = { now: 0, minDuration: 10, maxSpeed: 4, clipDurations: new Map<string, number>() };

const watchFor = (id: DiagnosisId) => new Looked(DIAGNOSES[id].watch(SETTINGS));
const many = (n: number) => Array.from({ length: n }, (_, i) => i);

describe.each<[DiagnosisId, RuleId, 'lasting' | 'sessions']>([
  ['stamps-at-flush', 'timestamps-at-flush', 'lasting'],
  ['positions-in-milliseconds', 'position-unit', 'sessions'],
  ['listener-left-on', 'event-leaked', 'sessions'],
])('%s', (id, rule, of) => {
  const end = (shown: number, all: number) => {
    const watch = watchFor(id);
    for (const n of many(shown)) watch.look(seenOf(`Start 0 @${n}`, n, { fired: [rule], request: 0 }));
    return watch.end({ [of]: all });
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
    for (const n of many(shown)) watch.look(seenOf('Start 5 @0, Stop 5 @30', n));
    watch.look(seenOf('Start 5 @0, Stop 5 @29', shown));
    return watch.end({ long });
  };

  it('is told of 3 sessions, and 10 % of those with a long interval', () => {
    expect(end(4, 40)).toMatchObject({ sessions: 4, of: 40 });
    expect(end(4, 41)).toBeNull();
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
  const end = (shown: number, counts: Parameters<Looked['end']>[0], events = enough) => {
    const watch = watchFor(id);
    for (const n of many(shown)) watch.look(seenOf(events, n, { fired: [rule] }));
    return watch.end({ long: of, steady: 3, ...counts });
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
    watch.look(seenOf('Start 0 @0, Stop 9.999 @500', n, { fired: ['playback-too-slow'] }));
  }
  expect(watch.end({ long: 12, steady: 3 })).toBeNull();
});

it('seeks-not-reported takes no Stop in the first second, nor speeds that are believed', () => {
  const watch = watchFor('seeks-not-reported');
  for (const text of ['Start 9 @0, Stop 1 @30', 'Start 0 @0, Stop 125 @30'] as const) {
    for (const n of many(5)) watch.look(seenOf(text, n, { fired: ['position-reversed'] }));
  }
  expect(watch.end({ long: 12, steady: 3 })).toBeNull();
});

it('session-id-kept is told of 3 sessions, and 1 %', () => {
  const end = (shown: number, sessions: number) => {
    const watch = watchFor('session-id-kept');
    const again = 'Start 0 @0, Stop 60 @60, Start 0 @3660, Stop 60 @3720';
    for (const n of many(shown)) watch.look(seenOf(again, n));
    return watch.end({ sessions });
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
    for (const n of many(all - again)) watch.look(seenOf(pausedOnce(n), n));
    for (const n of many(again)) watch.look(seenOf(pausedOnce(n), all + n, { clipHash: clip }));
    return watch.end({});
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
      const later = `Stop 9 @${at + 9}, Start 9 @${at + 18}, Stop 18 @${at + 27}`;
      watch.look(seenOf(`Start 0 @${at} #${lowestSeq}, ${later}`, n));
    });
    return watch.end({ sessions });
  };

  const chain = (late: number) => many(late + 1).map((n) => 1 + 4 * n);

  it('is told of five that go on, one after the other', () => {
    expect(end(chain(5))).toMatchObject({ sessions: 5, of: 5, examples: [keyOf(1), keyOf(2), keyOf(3)] });
    expect(end(chain(4))).toBeNull();
  });

  it('is told of five that begin with the last number', () => {
    expect(end([1, 4, 7, 10, 13, 16])).toMatchObject({ sessions: 5, of: 5 });
  });

  it('is not told of a row with gaps, or backwards', () => {
    expect(end([1, 6, 11, 16, 21, 26, 31])).toBeNull();
    expect(end(chain(6).toReversed())).toBeNull();
  });

  it('is told of 5 % of those that begin late', () => {
    const others = (n: number) => many(n).map((i) => 1000 + 10 * i);
    expect(end([...chain(5), ...others(95)])).toMatchObject({ sessions: 5, of: 100 });
    expect(end([...chain(5), ...others(96)])).toBeNull();
  });

  it('is not told where numbers meet as often as by chance', () => {
    expect(end(many(30).flatMap(() => [1, 1, 5, 5]))).toBeNull();
    expect(end(many(30).flatMap(() => [1, 5]))).not.toBeNull();
  });
});

describe('session-ended-by-pause', () => {
  /** Sessions of one clip that each begin so far behind where the one before stopped, so many seconds after. Every fourth stops at a whole second. */
  const end = (by: number, seconds: number, counts: Parameters<Looked['end']>[0] = {}, sessions = 4) => {
    const watch = watchFor('session-ended-by-pause');
    for (const n of many(sessions)) {
      const [from, at] = [n * (100.25 + by), n * (100 + seconds)];
      watch.look(seenOf(`Start ${from} @${at}, Stop ${from + 100.25} @${at + 100}`, n));
    }
    return watch.end(counts);
  };

  it('is told of sessions that begin within 0.25 s of where another stopped', () => {
    expect(end(0, 2)).toMatchObject({ sessions: 3, of: 4 });
    expect(end(0.25, 2)).toMatchObject({ sessions: 3 });
    expect(end(0.251, 2)).toBeNull();
    expect(end(0, 2, {}, 3)).toBeNull();
  });

  it('needs 2 s between them, and a place that is no whole second', () => {
    expect(end(0, 1)).toBeNull();
    expect(end(0.75, 5)).toBeNull();
  });

  it('needs 3 sessions that are a quarter of all, or 6 that are 1 % of all', () => {
    expect(end(0, 2, { sessions: 12 })).not.toBeNull();
    expect(end(0, 2, { sessions: 13 })).toBeNull();
    expect(end(0, 2, { sessions: 600 }, 7)).toBeNull();
    expect(end(0, 2, { sessions: 600 }, 8)).not.toBeNull();
    expect(end(0, 2, { sessions: 601 }, 8)).toBeNull();
  });

  it('is not told where 2 % of the sessions pause', () => {
    expect(end(0, 2, { sessions: 200, pausing: 3 }, 8)).not.toBeNull();
    expect(end(0, 2, { sessions: 200, pausing: 4 }, 8)).toBeNull();
  });
});

describe('position-of-next-clip', () => {
  /** Sessions whose last Stop stands at a place, each followed by one that begins at 5 so many seconds later. */
  const end = (stop: number, after: number, events = '', sessions = 4) => {
    const watch = watchFor('position-of-next-clip');
    for (const n of many(sessions)) {
      const at = n * 10_000;
      watch.look(
        seenOf(`${events.replaceAll('@', `@${n}`)}Start 40 @${at + 100}, Stop ${stop} @${at + 160}`, 2 * n),
      );
      watch.look(seenOf(`Start 5 @${at + 160 + after}, Stop 50 @${at + 205 + after}`, 2 * n + 1));
    }
    return watch.end();
  };

  it('is told of 3 sessions whose last Stop has the Position at which another begins then', () => {
    expect(end(5, 0)).toMatchObject({ sessions: 4, of: 8 });
    expect(end(5.499, 1)).toMatchObject({ sessions: 4 });
    expect(end(5, 0, '', 2)).toBeNull();
  });

  it('is not told where that lies elsewhere, or begins later', () => {
    expect(end(5.5, 0)).toBeNull();
    expect(end(5, 2)).toBeNull();
  });
});

describe('stop-in-next-session', () => {
  /** Sessions that end open with number 3, each followed by one that begins with a Stop of a number. */
  const end = (number: number, sessions = 3, first = 'Stop') => {
    const watch = watchFor('stop-in-next-session');
    for (const n of many(sessions)) {
      const at = n * 1000;
      watch.look(seenOf(`Start 0 @${at}, Stop 9 @${at + 9}, Start 9 @${at + 20}`, 2 * n));
      watch.look(seenOf(`${first} 30 @${at + 41} #${number}`, 2 * n + 1));
    }
    return watch.end();
  };

  it('is told of 3 sessions whose next begins with the Stop that follows', () => {
    expect(end(4)).toMatchObject({ sessions: 3, of: 6 });
    expect(end(4, 2)).toBeNull();
    expect(end(5)).toBeNull();
    expect(end(4, 3, 'Start')).toBeNull();
  });
});

describe.each([
  ['position-in-minutes', 60],
  ['position-in-hours', 3600],
] as const)('%s', (id, seconds) => {
  /** Sessions of an interval of 600 s that runs at a share of the clock, in clips by turns, beside sound ones. */
  const end = (times: number, sessions = 4, sound = 6, clips = 2) => {
    const watch = watchFor(id);
    for (const n of many(sessions))
      watch.look(
        seenOf(`Start 0 @0, Stop ${((600 / seconds) * times).toFixed(6)} @600`, n, { clipHash: n % clips }),
      );
    for (const n of many(sound)) watch.look(seenOf('Start 0 @0, Stop 60 @60', sessions + n));
    return watch.end();
  };

  it('is told of 3 sessions in 2 clips, and 40 % of the intervals', () => {
    expect(end(1)).toMatchObject({ sessions: 4, of: 10 });
    expect(end(1, 4, 7)).toBeNull();
    expect(end(1, 2, 0)).toBeNull();
    expect(end(1, 4, 6, 1)).toBeNull();
  });

  it('is told within 5 %', () => {
    expect(end(1.049)).not.toBeNull();
    expect(end(1.06)).toBeNull();
  });
});
