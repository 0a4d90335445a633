import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import {
  compare,
  comparisonJson,
  exceeds,
  MEASURES,
  parseLimit,
  type Side,
  sideOf,
} from '../../src/report/compare/compare.js';
import { readSaved } from '../../src/report/compare/saved.js';
import { comparisonText } from '../../src/report/compare/text.js';
import { type Report, reportJson } from '../../src/report/output.js';
import { report, streamedReport } from '../../src/report/report.js';
import { NOW, recordsOf, sessions } from './sessions.js';

const NOTHING_FOUND = { sessions: 100, errors: 0, warnings: 0 };

function side(
  plays: number,
  filtered: number,
  completion: number,
  summary: Side['summary'] = NOTHING_FOUND,
): Side {
  return {
    minDuration: 10,
    totals: { verified: plays, filtered, totalSeconds: plays * 100 * completion, unreadable: 0 },
    clips: [
      {
        clipId: 'a',
        plays,
        filtered,
        totalSeconds: plays * 100 * completion,
        averageSeconds: 100 * completion,
        duration: 100,
        durationKnown: true,
        completion: { average: completion, max: 0.99 },
      },
    ],
    summary,
    behaviour: { sessions: 10, events: 40, pauses: 5, jumps: 2, open: 1 },
    diagnoses: 0,
  };
}

function ofClip(clipId: string, its: Side): Side {
  return { ...its, clips: Array.from(its.clips, (clip) => ({ ...clip, clipId })) };
}

function ofReport(figures: Report, summary: Side['summary']): Side {
  return {
    ...figures,
    clips: figures.clips.toSorted((a, b) => (a.clipId < b.clipId ? -1 : 1)),
    summary,
    behaviour: null,
    // Reports did not always tell them.
    diagnoses: null,
  };
}

/** What is told of a side beside another. */
function told(before: Side): unknown {
  return JSON.parse([...comparisonJson(compare(before, side(2, 1, 0.5)), [])].join(''));
}

