import fc from 'fast-check';
import { expect, it } from 'vitest';
import { validate } from '../../src/validate/validate.js';
import type { NaiveInput } from './naive.js';
import type { Json } from './naive-json.js';
import { asFiles, cases, LONG, SETTINGS } from './run.js';
import { shuffled } from './scenario.js';

const DAY = 86_400_000;
const pick = fc.constantFrom;

/** Any 32 hexadecimal digits in either case: a GUID of whatever version. */
const guid = fc
  .array(pick(...'0123456789abcdefABCDEF'.split('')), { minLength: 32, maxLength: 32 })
  .map((digits) => digits.join('').replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));

/** What a listener does: hears something at some speed, while it buffers, then pauses or seeks. */
const stretch = fc.record({
  heard: fc.integer({ min: 1000, max: 3_600_000 }),
  speed: fc.double({ min: 0.5, max: 4, noNaN: true }),
  buffering: fc.nat(50_000),
  rest: fc.oneof(fc.nat(1000), fc.nat(3_600_000), fc.nat(30 * DAY)),
  seekTo: fc.option(fc.nat(7_200_000)),
  /** The end is reported twice, as by a page that unloads later. */
  twice: fc.boolean(),
});

/** How a player writes positions, from milliseconds; timestamps are whole seconds, rounded down. */
const writing = pick(
  (ms: number) => ms / 1000,
  (ms: number) => Math.floor(ms / 1000),
  (ms: number) => Math.round(ms / 100) / 10,
);

/** One session of a player without mistakes. */
const play = fc
  .record({
    ids: fc.tuple(guid, guid, guid),
    begins: fc.integer({ min: 1_600_000_000_000, max: 1_740_000_000_000 }),
    position: fc.nat(3_600_000),
    stretches: fc.array(stretch, { minLength: 1, maxLength: 5 }),
    write: writing,
  })
  .map(({ ids: [OrganizationId, ClipId, SessionId], begins, position, stretches, write }) => {
    const events: Json[] = [];
    let [clock, at] = [begins, position];
    const emit = (Type: string) =>
      events.push({
        OrganizationId,
        ClipId,
        SessionId,
        Type,
        Position: write(at),
        SeqNumber: events.length + 1,
        Timestamp: Math.floor(clock / 1000),
      });
    for (const { heard, speed, buffering, rest, seekTo, twice } of stretches) {
      emit('Start');
      at += heard;
      clock += Math.ceil(heard / speed) + buffering;
      emit('Stop');
      clock += Math.floor(rest / 2);
      if (twice) emit('Stop');
      clock += Math.ceil(rest / 2);
      at = seekTo ?? at;
    }
    return events;
  });

it(
  'what a player without mistakes records draws no error and no warning, in whatever order it arrives',
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(play, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(100), { minLength: 1, maxLength: 9 }),
        fc.boolean(),
        async (plays, keys, inBodies) => {
          const told = shuffled(inBodies ? plays : plays.flat(), keys);
          const inputs = told.map((value): NaiveInput => {
            const body = { Source: 'CustomWeb', Events: value, Completed: true };
            return inBodies ? { kind: 'request', value: body } : { kind: 'event', value };
          });
          const { findings, summary } = await validate(asFiles([inputs]), SETTINGS);
          expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
          expect(summary.sessions).toBe(plays.length);
          expect(summary.events).toBe(plays.flat().length);
        },
      ),
      cases(0.5),
    ),
  LONG,
);
