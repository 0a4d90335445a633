import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { readNdjson } from '../../src/read/ndjson/ndjson.js';
import { wireOf } from '../../src/simulate/listener.js';
import { simulate } from '../../src/simulate/simulate.js';
import { reported, type ValidateOptions, validate } from '../../src/validate/validate.js';

const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.ndjson' };
const [SINCE, UNTIL] = [Date.UTC(2025, 0, 7) / 1000, Date.UTC(2025, 0, 11) / 1000];

type Written = Readonly<Record<string, unknown>>;

async function report(lines: readonly string[], fast: boolean, options: Partial<ValidateOptions> = {}) {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines.join('\n'));
  }
  const records = readNdjson(bytes(), INPUT, { scan: fast });
  const { findings, ...rest } = await validate(records, { now: NOW, ...options });
  return { ...rest, findings: findings.map(reported) };
}

/** Events of some sessions, some of them broken, in any order. */
const events: fc.Arbitrary<Written[]> = fc
  .record({
    seed: fc.nat(1000),
    changes: fc.array(
      fc.record({
        at: fc.nat(),
        change: fc.constantFrom<Written>(
          { Position: -1 },
          { Position: '4' },
          { Type: 'stop' },
          { SeqNumber: 0 },
          { SeqNumber: 2 },
          { Timestamp: SINCE },
          { Timestamp: UNTIL },
          { Timestamp: UNTIL + 0.5 },
          { Timestamp: 1_736_500_000_000 },
          { Timestamp: '1736500000' },
          { Timestamp: undefined },
          { ClipId: 'episode-7' },
          { Extra: 1 },
        ),
      }),
      { maxLength: 8 },
    ),
    moves: fc.array(fc.nat(), { maxLength: 8 }),
  })
  .map(({ seed, changes, moves }) => {
    const all: Written[] = [...simulate({ sessions: 10, seed })].flatMap(({ events: its }) =>
      its.map(({ played }) => ({ ...wireOf(played!) })),
    );
    for (const { at, change } of changes) all[at % all.length] = { ...all[at % all.length], ...change };
    for (const move of moves) all.push(...all.splice(move % all.length, 1));
    return all;
  });

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 1e9 && value < 1e11;
}

/** The sessions that the window keeps out, told from the events alone. */
function keptOut(all: readonly Written[], since: number, until: number): Set<unknown> {
  const sessions = new Set(all.map(({ SessionId }) => SessionId));
  return new Set(
    [...sessions].filter((session) => {
      const times = all.filter(({ SessionId }) => SessionId === session).map(({ Timestamp }) => Timestamp);
      const last = times.filter(isTime).reduce((a, b) => Math.max(a, b), 0);
      return last > 0 && (last < since || last > until);
    }),
  );
}

describe('of bare events, what a window keeps out', () => {
  it('leaves the report that there would be without it', async () => {
    let out = 0;
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.constantFrom(
          { since: SINCE, until: UNTIL },
          { since: SINCE, until: Number.POSITIVE_INFINITY },
          { since: Number.NEGATIVE_INFINITY, until: UNTIL },
        ),
        fc.boolean(),
        fc.constantFrom(1, 3000, 1e8),
        async (all, within, fast, memory) => {
          const not = keptOut(all, within.since, within.until);
          const lines = all.map((event) => JSON.stringify(event));
          const without = lines.map((line, i) => (not.has(all[i]?.SessionId) ? '' : line));
          const budget = { bytes: memory, folder: tmpdir() };
          expect(await report(lines, fast, { within, memory: budget })).toStrictEqual({
            ...(await report(without, false)),
            keptOut: not.size,
          });
          out += not.size;
        },
      ),
      { numRuns: 120 },
    );
    expect(out).toBeGreaterThan(200);
  });
});

const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
const [EARLY, LATE] = ['2ec9d456-c870-4694-ad69-844eea3d02ef', '756f9e37-b48b-435d-a865-dd287f33295e'];

function event(SessionId: string, SeqNumber: number, Timestamp: number, change: Written = {}): Written {
  const Type = SeqNumber % 2 === 1 ? 'Start' : 'Stop';
  return {
    OrganizationId: ORGANIZATION,
    ClipId: '4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4',
    SessionId,
    Type,
    Position: (SeqNumber - 1) * 60,
    SeqNumber,
    Timestamp,
    ...change,
  };
}

const early = [event(EARLY, 1, SINCE - 120), event(EARLY, 2, SINCE - 60, { Position: -1 })];
const late = [event(LATE, 1, SINCE - 30), event(LATE, 2, SINCE + 30)];

function checked(...bodies: readonly Written[]) {
  const within = { since: SINCE, until: UNTIL };
  const { findings, summary } = check(bodies, { now: NOW, within });
  const { requests, sessions, events: counted } = summary;
  return { found: findings.map(({ rule, request }) => `${request} ${rule}`), requests, sessions, counted };
}

const body = (...its: readonly Written[]): Written => ({ Source: 'Custom', Events: its, Completed: true });

describe('of requests, what a window keeps out', () => {
  it('takes its findings with it, and those of its request where nothing else is in it', () => {
    expect(checked({ ...body(...early), Source: 'Web', Completed: false }, body(...late))).toEqual({
      found: [],
      requests: 1,
      sessions: 1,
      counted: 2,
    });
  });

  it('leaves what is found in the request to the sessions that stay', () => {
    expect(checked({ ...body(...early, ...late), Source: 'Web' })).toEqual({
      found: ['0 source-reserved'],
      requests: 1,
      sessions: 1,
      counted: 2,
    });
  });

  it('is not what has no session', () => {
    expect(checked({ ...body(), Source: 'Web' }, body({ ...late[0], SessionId: 'none' }))).toEqual({
      found: ['0 events-empty', '0 source-reserved', '1 guid-format'],
      requests: 2,
      sessions: 0,
      counted: 1,
    });
  });

  it('is remembered where it comes again', () => {
    expect(checked(body(...late), body(...late), body(...early), body(...early)).found).toEqual([
      '1 session-resent',
    ]);
  });
});
