import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeGuid } from '../../src/domain/guid.js';
import { ClipTable, type ClipTableOptions } from '../../src/report/clip-table.js';
import { NumberList, type Play } from '../../src/report/play.js';
import { memoryBudget } from '../../src/sessions/memory.js';
import { casesOf } from '../cases.js';

const CLIPS = ['9b5c82f7-74cf-4841-a870-a670017cc8eb', 'e5a2f0cd-64a1-49b1-a57c-aa1c00b6a3d2'] as const;

const play = fc.record({
  clip: fc.nat(1),
  from: fc.nat(300_000),
  length: fc.nat(300_000),
  skip: fc.nat(400_000),
});
type Drawn = typeof play extends fc.Arbitrary<infer T> ? T : never;

function played({ from, length, skip }: Drawn, i: number): Play {
  const parts = listOf(from, from + length);
  const stopMs = from + length;
  return {
    sessionId: `session ${i}`,
    playedMs: length,
    heardMs: length,
    startMs: from,
    stopMs,
    farthestMs: stopMs,
    parts,
    skips: listOf(skip),
  } as Partial<Play> as Play;
}

function listOf(...numbers: number[]): NumberList {
  const list = new NumberList();
  for (const number of numbers) list.push(number);
  return list;
}

type Case = Partial<ClipTableOptions> & { readonly durationMs: number | null; readonly late: boolean };

function tableOf(plays: readonly Drawn[], { durationMs, late, ...options }: Case): unknown {
  const table = new ClipTable({ binMs: 1000, minPlayedMs: 10_000, memory: memoryBudget(), ...options });
  const ids = new Uint32Array(4);
  for (const [i, each] of plays.entries()) {
    writeGuid(CLIPS[each.clip]!, ids, 0);
    table.add(played(each, i), ids, 0, () => (late ? undefined : durationMs));
  }
  const { clips, sums } = table.end(() => durationMs);
  const told = [[...clips], [...clips], clips.length, clips.durationsKnown, sums];
  table.close();
  return told;
}

describe('clips', () => {
  it('have the same figures whether their plays are kept, counted, or on disk', () => {
    const plays = fc.array(play, { maxLength: 150 });
    const durations = fc.constantFrom(null, 200_500, 1_000_000);
    fc.assert(
      fc.property(plays, durations, (all, durationMs) => {
        const kept = tableOf(all, { durationMs, late: false });
        for (const late of [false, true]) {
          expect(tableOf(all, { durationMs, late, leastLog: 0 })).toEqual(kept);
          expect(tableOf(all, { durationMs, late, memory: memoryBudget(0) })).toEqual(kept);
          expect(tableOf(all, { durationMs, late, leastLog: 0, memory: memoryBudget(0.05) })).toEqual(kept);
        }
      }),
      { numRuns: casesOf(30) },
    );
  });
});
