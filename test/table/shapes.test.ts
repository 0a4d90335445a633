import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { readInputs } from '../../src/read/read.js';
import { EventTypes, isCellFault } from '../../src/table/cell-values.js';
import { findColumns, readMap } from '../../src/table/columns.js';
import { readEventRow } from '../../src/table/shapes/events.js';
import { checkedShape, SHAPES, type ShapeQuestion, shapeOf } from '../../src/table/shapes/index.js';
import { columnsOf } from '../../src/table/shapes/shape.js';
import { validate } from '../../src/validate/validate.js';
import { type ReadingOptions, rowOf } from './reading.js';

const CLIP = 'b1e2c3d4-5f60-4718-92a3-b4c5d6e7f801';

const columnsIn = (header: string) => findColumns(header.split(','), new Map(), 't.csv');

describe('the shape', () => {
  it.each([
    ['OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp', 'events'],
    ['organization_id,CLIP_ID,session-id,type,position,time stamp', 'events'],
    ['ClipId,StartedAt,ListenedSeconds,Type', 'sessions'],
    ['ClipId,SessionId,StartedAt,StartPosition,EndPosition', 'intervals'],
    ['ClipId,SessionId,Timestamp,Position', 'sessions'],
  ])('of %s is %s', (header, shape) => {
    expect(shapeOf(columnsIn(header)).name).toBe(shape);
  });

  it.each(SHAPES)('$name has an example that is read as it, without a finding', async ({ name, example }) => {
    const bytes = (async function* () {
      yield Buffer.from(example.map((cells) => `${cells.join(',')}\n`).join(''));
    })();
    const { summary } = await validate(readInputs([{ name: 't.csv', bytes }], { shape: name, gap: 30 }), {
      now: 1_790_000_000,
    });
    expect(summary).toMatchObject({ sessions: 1, errors: 0, warnings: 0, unreadable: 0 });
  });

  it.each(SHAPES)('$name reads no column twice', (shape) => {
    const columns = columnsOf(shape).filter((column) => column !== 'EndedAt');
    expect(new Set(columns).size).toBe(columns.length);
  });
});

const question = (csv: string, more: Partial<ShapeQuestion> = {}): ShapeQuestion => {
  const [header, ...rows] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return {
    header: header!,
    rows,
    columns: findColumns(header!, new Map(), 't.csv'),
    shape: undefined,
    organization: CLIP,
    sessionKey: false,
    file: 't.csv',
    ...more,
  };
};

/** @param parts How many parts of the advice are given. */
const adviceOn = (csv: string, more: Partial<ShapeQuestion> = {}, parts = 1): string => {
  try {
    return checkedShape(question(csv, more)).name;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.advice!.split('; ').slice(0, parts).join('; ');
  }
};

