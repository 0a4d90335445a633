import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECORDER } from '../../src/recorder/source.js';
import { casesOf } from '../cases.js';
import { FOUND_SCRIPTS } from './found-scripts.js';
import { scripts } from './gestures.js';
import { deliveryProblemsOf, problemsOf } from './judge.js';
import { recorderFrom } from './page.js';
import { findingsTogether, type Member } from './population.js';
import { runScript } from './script.js';

/** `npm run trials -- recorder` runs 100,000. */
const RUNS = Number(process.env.RECORDER_RUNS ?? casesOf(1000));
/** gzip on the command line needs some bytes more than zlib, and writes the file's name. */
const LIMIT = 2048 - 16 - 'omny-recorder.ts'.length;

const { seed } = fc.readConfigureGlobal();
const recorder = recorderFrom(RECORDER.javascript);

describe.each(['javascript', 'typescript'] as const)('the recorder in %s', (language) => {
  it('takes at most 2 KiB when compressed', () => {
    expect(gzipSync(RECORDER[language]).length).toBeLessThanOrEqual(LIMIT);
  });

  it('needs no package and no tool', () => {
    expect(RECORDER[language]).not.toMatch(/\bimport\b|\brequire\(|\bprocess\./);
  });
});

/** So many scripts are judged as one player's data. */
const POPULATION = 100;
/** Longer than any script takes. */
const APART_MS = 3 * 86_400_000;

describe('the recorder', () => {
  it.each(Object.entries(FOUND_SCRIPTS))('reports what was played: %s', async (_, script) => {
    expect(await problemsOf(await runScript(recorder, script))).toEqual([]);
  });

  it(`reports what was played, in ${RUNS} random scripts of gestures`, { timeout: 10_800_000 }, async () => {
    let began = Date.UTC(2020, 0, 1);
    let count = 0;
    let played = 0;
    let members: Member[] = [];
    const found: string[] = [];
    const judge = async () => {
      const its = await findingsTogether(recorder, members);
      const which = `scripts ${count - members.length + 1} to ${count} of seed ${seed}`;
      found.push(...its.map((finding) => `${which}: ${finding}`));
      members = [];
    };
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const outcome = await runScript(recorder, script, { began });
        expect(deliveryProblemsOf(outcome)).toEqual([]);
        members.push({ script, ...outcome });
        count += 1;
        began += APART_MS;
        for (const { from, to } of outcome.played) played += to - from;
        if (members.length === POPULATION) await judge();
      }),
      { numRuns: RUNS },
    );
    await judge();
    expect(found).toEqual([]);
    if (process.env.RECORDER_RUNS)
      process.stdout.write(`${RUNS} scripts of seed ${seed}, ${Math.round(played / 3600)} h played\n`);
  });
});
