import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECORDER } from '../../src/recorder/source.js';
import { casesOf } from '../cases.js';
import { scripts } from './gestures.js';
import { deliveryProblemsOf, findings } from './judge.js';
import { recorderFrom } from './page.js';
import { runScript } from './script.js';
import type { Exchange } from './server.js';

/** `npm run trials -- recorder` runs 100,000. */
const RUNS = Number(process.env.RECORDER_RUNS ?? casesOf(500));
/** gzip on the command line needs some bytes more than zlib, and writes the file's name. */
const LIMIT = 2048 - 16 - 'omny-recorder.ts'.length;

const recorder = recorderFrom(RECORDER.javascript);

describe.each(['javascript', 'typescript'] as const)('the recorder in %s', (language) => {
  it('takes at most 2 KiB when compressed', () => {
    expect(gzipSync(RECORDER[language]).length).toBeLessThanOrEqual(LIMIT);
  });

  it('needs no package and no tool', () => {
    expect(RECORDER[language]).not.toMatch(/\bimport\b|\brequire\(|\bprocess\./);
  });
});

/** The rules judge what so many scripts sent as one player's data, in which a diagnosis would show. */
const POPULATION = 100;
/** Longer than any script takes. */
const APART_MS = 3 * 86_400_000;

describe('the recorder', () => {
  it(`reports what was played, in ${RUNS} random scripts of gestures`, { timeout: 10_800_000 }, async () => {
    let began = Date.UTC(2020, 0, 1);
    let pages = 0;
    let played = 0;
    let exchanges: Exchange[] = [];
    const found: string[] = [];
    const check = async () => {
      if (exchanges.length > 0) found.push(...(await findings(exchanges, began)));
      exchanges = [];
    };
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const outcome = await runScript(recorder, script, { began });
        expect(deliveryProblemsOf(outcome)).toEqual([]);
        exchanges.push(...outcome.exchanges.map((each) => ({ ...each, page: each.page + pages })));
        pages += POPULATION;
        began += APART_MS;
        for (const { from, to } of outcome.played) played += to - from;
        if (pages % POPULATION ** 2 === 0) await check();
      }),
      { numRuns: RUNS },
    );
    await check();
    expect(found).toEqual([]);
    if (process.env.RECORDER_RUNS)
      process.stdout.write(`${RUNS} scripts, ${Math.round(played / 3600)} h played\n`);
  });
});