describe('the proposal', () => {
  it("prefers words of listening, takes lengths for lengths, and names the times' unit (an app's export)", () => {
    expect(
      adviceOn(`
id,libraryItemId,startedAt,updatedAt,timeListening,startTime,currentTime,duration
0d9a1c52-77b1-4c0e-a1f0-1f2e3d4c5b01,${CLIP},1772442000123,1772442912456,912.4,120.5,1032.9,2400`),
    ).toBe(
      'Perhaps --map ClipId=libraryItemId --map ListenedSeconds=timeListening --map EndedAt=updatedAt --map StartPosition=startTime --map ClipDuration=duration --timestamp-unit ms',
    );
  });

  it('takes the time of a streaming history for the end of playing, and never a reason for a time', () => {
    expect(
      adviceOn(`
ts,ms_played,episode_uri,reason_start,reason_end
2026-03-01T09:20:00Z,1187000,${CLIP},clickrow,endplay`),
    ).toBe(
      'Perhaps --map ClipId=episode_uri --map EndedAt=ts --map ListenedSeconds=ms_played --duration-unit ms',
    );
  });

  it('never takes a position for listened time, and says how heartbeats are read', () => {
    const table = `viewer_id,play_id,episode,beat_at,pos_seconds\nv1,p1,${CLIP},2026-03-02 09:00:00 UTC,10`;
    expect(adviceOn(table)).toBe(
      'If each row is one heartbeat of a running player, add --shape pings --map ClipId=episode --map Timestamp=beat_at --map Position=pos_seconds --session-key HEADER,HEADER, where the headers identify a session',
    );
  });

  it.each([
    [
      'ClipId,SessionId,StartedAt,start_position_ms,end_position_ms',
      '1772442000,578400,1433814',
      'Perhaps --map StartPosition=start_position_ms --map EndPosition=end_position_ms --position-unit ms',
    ],
    [
      'ClipId,SessionId,start_time,end_time,from_sec,to_sec',
      '1772442000,1772442060,0:00,1:00',
      'Perhaps --map StartedAt=start_time --map StartPosition=from_sec --map EndPosition=to_sec --map EndedAt=end_time',
    ],
    [
      'ClipId,SessionId,Event Start Timestamp,Play Duration Milliseconds,Media Duration In Milliseconds,End Position,Start Position',
      '1772442000,855414,1834500,1433,578',
      'Perhaps --map "StartedAt=Event Start Timestamp" --map "ClipDuration=Media Duration In Milliseconds"',
    ],
  ])('names the positions of intervals: %s', (header, row, expected) => {
    expect(adviceOn(`${header}\n${CLIP},s,${row}`)).toBe(expected);
  });

  it('takes no times of day for positions', () => {
    expect(adviceOn(`ClipId,SessionId,StartedAt,start,end\n${CLIP},s,1772442000,09:30,09:40`)).not.toContain(
      'EndPosition',
    );
  });

  it.each([
    ['episode_name,spotify_episode_uri', 'spotify_episode_uri'],
    ['episode_name,show', 'episode_name'],
  ])('takes a title for a clip only where there is no id: %s', (header, clip) => {
    const table = `${header},StartedAt,ListenedSeconds\nPilot,x,1772442000,50`;
    expect(adviceOn(table)).toBe(`Perhaps --map ClipId=${clip}`);
  });

  it('says how rows with a bare position are read: as heartbeats or as events', () => {
    expect(adviceOn(`ClipId,SessionId,ts,position\n${CLIP},s,2026-03-02T09:00:00Z,10`, {}, 2)).toBe(
      'If each row is one heartbeat of a running player, add --shape pings --map Timestamp=ts; if each row is one event, Start or Stop, name the column that says which: --map Type=HEADER --type Start=VALUE --type Stop=VALUE',
    );
  });

  it('takes no time or length for a session or a type', () => {
    const header = 'ClipId,visit_first_action_time,watched_time,media_length,media_progress';
    expect(adviceOn(`${header}\n${CLIP},2026-03-02T09:00:00Z,855,1834,1434`)).toBe(
      'Perhaps --map StartedAt=visit_first_action_time --map ListenedSeconds=watched_time --map ClipDuration=media_length',
    );
  });

  it('names the unit of minutes', () => {
    expect(adviceOn(`episode_id,started_at,minutes_listened\n${CLIP},2026-03-01T09:00:00Z,12.5`)).toBe(
      'Perhaps --map ClipId=episode_id --map ListenedSeconds=minutes_listened --duration-unit min',
    );
  });

  it('takes a bare duration for that of the clip, and says what it may be else', () => {
    const table = `
date,started,stopped,duration,paused_counter,media_id,percent_complete
1772442000,1772442000,1772445600,1812,1788,${CLIP},50`;
    expect(adviceOn(table, {}, 2)).toBe(
      'Perhaps --map ClipId=media_id --map StartedAt=started --map EndedAt=stopped --map ClipDuration=duration; if "duration" is the time that was played, not the length of the clip, use --map ListenedSeconds=duration without --map ClipDuration',
    );
  });

  it('passes over percentages and counts', () => {
    expect(adviceOn(`ClipId,StartedAt,percent_listened,listen_count\n${CLIP},1772442000,50,2`, {}, 2)).toBe(
      'Name each: --map ListenedSeconds=HEADER; "percent_listened" is a percentage according to its name. A percentage does not say which seconds were played, so it cannot be read: export seconds or positions',
    );
    expect(
      adviceOn(`ClipId,SessionId,Type,position_pct,Timestamp\n${CLIP},s,Start,50,1772442000`, {}, 3),
    ).toMatch(/"position_pct" is a percentage.*\(--shape events\)$/);
  });

  it('names the shape that the columns look like, where --shape names another', () => {
    const sessions = `episodeId,SessionId,StartedAt,EndedAt,ListenedSeconds\n${CLIP},s,1772442000,1772442060,50`;
    expect(adviceOn(sessions, { shape: 'events' }, 9)).toMatch(
      /; the columns look like those of one listening session: --shape sessions; a row is read as one event/,
    );
    const events = `clip,SessionId,event,position,ts\n${CLIP},s,play,0,1772442000`;
    expect(adviceOn(events, { shape: 'sessions' }, 9)).toMatch(/; the columns look like .*: --shape events;/);
    expect(adviceOn(events, { shape: 'events' }, 9)).not.toContain('look like');
  });

  it('asks which rows belong to one session', () => {
    const intervals = `ClipId,StartedAt,StartPosition,EndPosition\n${CLIP},1772442000,0,10`;
    expect(() => checkedShape(question(intervals))).toThrow('which rows belong to one session?');
    expect(adviceOn(intervals, { sessionKey: true })).toBe('intervals');
    expect(adviceOn(`ClipId,SessionId,Timestamp,Position\n${CLIP},s,1,2`, { shape: 'pings' })).toBe('pings');
  });

  it('knows the columns by their names alone', () => {
    expect(() => readMap(new Map([['ListendSeconds', 'x']]))).toThrow(
      expect.objectContaining({ advice: 'Did you mean --map ListenedSeconds=x?' }),
    );
    expect(() => findColumns(['a'], new Map([['ClipId', 'b']]), 't.csv')).toThrow('no column "b"');
    expect(() => findColumns(['clip_id', 'ClipID'], new Map(), 't.csv')).toThrow('equal headers');
  });
});

