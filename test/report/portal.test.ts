import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { type PortalFigures, parsePortal } from '../../src/report/portal/figures.js';
import { comparePortal, type Definition, type PortalOptions } from '../../src/report/portal/portal.js';

const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const DAY = Date.parse('2026-03-02T00:00:00Z') / 1000;

type Moment = readonly [type: 'Start' | 'Stop', position: number, seconds: number, seqNumber?: number];

/** A request body with one session of a clip of 100 s, `began` seconds after the day began in UTC. */
function body(id: number, began: number, moments: readonly Moment[], clip = CLIP): string {
  const Events = moments.map(([Type, Position, seconds, seqNumber], i) => ({
    OrganizationId: '126281f8-200e-4c9f-8378-a4870055423b',
    ClipId: clip,
    SessionId: `a039f83d-1916-436b-a090-${String(id).padStart(12, '0')}`,
    Type,
    Position,
    SeqNumber: seqNumber ?? i + 1,
    Timestamp: DAY + began + seconds,
  }));
  return JSON.stringify({ Source: 'CustomWeb', Events, Completed: true });
}

/** 80 s are played, 60 s of the clip are heard. */
const TWICE = body(1, 12 * 3600, [
  ['Start', 0, 0],
  ['Stop', 40, 40],
  ['Start', 20, 40],
  ['Stop', 60, 80],
]);
const SHORT = body(2, 12 * 3600, [
  ['Start', 0, 0],
  ['Stop', 12, 12],
]);
/** A SeqNumber is missing: an error. */
const BROKEN = body(3, 12 * 3600, [
  ['Start', 0, 0],
  ['Stop', 70, 70, 3],
]);
/** On the day in UTC; in Berlin it is the next one. */
const LATE = body(4, 23.5 * 3600, [
  ['Start', 0, 0],
  ['Stop', 90, 90],
]);

function compared(bodies: readonly string[], portal: string, more: Partial<PortalOptions> = {}) {
  return comparePortal(
    readInputs([{ name: 'a.ndjson', bytes: Readable.from([Buffer.from(bodies.join('\n'))]) }]),
    {
      now: DAY + 10 * 86_400,
      portal: parsed(portal),
      clipDurations: new Map([[CLIP, 100]]),
      ...more,
    },
  );
}

function parsed(text: string): PortalFigures {
  const figures = parsePortal(text);
  if (typeof figures === 'string') throw new Error(figures);
  return figures;
}

const brief = ({ minDuration, repeatedParts, invalidSessions, resentSessions }: Definition) =>
  [minDuration, repeatedParts, invalidSessions, resentSessions].join(' ');

describe('ways to count', () => {
  it('are compared with the portal, each with its figures', async () => {
    const { definitions } = await compared(
      [TWICE, SHORT, BROKEN, TWICE],
      'plays=2,average=46,completion=46%',
    );
    const figures = Object.fromEntries(
      definitions.map((each) => [brief(each), Object.values(each.figures).map((figure) => figure?.value)]),
    );
    expect(figures).toEqual({
      '10 once left out once': [2, 36, 0.36],
      '10 once left out each time': [3, 44, 0.44],
      '10 once counted once': [3, 47.333333, 0.473333],
      '10 once counted each time': [4, 50.5, 0.505],
      '10 each time left out once': [2, 46, 0.46],
      '10 each time left out each time': [3, 57.333333, 0.573333],
      '10 each time counted once': [3, 54, 0.54],
      '10 each time counted each time': [4, 60.5, 0.605],
      '60 once left out once': [1, 60, 0.6],
      '60 once left out each time': [2, 60, 0.6],
      '60 once counted once': [2, 65, 0.65],
      '60 once counted each time': [3, 63.333333, 0.633333],
      '60 each time left out once': [1, 80, 0.8],
      '60 each time left out each time': [2, 80, 0.8],
      '60 each time counted once': [2, 75, 0.75],
      '60 each time counted each time': [3, 76.666667, 0.766667],
    });
    expect(definitions.filter(({ matches }) => matches).map(brief)).toEqual(['10 each time left out once']);
    expect(definitions[0]?.matches).toBe(true);
  });

  it('are told as one where they make no difference', async () => {
    const { definitions, noDifference } = await compared([LATE], 'plays=1');
    expect(definitions).toHaveLength(1);
    expect(noDifference).toEqual(['resentSessions', 'invalidSessions', 'repeatedParts', 'minDuration']);
  });

  it('take the day in each zone', async () => {
    const days = [
      { zone: 'UTC', from: DAY, to: DAY + 86_400 },
      { zone: 'Europe/Berlin', from: DAY - 3600, to: DAY + 82_800 },
    ];
    const { definitions } = await compared([TWICE, LATE], 'plays=1,day=2026-03-02', { days });
    expect(definitions.map(({ dayIn, matches }) => [dayIn, matches])).toEqual([
      ['Europe/Berlin', true],
      ['UTC', false],
    ]);
  });

  it('take one clip alone', async () => {
    const other = body(
      5,
      0,
      [
        ['Start', 0, 0],
        ['Stop', 50, 50],
      ],
      CLIP.replace('9', '8'),
    );
    const { definitions, unknownDurations } = await compared(
      [LATE, other],
      `plays=1,clip=${CLIP.toUpperCase()}`,
    );
    expect(definitions.map(({ matches }) => matches)).toEqual([true]);
    expect(unknownDurations).toBe(false);
    expect((await compared([LATE, other], 'plays=1')).unknownDurations).toBe(true);
  });
});

describe('the portal’s figures', () => {
  it.each([
    ['plays=1790', { plays: { value: 1790, unit: 1 } }],
    ['average=22:10', { average: { value: 1330, unit: 1 } }],
    ['average=1:02:03', { average: { value: 3723, unit: 1 } }],
    ['average=1330.5s', { average: { value: 1330.5, unit: 0.1 } }],
    ['average=22m', { average: { value: 1320, unit: 60 } }],
    ['completion=63%', { completion: { value: 0.63, unit: 0.01 } }],
    ['completion=0.634', { completion: { value: 0.634, unit: 0.001 } }],
  ])('%s', (text, figures) => expect(parsePortal(text)).toEqual({ figures }));

  it.each([
    ['plays=1,790', 'Expected NAME=VALUE, received "790".'],
    ['play=3', 'Expected one of plays, average, completion, day, clip, received "play".'],
    ['plays=3.5', 'Expected plays as a whole number without separators, such as 1790, received "3.5".'],
    ['average=22:70', 'Expected average as a time such as 22:10, 1:02:03, 1330s or 22.2m, received "22:70".'],
    ['completion=130%', 'Expected completion as a share such as 63%, 63.4% or 0.634, received "130%".'],
    ['plays=3,day=2026-02-30', 'Expected day as a date such as 2026-03-02, received "2026-02-30".'],
    ['plays=3,clip=7', 'Expected clip as a ClipId, received "7".'],
    ['day=2026-03-02', 'Expected at least one of plays, average, completion.'],
  ])('%s is none', (text, why) => expect(parsePortal(text)).toBe(why));
});
