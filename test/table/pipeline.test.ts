import { describe, expect, it } from 'vitest';
import { type ReadOptions, readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';
import type { WireEvent } from '../../src/wire/event.js';
import { intervalsOf, rowsOf, shuffled, simulatedSessions, textOf } from './as-rows.js';

const NOW = 1_790_000_000;

/** What is said of a text that stands in a file of that name. */
function judged(name: string, text: string, options: Partial<ReadOptions> = {}) {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  return validate(readInputs([{ name, bytes }], options), { now: NOW });
}

/** Sound sessions, each its events. */
const SESSIONS = simulatedSessions({ seed: 7, sessions: 60 });
const PLAYED = SESSIONS.flatMap(intervalsOf).reduce(
  (sum, [start, stop]) => sum + stop.Position - start.Position,
  0,
);

const ids = ({ OrganizationId, ClipId, SessionId }: WireEvent) => ({ OrganizationId, ClipId, SessionId });

describe.each(['events', 'sessions', 'intervals'] as const)('rows of the shape %s', (shape) => {
  const rows = shuffled(rowsOf(shape, SESSIONS));

  it('are held on disk where memory does not hold them', async () => {
    const memory = { bytes: 4096, folder: process.env.TMPDIR ?? '/tmp' };
    const { summary } = await judged('plays.csv', textOf(rows, 'csv'), { shape, memory });
    expect(summary.playedSeconds).toBeCloseTo(PLAYED, 6);
  });
});

it.each(['events', 'pings'] as const)(
  'sessions of a single row of %s are judged by their reach',
  async (shape) => {
    const rows = SESSIONS.slice(0, 6).map(([start]) => ({
      ...ids(start!),
      ...(shape === 'events' && { Type: 'Start' }),
      Timestamp: start!.Timestamp,
      Position: 30,
      ClipDuration: 1800,
    }));
    const { findings } = await judged('rows.csv', textOf(rows, 'csv'), { shape, gap: 30 });
    expect(
      findings.filter(({ severity }) => severity === 'error').map(({ rule, place }) => [rule, place.line]),
    ).toEqual([['table-unit', 2]]);
  },
);

describe('what a table cannot say', () => {
  const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
  const head = 'ClipId,SessionId,StartedAt,StartPosition,EndPosition\n';

  it('is which rows belong to one session, without an id', async () => {
    await expect(judged('a.csv', 'ClipId,StartedAt,StartPosition,EndPosition\n')).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('which rows belong to one session?'),
    });
  });

  it('is that a --map that names nothing has an effect', async () => {
    const map = new Map([['ClipId', 'episode']]);
    await expect(judged('a.ndjson', '{"ClipId":"x"}\n', { map })).rejects.toMatchObject({ kind: 'input' });
  });

  it('is a second row of a session that says something else', async () => {
    const row = `${CLIP},a039f83d-1916-436b-a090-efbc08698506`;
    const text = `ClipId,SessionId,StartedAt,ListenedSeconds\n${row},1540270724,30\n${row},1540270724,31\n`;
    const { findings, summary } = await judged('a.csv', text);
    expect(findings.map(({ rule, hint }) => [rule, hint])).toContainEqual([
      'syntax',
      expect.stringContaining('--shape intervals'),
    ]);
    expect(summary.unreadable).toBe(1);
  });

  it('makes the same SessionIds of a key, in whatever order and form', async () => {
    const rows = [`${CLIP},7,1540270724,0,10`, `${CLIP},7,1540270744,20,30`, `${CLIP},8,1540270724,0,10`];
    const idsOf = async (text: string) => {
      const ids = new Set<string | null>();
      const { findings } = await judged('a.csv', text, {
        sessionKey: ['SessionId'],
        organization: CLIP.replace('9', '8'),
      });
      for (const { sessionId } of findings) ids.add(sessionId);
      return [...ids].toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
    };
    const usual = await idsOf(`${head}${rows.join('\n')}\n`);
    const other = await idsOf(`${head}${rows.toReversed().join('\n').replaceAll(',7,', ',7.0,')}\n`);
    expect(other).toEqual(usual);
  });

  it('is what an empty cell of a key means: its rows are a session of their own, which is told', async () => {
    const rows = ['7,web', '7,', ',', '8,web'].map((key, n) => `${CLIP},${key},${1540270724 + 60 * n},0,10`);
    const text = `ClipId,user,device,StartedAt,StartPosition,EndPosition\n${rows.join('\n')}\n`;
    const notes: string[] = [];
    const { summary } = await judged('a.csv', text, {
      sessionKey: ['user', 'device'],
      organization: CLIP.replace('9', '8'),
      onNote: (_, note) => notes.push(note),
    });
    expect(summary).toMatchObject({ sessions: 3, unreadable: 1 });
    expect(notes).toEqual([expect.stringMatching(/^1 row with an empty cell in user or device /)]);
  });
});
