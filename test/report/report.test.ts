import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClipFigures } from '../../src/report/output.js';
import { report } from '../../src/report/report.js';
import { memoryBudget } from '../../src/sessions/memory.js';
import { casesOf } from '../cases.js';
import { SESSIONS, session } from '../rules/listening.js';
import { applied, mistakes } from '../rules/mistakes.js';
import { asRecords } from '../rules/run.js';
import { shuffled } from '../rules/scenario.js';
import { expectSame } from '../same.js';
import { naiveReport } from './naive.js';
import { CLIPS, NOW, recordsOf, sessions } from './sessions.js';

const order = fc.array(fc.nat(50), { minLength: 1, maxLength: 12 });
const binMs = fc.constantFrom(1000, 10_000, 700, 333, 2500, 30_000, 7000);
const known = fc
  .tuple(fc.subarray([...CLIPS]), fc.integer({ min: 10_000, max: 90_000 }))
  .map(([clips, ms]) => new Map(clips.map((clip) => [clip, ms])));

const inSeconds = (durations: ReadonlyMap<string, number>) =>
  new Map([...durations].map(([clip, ms]) => [clip, ms / 1000]));

describe('the figures', () => {
  it('are those of the plain reading of the contract, in whatever order events and sessions come', async () => {
    const cases = fc.record({
      sessions,
      order,
      binMs,
      known,
      minMs: fc.constantFrom(10_000, 0, 60_000, 3000),
      includeInvalid: fc.boolean(),
      memory: fc.constantFrom(memoryBudget(), memoryBudget(0)),
    });
    await fc.assert(
      fc.asyncProperty(
        cases,
        async ({
          sessions: all,
          order: keys,
          binMs: bin,
          known: durations,
          minMs,
          includeInvalid,
          memory,
        }) => {
          const figures = await report(recordsOf(all, keys), {
            now: NOW,
            bin: bin / 1000,
            minDuration: minMs / 1000,
            includeInvalid,
            diagnose: false,
            memory,
            clipDurations: inSeconds(durations),
          });
          expectSame(figures, naiveReport(all, { binMs: bin, minMs, includeInvalid, durations }));
        },
      ),
      { numRuns: casesOf(300) },
    );
  });

  it('do not depend on the order of events of broken sessions either', async () => {
    const broken = fc.tuple(
      ...SESSIONS.map((id) =>
        fc.tuple(session(id), mistakes).map(([events, made]) => made.reduce(applied, events)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(broken, order, fc.boolean(), async (all, keys, includeInvalid) => {
        const events = all.flat().map((value) => ({ kind: 'event' as const, value }));
        const options = { now: NOW, bin: 60, includeInvalid };
        const outcome = (inputs: typeof events) =>
          report(asRecords(inputs), options).catch((error: Error) => error.name);
        expect(await outcome(shuffled(events, keys))).toEqual(await outcome(events));
      }),
      { numRuns: casesOf(120) },
    );
  });

  it('of a whole are the sums of each session’s own, and of two halves', async () => {
    const durations = new Map(CLIPS.map((clip, i) => [clip as string, 40 + i * 7.5]));
    await fc.assert(
      fc.asyncProperty(sessions, fc.nat(8), binMs, async (all, cut, bin) => {
        const figures = (part: typeof all) =>
          report(recordsOf(part), { now: NOW, bin: bin / 1000, clipDurations: durations });
        const whole = await figures(all);
        const alone = await Promise.all(all.map((one) => figures([one])));
        const halves = await Promise.all([figures(all.slice(0, cut)), figures(all.slice(cut))]);
        for (const parts of [alone, halves]) {
          for (const clip of whole.clips) {
            const its = parts.flatMap((part) => part.clips.filter(({ clipId }) => clipId === clip.clipId));
            expect(countsOf(clip)).toEqual(its.map(countsOf).reduce(added));
          }
          for (const total of [
            'sessions',
            'verified',
            'verified60',
            'filtered',
            'invalidSessions',
          ] as const) {
            expect(whole.totals[total]).toBe(parts.reduce((sum, part) => sum + part.totals[total], 0));
          }
        }
      }),
      { numRuns: casesOf(100) },
    );
  });

  it('have no more than 200,000 bins a clip', async () => {
    const far = fc.sample(sessions, { numRuns: 1, seed: 1 })[0]?.[0];
    if (!far) throw new Error('nothing drawn');
    const told = {
      ...far,
      from: 1,
      body: false,
      events: [
        { type: 'Start', ms: 0, at: 1733047200 },
        { type: 'Stop', ms: 200_001_000, at: 1733347200 },
      ] as const,
    };
    const figures = (bin: number) => report(recordsOf([{ ...told, told: undefined }]), { now: NOW, bin });
    await expect(figures(1)).rejects.toThrow(
      /200,000 bins of 1 s, received 200,001.*session 0000.*Stop at 200001 s/s,
    );
    await expect(figures(1)).rejects.toMatchObject({
      kind: 'usage',
      advice: expect.stringMatching(/--bin.*--clips/),
    });
    expect((await figures(1.001)).clips[0]?.retention).toHaveLength(199_802);
    await expect(report(recordsOf([{ ...told, told: 300_000_000 }]), { now: NOW })).rejects.toThrow(
      /it lasts 300000 s/,
    );
  });

  it('name 1,000 Sources, and count the rest together', async () => {
    const [one] = fc.sample(sessions, { numRuns: 1, seed: 2 })[0] ?? [];
    if (!one) throw new Error('nothing drawn');
    const many = Array.from({ length: 1005 }, (_, i) => ({
      ...one,
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      body: true,
      source: i === 0 ? 'x'.repeat(100_000) : `source ${i}`,
    }));
    const { totals } = await report(recordsOf(many), { now: NOW });
    expect(Object.keys(totals.sources)).toHaveLength(1001);
    expect(totals.sources['(other)']).toBe(5);
    expect(totals.sources[`${'x'.repeat(200)}…`]).toBe(1);
  });

  it('take a Source for a name, whatever it is', async () => {
    const [one] = fc.sample(sessions, { numRuns: 1, seed: 2 })[0] ?? [];
    if (!one) throw new Error('nothing drawn');
    const { totals } = await report(recordsOf([{ ...one, body: true, source: '__proto__' }]), { now: NOW });
    expect(JSON.stringify(totals.sources)).toBe('{"__proto__":1}');
  });
});

type CountsOf = Readonly<Record<string, readonly number[]>>;

function countsOf(clip: ClipFigures): CountsOf {
  const { plays, verified60, filtered, totalSeconds, completion, retention, startAt, dropOff, skips } = clip;
  const sums = [
    plays,
    verified60,
    filtered,
    Math.round(totalSeconds * 1000),
    ...Object.values(completion.reached),
  ];
  return { sums, retention, startAt, dropOff, skips };
}

function added(a: CountsOf, b: CountsOf): CountsOf {
  return Object.fromEntries(
    Object.entries(a).map(([name, numbers]) => [name, numbers.map((n, i) => n + (b[name]?.[i] ?? 0))]),
  );
}
