import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECORDER } from '../../src/recorder/source.js';
import { casesOf } from '../cases.js';
import { scripts } from './gestures.js';
import { problemsOf } from './judge.js';
import { recorderFrom } from './page.js';
import { runScript } from './script.js';

/** `npm run trials -- recorder` runs 100,000. */
const RUNS = Number(process.env.RECORDER_RUNS ?? casesOf(500));
/** gzip on the command line needs some bytes more than zlib. */
const LIMIT = 2048 - 16;

const recorder = recorderFrom(RECORDER.javascript);

describe.each(['javascript', 'typescript'] as const)('the recorder in %s', (language) => {
  it('takes at most 2 KiB when compressed', () => {
    expect(gzipSync(RECORDER[language]).length).toBeLessThanOrEqual(LIMIT);
  });

  it('needs no package and no tool', () => {
    expect(RECORDER[language]).not.toMatch(/\bimport\b|\brequire\(|\bprocess\./);
  });
});

describe('the recorder', () => {
  it(`reports what was played, in ${RUNS} random scripts of gestures`, { timeout: 10_800_000 }, async () => {
    const playedSeconds = { total: 0 };
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const outcome = await runScript(recorder, script);
        expect(await problemsOf(outcome)).toEqual([]);
        for (const { from, to } of outcome.played) playedSeconds.total += to - from;
      }),
      { numRuns: RUNS },
    );
    if (process.env.RECORDER_RUNS)
      process.stdout.write(`${RUNS} scripts, ${Math.round(playedSeconds.total / 3600)} h played\n`);
  });
});
