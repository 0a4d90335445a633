import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { parseTime, type TimeOptions } from '../../src/read/times.js';

const secondsOf = (text: string, options?: TimeOptions) => {
  const time = parseTime(text, options);
  return 'seconds' in time ? time.seconds : time.problem.kind;
};

describe('times', () => {
  it.each([
    ['1540270724', 1540270724],
    [' 1540270724.25 ', 1540270724.25],
    ['0', 0],
    ['-1', -1],
    ['99999999999', 99999999999],
    ['2018-10-23T04:58:44Z', 1540270724],
    ['2018-10-23 04:58:44z', 1540270724],
    ['2018-10-23T04:58:44.123456Z', 1540270724.123456],
    ['2018-10-23T04:58:44,5Z', 1540270724.5],
    ['2018-10-23T04:58Z', 1540270680],
    ['2018-10-23T14:58:44+10:00', 1540270724],
    ['2018-10-23T14:58:44+1000', 1540270724],
    ['2018-10-22T23:58:44-05', 1540270724],
    ['2018-10-23T10:28:44+05:30', 1540270724],
    ['2016-02-29T00:00:00Z', 1456704000],
    ['2000-02-29T00:00:00Z', 951782400],
    ['1969-12-31T23:59:59.75Z', -0.25],
    ['0001-01-01T00:00:00Z', -62135596800],
    ['9999-12-31T23:59:59Z', 253402300799],
  ])('reads %s', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  it.each([
    '',
    'now',
    '2018-10-23',
    '2018-10-23T04Z',
    '2018-02-30T00:00:00Z',
    '2018-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2018-04-31T00:00:00Z',
    '2018-13-01T00:00:00Z',
    '2018-00-10T00:00:00Z',
    '2018-01-00T00:00:00Z',
    '2018-10-23T24:00:00Z',
    '2018-10-23T04:60:00Z',
    '2018-10-23T04:58:60Z',
    '2018-10-23T04:58:44+24:00',
    '2018-10-23T04:58:44+05:60',
    '2018-10-23T04:58:44.Z',
    '2018-10-23T04:58:44 UTC',
    '2018-10-23  04:58:44Z',
    '23/10/2018 04:58:44',
    '20181023T045844Z',
    'Tue, 23 Oct 2018 04:58:44 GMT',
    '+1540270724',
    '0x5bcea9c4',
    'Infinity',
    '1e999',
  ])('refuses %j', (text) => {
    expect(secondsOf(text)).toBe('unreadable');
  });

  it('refuses numbers that are plainly milliseconds, unless told that they are', () => {
    expect(secondsOf('1540270724500')).toBe('milliseconds');
    expect(secondsOf('100000000000')).toBe('milliseconds');
    expect(secondsOf('1540270724500', { unit: 's' })).toBe('milliseconds');
    expect(secondsOf('1540270724500', { unit: 'ms' })).toBe(1540270724.5);
    expect(secondsOf('2018-10-23T04:58:44Z', { unit: 'ms' })).toBe(1540270724);
  });

  it('tells what was wanted and how to mend it', () => {
    expect(parseTime('2018-10-23 04:58:44 UTC')).toEqual({
      problem: {
        kind: 'unreadable',
        expected: 'unix seconds or an ISO 8601 time',
        received: '"2018-10-23 04:58:44 UTC"',
        hint: 'Write Z for UTC: 2018-10-23 04:58:44Z',
      },
    });
    expect(parseTime('2018-10-23')).toMatchObject({
      problem: { hint: 'Add the time of day: 2018-10-23T00:00:00Z' },
    });
    expect(parseTime('2018-02-30T00:00:00Z')).toMatchObject({ problem: { expected: 'a real date' } });
  });

  it('reads any moment as JavaScript writes it', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-01-01T00:00:00Z'), noInvalidDate: true }),
        (date) => {
          expect(secondsOf(date.toISOString())).toBe(date.getTime() / 1000);
        },
      ),
    );
  });
});

describe('local times', () => {
  const berlin = { timezone: 'Europe/Berlin' };

  it('need a zone', () => {
    expect(secondsOf('2018-10-23T04:58:44')).toBe('no-offset');
    expect(secondsOf('2018-10-23T06:58:44', berlin)).toBe(1540270724);
    expect(secondsOf('2018-10-23T04:58:44Z', berlin)).toBe(1540270724);
    expect(secondsOf('2018-12-01 12:00:00.5', berlin)).toBe(1543662000.5);
    expect(secondsOf('2018-10-23T04:58:44', { timezone: 'UTC' })).toBe(1540270724);
  });

  it.each([
    ['Europe/Berlin', '2018-03-25T02:00:00', 'skipped'],
    ['Europe/Berlin', '2018-03-25T02:59:59.9', 'skipped'],
    ['Europe/Berlin', '2018-03-25T01:59:59', 1521939599],
    ['Europe/Berlin', '2018-03-25T03:00:00', 1521939600],
    ['Europe/Berlin', '2018-10-28T02:00:00', 'ambiguous'],
    ['Europe/Berlin', '2018-10-28T02:59:59', 'ambiguous'],
    ['Europe/Berlin', '2018-10-28T01:59:59', 1540684799],
    ['Europe/Berlin', '2018-10-28T03:00:00', 1540692000],
    ['Australia/Lord_Howe', '2018-10-07T02:15:00', 'skipped'],
    ['Australia/Lord_Howe', '2018-04-01T01:45:00', 'ambiguous'],
    ['Pacific/Apia', '2011-12-30T12:00:00', 'skipped'],
    ['America/New_York', '2018-11-04T01:30:00', 'ambiguous'],
    ['Asia/Kolkata', '2018-10-23T10:28:44', 1540270724],
    ['Africa/Monrovia', '1970-06-01T00:00:00', 13049070],
  ])('in %s: %s', (timezone, text, seconds) => {
    expect(secondsOf(text, { timezone })).toBe(seconds);
  });

  it('say why they do not stand for one moment', () => {
    expect(parseTime('2018-03-25T02:30:00', berlin)).toMatchObject({
      problem: { received: expect.stringContaining('never') },
    });
    expect(parseTime('2018-10-28T02:30:00', berlin)).toMatchObject({
      problem: { received: expect.stringContaining('twice') },
    });
  });

  it('of every zone come back from what its clocks show', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2 ** 31 }), (timezone, moment) => {
        const clock = new Intl.DateTimeFormat('sv-SE', {
          timeZone: timezone,
          dateStyle: 'short',
          timeStyle: 'medium',
        });
        const shown = clock.format(moment * 1000);
        const seconds = secondsOf(shown, { timezone });
        expect([moment, 'ambiguous']).toContain(seconds);
      }),
      { numRuns: 300 },
    );
  });

  it('refuse a zone that does not exist, naming the nearest', () => {
    expect(() => parseTime('0', { timezone: 'Europe/Berln' })).toThrow(UserError);
    expect(() => parseTime('0', { timezone: 'Mars' })).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});
