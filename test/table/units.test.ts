import { describe, expect, it } from 'vitest';
import type { UnitOptions } from '../../src/read/table-options.js';
import { findColumns } from '../../src/table/columns.js';
import { headerWords, namedUnit, unitsInForce } from '../../src/table/headers.js';

describe('the unit that a header names', () => {
  it.each([
    ['listened_ms', 'ms'],
    ['ms_played', 'ms'],
    ['msPlayed', 'ms'],
    ['durationMs', 'ms'],
    ['duration.MS', 'ms'],
    ['position_millis', 'ms'],
    ['listenedms', 'ms'],
    ['startedatms', 'ms'],
    ['positionmillis', 'ms'],
    ['minutes_listened', 'min'],
    ['listened min', 'min'],
    ['listenedminutes', 'min'],
    ['play_duration_ticks', 'ticks'],
    ['percent_listened', 'percent'],
    ['listened-pct', 'percent'],
    ['hours_listened', 'h'],
    ['listened_h', 'h'],
    ['event_time_us', 'us'],
    ['eventTimeNs', 'ns'],
    ['ListenedSeconds', 's'],
    ['listenedseconds', 's'],
    ['seconds_of_minutes', 's'],
    ['ms_or_sec', 's'],
    ['\ufefflistened_ms', 'ms'],
  ])('%s: %s', (header, unit) => {
    expect(namedUnit(header)).toBe(unit);
  });

  it.each([
    'streams',
    'items',
    'params',
    'status',
    'user',
    'bonus',
    'min_position',
    'us_listeners',
    'h_index',
    'columns',
    'STREAMS',
    'msrp',
    'listened',
    'admin',
    'minimum',
    '',
  ])('%j names none', (header) => {
    expect(namedUnit(header)).toBeUndefined();
  });

  it('is a whole word', () => {
    expect(headerWords('playDuration_in-MS.total x')).toEqual(['play', 'duration', 'in', 'ms', 'total', 'x']);
  });
});

const check = (header: readonly string[], map: Record<string, string>, options: UnitOptions = {}) => {
  const columns = findColumns(header, new Map(Object.entries(map)) as never, 'plays.csv');
  return unitsInForce(columns, header, options, 'plays.csv');
};

describe('the unit in force', () => {
  it('is seconds unless an option says otherwise', () => {
    expect(check(['ListenedSeconds', 'ClipDuration', 'StartedAt'], {})).toEqual({
      duration: 's',
      position: 's',
      clipDuration: 's',
      time: 's',
    });
  });

  it('must be what the header says: the error prints the flag to add', () => {
    expect(() => check(['listened_ms'], { ListenedSeconds: 'listened_ms' })).toThrow(
      expect.objectContaining({
        kind: 'input',
        message:
          'plays.csv: column "listened_ms" is in milliseconds according to its name, but ListenedSeconds would be read in seconds',
        advice: 'Add --duration-unit ms, or rename the column if its name is wrong',
      }),
    );
    expect(check(['listened_ms'], { ListenedSeconds: 'listened_ms' }, { durationUnit: 'ms' }).duration).toBe(
      'ms',
    );
  });

  it.each([
    [{ StartPosition: 'from_ms' }, '--position-unit ms'],
    [{ Segments: 'ranges_min' }, '--position-unit min'],
    [{ ListenedSeconds: 'minutes_listened' }, '--duration-unit min'],
    [{ StartedAt: 'started_us' }, '--timestamp-unit us'],
    [{ EndedAt: 'ended_ns' }, '--timestamp-unit ns'],
  ])('%j needs %s', (map: Record<string, string>, flag) => {
    expect(() => check(Object.values(map), map)).toThrow(
      expect.objectContaining({ advice: expect.stringContaining(flag) }),
    );
  });

  it.each([
    [{ ListenedSeconds: 'play_duration_ticks' }, 'ticks'],
    [{ ListenedSeconds: 'percent_listened' }, 'a percentage'],
    [{ ListenedSeconds: 'hours_listened' }, 'hours'],
    [{ StartPosition: 'position_us' }, 'microseconds'],
    [{ ListenedSeconds: 'listen_count' }, 'a count'],
  ])('%j cannot be read', (map: Record<string, string>, unit) => {
    expect(() => check(Object.values(map), map, { durationUnit: 'ms' })).toThrow(
      `is ${unit} according to its name, and ${Object.keys(map)[0]} cannot be read in this unit`,
    );
  });

  it('of ClipDuration follows its own header', () => {
    expect(check(['duration_ms'], { ClipDuration: 'duration_ms' }).clipDuration).toBe('ms');
    expect(() =>
      check(['duration_ms'], { ClipDuration: 'duration_ms' }, { clipDurationUnit: 'min' }),
    ).toThrow('but ClipDuration would be read in minutes');
  });

  it("is not contradicted by the column's own name, which no flag could correct", () => {
    expect(check(['listened_seconds'], {}, { durationUnit: 'ms' }).duration).toBe('ms');
  });

  it('leaves headers of other columns and the precision of a time alone', () => {
    expect(check(['hour', 'listeners_min'], { StartedAt: 'hour' }).time).toBe('s');
  });
});