describe('a comparison', () => {
  it('is the same whether its clips are in memory or on disk', async () => {
    const records = () => readInputs(['fixtures/report/as-documented/input.csv']);
    const figures = await streamedReport(records(), { now: NOW });
    const texts = [64 * 1024 * 1024, 0].map((bytes) => {
      const memory = { bytes, folder: tmpdir() };
      const before = sideOf(figures, { summary: NOTHING_FOUND, behaviour: null }, memory);
      const comparison = compare(before, side(7, 2, 0.5), memory);
      const text = [...comparisonJson(comparison, [])].join('');
      comparison.close();
      before.close();
      return text;
    });
    figures.close();
    expect(texts[0]).toBe(texts[1]);
    expect(JSON.parse(texts[0]!).clips).toHaveLength(figures.clips.length + 1);
  });

  it('tells the difference in every measure', () => {
    const { measures } = compare(
      side(90, 10, 0.8, { sessions: 100, errors: 3, warnings: 2 }),
      side(80, 20, 0.6, { sessions: 100, errors: 6, warnings: 4 }),
    );
    expect(measures).toMatchObject({
      pauses: { before: 0.5, after: 0.5, change: 0, relative: 0 },
      plays: { before: 90, after: 80, change: -10, relative: -0.111111111 },
      filtered: { before: 0.1, after: 0.2, change: 0.1, relative: 1 },
      average: { before: 80, after: 60, change: -20, relative: -0.25 },
      completion: { before: 0.8, after: 0.6, change: -0.2, relative: -0.25 },
      findings: { before: 0.05, after: 0.1, change: 0.05, relative: 1 },
    });
  });

  it.each([
    ['after stops at half', [1200, false, 1], [600, false, 1], 1, 0.5, false],
    ['one of 21 goes twice as far', [1200, false, 1], [2400, false, 0.5], 0.5, 0.5, false],
    ['after alone tells the duration', [600, false, 1], [2400, true, 0.5], 0.25, 0.5, true],
    ['both tell one', [2400, true, 0.5], [1800, true, 0.5], 0.5, 0.375, true],
  ] as const)('holds both sides against one duration: %s', (_, before, after, was, is, known) => {
    const of = ([duration, durationKnown, average]: readonly [number, boolean, number]): Side => {
      const [clip] = [...side(20, 0, average).clips];
      const heard = { totalSeconds: 20 * duration * average, averageSeconds: duration * average };
      return { ...side(20, 0, 1), clips: [{ ...clip!, ...heard, duration, durationKnown }] };
    };
    const comparison = compare(of(before), of(after));
    expect(comparison.measures.completion).toMatchObject({ before: was, after: is });
    expect(comparison.guessedDurations).toBe(known ? 0 : 1);
    const options = { before: 'a', after: 'b', colors: new Chalk({ level: 0 }), columns: null, all: false };
    const text = [...comparisonText(comparison, options)].join('');
    expect(text.includes('~')).toBe(!known);
  });

  it('of an input with itself finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(sessions, async (all) => {
        const its = ofReport(await report(recordsOf(all), { now: NOW }), NOTHING_FOUND);
        const comparison = compare(its, its);
        const all5 = [
          ...Object.values(comparison.measures),
          ...[...comparison.clips].flatMap(({ plays, average, completion }) => [plays, average, completion]),
        ];
        for (const { before, change, relative } of all5) {
          expect([change, relative]).toEqual(before === null ? [null, null] : [0, 0]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('puts clips that only one side has beside nothing', () => {
    const after = ofClip('b', side(5, 0, 1));
    const clips = [...compare(side(9, 0, 0.5), after).clips];
    expect(clips.map(({ clipId, plays }) => [clipId, plays.before, plays.after])).toEqual([
      ['a', 9, 0],
      ['b', 0, 5],
    ]);
    expect(clips[0]?.completion).toEqual({ before: 0.5, after: null, change: null, relative: null });
  });

  it('of a saved report is that of its input', async () => {
    const figures = await report(readInputs(['fixtures/report/as-documented/input.csv']), { now: NOW });
    const saved = await readSaved('fixtures/report/saved.json');
    expect(saved).not.toBeNull();
    if (saved) expect(told(saved)).toEqual(told(ofReport(figures, null)));
  });

  it('counts diagnoses, also those of a saved report', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omny-consume-compare-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'saved.json');
    const lines = readFileSync('fixtures/diagnoses/position-stuck/reported-three-of-four.ndjson');
    const stuck = await report(readInputs([{ name: 'stuck', bytes: Readable.from([lines]) }]), { now: NOW });
    writeFileSync(file, [...reportJson(stuck)].join(''));
    const saved = await readSaved(file);
    const limit = parseLimit('diagnoses>0');
    if (!saved || !limit) throw new Error('expected a saved report and a limit');
    expect(compare(side(4, 0, 1), saved).measures.diagnoses).toEqual({
      before: 0,
      after: 1,
      change: 1,
      relative: null,
    });
    expect(exceeds(compare(side(4, 0, 1), saved), limit)).toBe(true);
    expect(exceeds(compare(saved, saved), limit)).toBe(false);
  });

  it('takes no listening data for a saved report', async () => {
    expect(await readSaved('fixtures/document/curl-body.json')).toBeNull();
    expect(await readSaved('fixtures/demo/plays.csv')).toBeNull();
    expect(await readSaved('fixtures/no-such-file')).toBeNull();
    expect(await readSaved('fixtures')).toBeNull();
  });

  it('lets no id steer the terminal', () => {
    const hostile = ofClip('\u001b[31m', side(1, 0, 1));
    const options = { before: 'a', after: 'b', colors: new Chalk({ level: 0 }), columns: null, all: false };
    const text = [...comparisonText(compare(hostile, hostile), options)].join('');
    expect(text).toContain('\\u001b[31m');
    expect(text).not.toContain('\u001b');
  });
});

describe('a limit', () => {
  const before = side(100, 0, 1, { sessions: 100, errors: 0, warnings: 10 });
  const after = side(95, 5, 0.95, { sessions: 100, errors: 5, warnings: 15 });

  it.each([
    ['completion<-5%', false, 'exactly 5 % less is not more than 5 % less'],
    ['completion<=-5%', true, 'at least 5 % less'],
    ['completion<-4.9%', true, 'more than 4.9 % less'],
    ['completion<-0.04', true, 'a difference of 0.05'],
    ['completion>0', false, 'it fell'],
    ['plays<-5', false, 'five fewer'],
    ['plays<-4', true, 'more than four fewer'],
    [' plays < -4.5 % ', true, 'spaces are fine'],
    ['filtered>0.04', true, 'from none to 5 of 100'],
    ['filtered>1000%', true, 'from nothing to something is without measure'],
    ['average<-6%', true, '95 s times 95 plays, 9.0 s less a play'],
    ['findings>+50%', true, 'from 0.1 to 0.2 a session'],
    ['findings>=100%', true, 'twice as many'],
    ['findings>100%', false, 'and not more'],
  ])('%s: %s (%s)', (text, failed) => {
    const limit = parseLimit(text);
    const shorter = { ...after, totals: { ...after.totals, totalSeconds: 95 * 91 } };
    expect(limit && exceeds(compare(before, shorter), limit)).toBe(failed);
  });

  it.each([
    '',
    'completion',
    'completion<',
    '<5',
    'completion<5%%',
    'Completion<5',
    'completion=5',
    'completion<five',
    'plays<1e3',
  ])('%j is none', (text) => expect(parseLimit(text)).toBeNull());

  it('fails where the change cannot be told', () => {
    const nothing = { ...side(0, 0, 0), behaviour: null, diagnoses: null };
    for (const measure of MEASURES.filter((name) => name !== 'plays' && name !== 'findings')) {
      const limit = parseLimit(`${measure}<-5%`);
      expect(limit && exceeds(compare(before, nothing), limit)).toBe(true);
    }
  });
});
