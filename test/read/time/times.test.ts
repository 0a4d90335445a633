import { describe, expect, it } from 'vitest';
import { commandLineTime } from '../../../src/cli/options/parsers.js';
import { isTime, type ParsedTime, type TimeOptions, timeReader } from '../../../src/read/time/times.js';

const outcome = (time: ParsedTime) => (isTime(time) ? time.seconds : time.problem.kind);
const read = (text: string, options?: TimeOptions) => outcome(timeReader(options)(text));

const MOMENT = 1540270724;

describe('times of cells', () => {
  it.each([
    ['1540270724', MOMENT],
    [' 1540270724.25 ', MOMENT + 0.25],
    ['1.540270724E9', MOMENT],
    ['0', 0],
    ['-1', -1],
    ['99999999999', 99999999999],
    ['2018-10-23T04:58:44Z', MOMENT],
    ['2018-10-23 04:58:44z', MOMENT],
    ['2018-10-23 04:58:44 UTC', MOMENT],
    ['2018-10-23 04:58:44.000000 UTC', MOMENT],
    ['2018-10-23 04:58:44 GMT', MOMENT],
    ['2018-10-23T04:58:44 Z', MOMENT],
    ['2018-10-23T14:58:44+10:00', MOMENT],
    ['2018-10-23 14:58:44.000 +1000', MOMENT],
    ['2018-10-23 14:58:44+10', MOMENT],
    ['2018-10-22T23:58:44 -05:00', MOMENT],
    ['2018-10-23T10:28:44+0530', MOMENT],
    ['2018-10-23T04:58Z', MOMENT - 44],
    ['2018-10-23T04:58:44,5Z', MOMENT + 0.5],
    ['2018-10-23T04:58:44.123456789Z', MOMENT + 0.123456789],
    ['Tue, 23 Oct 2018 04:58:44 GMT', MOMENT],
    ['23 Oct 2018 14:58:44 +1000', MOMENT],
    ['2016-02-29T00:00:00Z', 1456704000],
    ['1969-12-31T23:59:59.75Z', -0.25],
    ['9999-12-31T23:59:59Z', 253402300799],
  ])('reads %s', (text, seconds) => {
    expect(read(text)).toBe(seconds);
  });

  it.each([
    '',
    'now',
    '2018-10-23',
    '2018-10-23T04Z',
    '2018-02-30T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2018-04-31T00:00:00Z',
    '2018-13-01T00:00:00Z',
    '2018-10-23T24:00:00Z',
    '2018-10-23T04:58:60Z',
    '2018-10-23T04:58:44+24:00',
    '2018-10-23  04:58:44Z',
    '2018-10-23 04:58:44 CET',
    '23/10/2018 04:58:44',
    'Mon, 23 Oct 2018 04:58:44 GMT',
    'Fri, 30 Feb 2018 04:58:44 GMT',
    '+1540270724',
    '0x5bcea9c4',
    'Infinity',
    '1e999',
  ])('refuses %j', (text) => {
    expect(read(text)).toBe('unreadable');
  });

  it('gives whole milliseconds, cut off', () => {
    expect(timeReader()('1540270724.9999')).toMatchObject({ ms: MOMENT * 1000 + 999 });
    expect(timeReader({ unit: 'us' })('1772442000123456')).toMatchObject({ ms: 1772442000123 });
    expect(timeReader({ unit: 'ns' })('1772442000123456789')).toMatchObject({ ms: 1772442000123 });
    expect(timeReader()('2018-10-23T04:58:44.0019Z')).toMatchObject({ ms: MOMENT * 1000 + 1 });
    expect(timeReader()('1969-12-31T23:59:59.75Z')).toMatchObject({ ms: -250 });
  });

  it.each([
    ['1772442000123', 's', 'ms', 'milliseconds'],
    ['1772442000123456', 's', 'us', 'microseconds'],
    ['1772442000123456789', 's', 'ns', 'nanoseconds'],
    ['1772442000', 'ms', 's', 'seconds'],
    ['1772442000123', 'us', 'ms', 'milliseconds'],
  ] as const)('%s in %s looks like %s', (text, unit, flag, name) => {
    const time = timeReader({ unit })(text);
    expect(time).toMatchObject({
      problem: {
        kind: 'other-unit',
        received: `${text}, which looks like ${name}`,
        hint: `Add --timestamp-unit ${flag}`,
      },
    });
  });

  it('need a zone where they have no offset', () => {
    expect(read('2018-10-23T04:58:44')).toBe('no-offset');
    expect(read('2018-10-23 06:58:44', { timezone: 'Europe/Berlin' })).toBe(MOMENT);
    expect(read('2018-03-25T02:30:00', { timezone: 'Europe/Berlin' })).toBe('skipped');
    expect(read('2018-10-28T02:30:00', { timezone: 'Europe/Berlin' })).toBe('ambiguous');
  });
});

describe('times of the command line', () => {
  const now = MOMENT;
  const line = (text: string, timezone?: string) => outcome(commandLineTime(text, { now, timezone }));

  it.each([
    ['now', MOMENT],
    ['now-24h', MOMENT - 86_400],
    ['NOW-90m', MOMENT - 5400],
    ['now+1w', MOMENT + 604_800],
    ['now-1.5d', MOMENT - 129_600],
    ['yesterday', 1540166400],
    ['2018-10-23', 1540252800],
    ['1540270724', MOMENT],
    ['2018-10-23T04:58:44 UTC', MOMENT],
  ])('reads %s', (text, seconds) => {
    expect(line(text)).toBe(seconds);
  });

  it('begins days in the zone, also where clocks are set forward at midnight', () => {
    expect(line('2018-10-23', 'Europe/Berlin')).toBe(1540245600);
    expect(line('yesterday', 'Pacific/Auckland')).toBe(Date.UTC(2018, 9, 21, 11) / 1000);
    expect(line('2018-11-04', 'America/Sao_Paulo')).toBe(Date.UTC(2018, 10, 4, 3) / 1000);
    expect(line('2018-10-23T06:58:44', 'Europe/Berlin')).toBe(MOMENT);
  });

  it.each([
    ['1.77E+09', 'digits-lost'],
    ['1540270724000', 'other-unit'],
    ['2018-02-30', 'unreadable'],
    ['now-', 'unreadable'],
    ['now-3y', 'unreadable'],
    ['tomorrow', 'unreadable'],
    ['2018-10-23T04:58:44', 'no-offset'],
  ])('refuses %s', (text, kind) => {
    expect(line(text)).toBe(kind);
  });

  it('says which forms there are', () => {
    expect(commandLineTime('today', { now })).toMatchObject({
      problem: { hint: expect.stringContaining('now-24h') },
    });
  });

  it('says what became of the digits', () => {
    expect(commandLineTime('1.77E+09', { now })).toMatchObject({
      problem: {
        received: '"1.77E+09": digits are lost',
        hint: expect.stringContaining('Export the column as text'),
      },
    });
  });
});
