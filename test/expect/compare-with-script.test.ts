import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_FLAG, EventBatch } from '../../src/domain/event-batch.js';
import { NO_ORIGIN, Session } from '../../src/domain/session.js';
import { compareWithScript } from '../../src/expect/compare-with-script.js';
import { parseScript } from '../../src/simulate/script.js';
import { SessionMaker, simulate } from '../../src/simulate/simulate.js';
import { addEvent } from '../../src/wire/event-columns.js';

const SCRIPT = parseScript('play 30s; pause 5m; seek 300; play 60s');

type Captured = readonly [type: 'Start' | 'Stop', position: number, timestamp: number];

const AS_SCRIPTED: readonly Captured[] = [
  ['Start', 0, 1_700_000_000],
  ['Stop', 30, 1_700_000_030],
  ['Start', 300, 1_700_000_330],
  ['Stop', 360, 1_700_000_390],
];

function session(events: readonly Captured[], broken = 0): Session {
  const batch = new EventBatch();
  events.forEach(([Type, Position, Timestamp], k) => {
    addEvent(batch, { Type, Position, Timestamp, SeqNumber: k + 1 }, { bare: true });
  });
  for (let k = 0; k < broken; k += 1) batch.flags[addEvent(batch, {}, { bare: true })]! |= EVENT_FLAG.invalid;
  const made = new Session();
  made.begin(NO_ORIGIN, []);
  for (let i = 0; i < batch.count; i += 1) made.add(batch, i);
  made.settle();
  return made;
}

/** A comparison in words: `differs (time)`. */
function verdicts(events: readonly Captured[]): string[] {
  const { lines } = compareWithScript(SCRIPT, session(events));
  return lines.map((line) => (line.kind === 'differs' ? `differs (${line.in.join()})` : line.kind));
}

function changed(index: number, change: (event: Captured) => Captured): readonly Captured[] {
  return AS_SCRIPTED.map((event, k) => (k === index ? change(event) : event));
}

describe('a capture beside its script', () => {
  test.each<[string, readonly Captured[], string[]]>([
    ['what was described', AS_SCRIPTED, ['same', 'same', 'same', 'same']],
    [
      'a second off, in time and position',
      changed(1, ([t, p, s]) => [t, p + 1, s + 1]),
      ['same', 'same', 'same', 'same'],
    ],
    [
      'a millisecond more than that',
      changed(1, ([t, p, s]) => [t, p + 1.001, s]),
      ['same', 'differs (position)', 'same', 'same'],
    ],
    [
      'a position off below',
      changed(1, ([t, p, s]) => [t, p - 1.001, s]),
      ['same', 'differs (position)', 'same', 'same'],
    ],
    ['a time off', changed(3, ([t, p, s]) => [t, p, s + 2]), ['same', 'same', 'same', 'differs (time)']],
    [
      'both',
      changed(3, ([t, p, s]) => [t, p + 5, s - 2]),
      ['same', 'same', 'same', 'differs (time,position)'],
    ],
    ['no Stop at the pause', AS_SCRIPTED.filter((_, k) => k !== 1), ['same', 'missing', 'same', 'same']],
    ['the first Start lost', AS_SCRIPTED.slice(1), ['missing', 'same', 'same', 'same']],
    ['the last Stop lost', AS_SCRIPTED.slice(0, 3), ['same', 'same', 'same', 'missing']],
    [
      'a second Stop as the page closes',
      [...AS_SCRIPTED, ['Stop', 360, 1_700_000_400]],
      ['same', 'same', 'same', 'same', 'extra'],
    ],
    [
      'a Stop told twice',
      [...AS_SCRIPTED.slice(0, 2), ['Stop', 30, 1_700_000_330], ...AS_SCRIPTED.slice(2)],
      ['same', 'same', 'extra', 'same', 'same'],
    ],
    ['nothing at all', [], ['missing', 'missing', 'missing', 'missing']],
  ])('%s', (_, events, expected) => {
    expect(verdicts(events)).toEqual(expected);
    expect(compareWithScript(SCRIPT, session(events)).matches).toBe(
      expected.every((verdict) => verdict === 'same'),
    );
  });

  test('tells both sides in seconds since the first event', () => {
    const { lines } = compareWithScript(SCRIPT, session(changed(3, ([t, p, s]) => [t, p, s + 7])));
    expect(lines[3]).toEqual({
      kind: 'differs',
      expected: { type: 'Stop', position: 360, time: 390 },
      received: { type: 'Stop', position: 360, time: 397 },
      in: ['time'],
    });
  });

  test('a broken event is no match', () => {
    expect(compareWithScript(SCRIPT, session(AS_SCRIPTED, 1))).toMatchObject({ matches: false, broken: 1 });
  });

  test('the end of the clip is expected where it is known', () => {
    const events = session([
      ['Start', 0, 1_700_000_000],
      ['Stop', 20, 1_700_000_020],
    ]);
    expect(compareWithScript(parseScript('play 1m'), events, 20).matches).toBe(true);
    expect(compareWithScript(parseScript('play 1m'), events).matches).toBe(false);
  });
});

test('a script and a session that are both very long are refused', () => {
  const long = parseScript('play 1s; pause 1s;'.repeat(5000));
  const events = (count: number) =>
    session(Array.from({ length: count }, (_, i) => [i % 2 === 0 ? 'Start' : 'Stop', i, 1_700_000_000 + i]));
  expect(() => compareWithScript(long, events(5001))).toThrowError(/5,001 events are too many to compare/);
  expect(compareWithScript(SCRIPT, events(5001)).matches).toBe(false);
});

test('what simulate plays by a script matches it, wherever in a second it began', () => {
  const step = fc.oneof(
    fc.integer({ min: 1, max: 90_000 }).map((ms) => `play ${ms}ms`),
    fc.integer({ min: 1, max: 900_000 }).map((ms) => `pause ${ms}ms`),
    fc.nat(5000).map((position) => `seek ${position}`),
    fc.constantFrom('seek +30', 'seek -15', 'speed 0.75', 'speed 2', 'speed 3'),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.boolean(), fc.maxSafeInteger(), (steps, kill, seed) => {
      const maker = new SessionMaker();
      const script = parseScript(['play 3s', ...steps, ...(kill ? ['kill'] : [])].join('; '));
      for (const made of simulate({ seed, sessions: 4, script })) {
        const { matches, lines } = compareWithScript(script, maker.sessionOf(made.events));
        expect(matches, JSON.stringify(lines)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
