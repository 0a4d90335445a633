import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { DIAGNOSIS_IDS } from '../../src/domain/finding.js';
import { formatNumber } from '../../src/domain/text.js';
import { FAULT_IDS } from '../../src/simulate/faults/inject.js';
import { wireOf } from '../../src/simulate/listener.js';
import { PROFILES } from '../../src/simulate/profiles.js';
import { simulate } from '../../src/simulate/simulate.js';
import { diagnosesOf, linesOf, reportOn } from './judged.js';
import { CLIPS, PLAYER_BUGS, type Play, sound } from './player-bugs.js';

const BUGS = DIAGNOSIS_IDS.filter((id) => id !== 'listener-left-on' && id !== 'export-repeated');

/** In another order, the same for the same input: as lines come that many players send. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  const keyed = items.map((item, i) => [Math.imul(i + 1, 0x9e3779b1) >>> 0, item] as const);
  return keyed.toSorted(([a], [b]) => a - b).map(([, item]) => item);
}

describe.each(BUGS)('%s', (bug) => {
  const plays = PLAYER_BUGS[bug](sound(1));

  it('is named, and nothing else, in events and in request bodies', async () => {
    const [inEvents, inBodies] = [await diagnosesOf(plays), await diagnosesOf(plays, 'bodies')];
    expect(inEvents.map(({ diagnosis }) => diagnosis)).toEqual([bug]);
    expect(inBodies).toStrictEqual(inEvents);
    const [{ sessions, of, examples, evidence }] = inEvents as [(typeof inEvents)[number]];
    expect(sessions).toBeLessThanOrEqual(of);
    expect(evidence).toContain(`${sessions} of ${of} sessions`);
    expect(examples).toHaveLength(bug === 'same-listening-new-id' ? 2 : 3);
    const ids = new Set(plays.map(([event]) => event?.SessionId));
    for (const id of examples) expect(ids).toContain(id);
  });

  it('is named the same in whatever order, on disk as in memory', async () => {
    const lines = linesOf(plays);
    const { diagnoses } = await reportOn(lines);
    expect((await reportOn(shuffled(lines))).diagnoses).toStrictEqual(diagnoses);
    expect((await reportOn(shuffled(linesOf(plays, 'bodies')))).diagnoses).toStrictEqual(diagnoses);
    expect((await reportOn(lines, { memory: { bytes: 20_000, folder: tmpdir() } })).diagnoses).toStrictEqual(
      diagnoses,
    );
  });

  it('is not told of one session', async () => {
    const one = plays.filter(([event]) => event?.SessionId === plays[0]![0]!.SessionId);
    expect(await diagnosesOf(one)).toEqual([]);
  });
});

describe('no diagnosis is made', () => {
  it.each(PROFILES)('of sound %s listening', async (name) => {
    const profiles = [{ name, weight: 1 }];
    for (const sessions of [4, 150]) {
      const plays = sound(3, { sessions, profiles });
      expect(await diagnosesOf(plays)).toEqual([]);
      expect(await diagnosesOf(plays, 'bodies')).toEqual([]);
    }
  });

  it('of sound listening at one moment, to one clip', async () => {
    const clips = [{ id: '9b5c82f7-74cf-4841-a870-a670017cc8eb', seconds: 95 }];
    expect(await diagnosesOf(sound(4, { sessions: 400, clips, period: 60 }))).toEqual([]);
  });

  it('of players that write whole seconds', async () => {
    const whole = (play: Play): Play =>
      play.map((event) => ({ ...event, Position: Math.floor(event.Position) }));
    expect(await diagnosesOf(sound(5, { sessions: 400, period: 600 }).map(whole))).toEqual([]);
  });

  it.each(
    FAULT_IDS.filter(
      (id) => !['timestamp-unit', 'timestamps-at-flush', 'position-unit', 'nothing-heard'].includes(id),
    ),
  )('of sessions that break %s here and there', async (rule) => {
    for (const share of [0.1, 1]) {
      const lines = [...simulate({ sessions: 40, seed: 5, faults: [{ rule, share }] })].flatMap(
        ({ events, fault }) =>
          (fault?.requests ?? events.map(({ played, raw }) => raw ?? (played && wireOf(played)))).map(
            (value) => JSON.stringify(value),
          ),
      );
      const made = (await reportOn(lines)).diagnoses.map(({ diagnosis }) => diagnosis);
      expect(made, `the fault ${rule} looks like a player's bug: change the fault, or list it above`).toEqual(
        [],
      );
    }
  });
});

it('a diagnosis is not told where the rules that it explains are off', async () => {
  const lines = linesOf(PLAYER_BUGS['stamps-at-flush'](sound(1, { sessions: 8 })));
  expect(
    (await reportOn(lines, { severities: new Map([['timestamps-at-flush', 'off']]) })).diagnoses,
  ).toEqual([]);
  expect(
    (await reportOn(lines, { severities: new Map([['timestamps-at-flush', 'info']]) })).diagnoses,
  ).toHaveLength(1);
});

it('sessions that `within` keeps out count for no diagnosis', async () => {
  const lines = linesOf(PLAYER_BUGS['stamps-at-flush'](sound(1, { sessions: 8 })));
  expect(
    (await reportOn(lines, { within: { since: 1_790_000_000, until: Number.POSITIVE_INFINITY } })).diagnoses,
  ).toEqual([]);
});

it('is said of a sample, where there are more sessions than are kept', async () => {
  const ids = `"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"${CLIPS[0]!.id}"`;
  // Each session ends with a Start, and the next begins with the Stop of it.
  const lines = Array.from({ length: 17_000 }, (_, n) => {
    const session = `"SessionId":"00000000-0000-4000-8000-${String(n).padStart(12, '0')}"`;
    const at = 1_700_000_000 + 12 * n;
    const event = (type: string, position: number, seqNumber: number, timestamp: number) =>
      `{${ids},${session},"Type":"${type}","Position":${position},"SeqNumber":${seqNumber},"Timestamp":${timestamp}}`;
    return `${event('Stop', 2, 2 * n, at)}\n${event('Start', 0, 2 * n + 1, at + 10)}`;
  });
  const { diagnoses } = await reportOn(lines, { maxFindings: 1 });
  const { evidence, sessions, of } = diagnoses.find(({ diagnosis }) => diagnosis === 'stop-in-next-session')!;
  expect(evidence).toMatch(`Of a sample of ${formatNumber(of)} sessions: `);
  expect(of).toBeLessThanOrEqual(16_384);
  expect(sessions).toBeGreaterThan(0.8 * of);
});