describe('event rows', () => {
  const types = new EventTypes(['Start=play,resume', 'Stop=pause,ENDED', 'ignore=Heartbeat']);
  const EVENT = {
    OrganizationId: CLIP,
    ClipId: `{${CLIP}}`,
    SessionId: CLIP,
    Type: 'Start',
    Position: '61.4',
    SeqNumber: '2',
    Timestamp: '2026-03-02 09:00:00 UTC',
  };
  const read = (columns: Readonly<Record<string, string>>, options?: ReadingOptions) => {
    const { row, cells } = rowOf({ ...EVENT, ...columns }, options);
    return readEventRow(row, cells, types);
  };

  it('are read as they stand', () => {
    expect(read({})).toEqual({
      value: {
        OrganizationId: CLIP,
        ClipId: CLIP,
        SessionId: CLIP,
        Type: 'Start',
        Position: 61.4,
        SeqNumber: 2,
        Timestamp: 1772442000,
      },
      clipDurationMs: undefined,
      meaning: undefined,
    });
  });

  it.each<[Record<string, string>, Record<string, unknown>, ReadingOptions?]>([
    [{ Timestamp: '1772442000123' }, { Timestamp: 1772442000123 }],
    [{ Timestamp: '1772442000123' }, { Timestamp: 1772442000.123 }, { timestampUnit: 'ms' }],
    [{ Position: '-3' }, { Position: -3 }],
    [{ Position: 'x' }, { Position: 'x' }],
    [{ Position: '1:00:00' }, { Position: 3600 }],
    [{ Position: '61,4' }, { Position: 61.4 }, { commaAllowed: true }],
    [{ Position: '1500' }, { Position: 1.5 }, { positionUnit: 'ms' }],
    [{ SeqNumber: 'one' }, { SeqNumber: 'one' }],
    [{ Source: 'iOS' }, { Source: 'iOS' }],
  ])('%j reads as %j', (columns, value, options) => {
    expect(read(columns, options)).toMatchObject({ value });
  });

  it('leave absent what is empty', () => {
    expect(read({ Position: '', SessionId: '' })).toMatchObject({
      value: expect.not.objectContaining({ Position: expect.anything() }),
    });
  });

  it.each([
    ['resume', 'Start', 'Start'],
    ['Ended', 'Stop', 'Stop'],
    ['HEARTBEAT', 'Ignore', 'HEARTBEAT'],
    ['seek', undefined, 'seek'],
  ])('%s means %s', (cell, meaning, type) => {
    expect(read({ Type: cell })).toMatchObject({ meaning, value: { Type: type } });
  });

  it.each(['Timestamp', 'SeqNumber', 'SessionId'])('say where a null marker stands: %s', (column) => {
    const row = read({ [column]: 'NULL' });
    expect(isCellFault(row) && row).toMatchObject({ column, hint: expect.stringContaining('--null NULL') });
    expect(isCellFault(read({ [column]: 'NULL' }, { nulls: ['NULL'] }))).toBe(false);
  });

  it('refuse mappings that cannot be followed', () => {
    expect(() => new EventTypes(['Begin=play'])).toThrow('expected Start, Stop or Ignore');
    expect(() => new EventTypes(['Start=play', 'Stop=Play'])).toThrow('two meanings to play');
  });
});
