import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORDER } from '../../src/recorder/source.js';
import { casesOf } from '../cases.js';
import { scripts } from './gestures.js';
import { applied, type Mutant } from './mutants/define.js';
import { MUTANTS } from './mutants/index.js';
import { EQUIVALENT, idsIn, NOT_NAMED } from './mutants/known.js';
import { recorderFrom } from './page.js';
import { forMock, playScripts, playTour, playTours } from './trial.js';

const TRIALS = new URL('../../docs/trials.md', import.meta.url);
/** `npm run trials -- recorder-mutants` plays each mutant the tours and 12 random scripts, and the recorder 1,000. */
const IS_LONG = process.env.RECORDER_MUTANTS === 'all';
const SCRIPTS = IS_LONG ? 1000 : casesOf(25);
const SCRIPTS_OF_A_MUTANT = 12;

const ALL = Object.values(MUTANTS).flat();
const recorder = recorderFrom(RECORDER.javascript);
const drawn = (count: number) => fc.sample(scripts, { numRuns: count, seed: 77 }).map(forMock);
const mutated = (mutant: Mutant) => recorderFrom(applied(mutant, RECORDER.javascript));

/** Mutants that a short run plays, each with the tour, from 0, in which it shows. */
const SHORT: Readonly<Record<string, number>> = {
  'start-twice': 0,
  'seek-is-over': 0,
  'start-not-set': 0,
  ms: 1,
  negative: 1,
  'ms-stamps': 1,
  'at-flush': 1,
  'from-0': 1,
  'counter-kept': 1,
  'per-interval': 1,
  'id-of-page': 1,
  'id-of-clip': 1,
  'string-beacon': 2,
  'not-completed': 1,
  'no-last-stop': 1,
  'last-stop-twice': 1,
  'queue-twice': 1,
  'not-deleted': 3,
  'retry-lost': 3,
  'off-ignored': 4,
};

/** Promises of a mutant that nobody waits for may fail: that ends no page. */
const ignore = () => {};
beforeAll(() => {
  process.on('unhandledRejection', ignore);
});
afterAll(() => {
  process.off('unhandledRejection', ignore);
});

it('each mutant changes a text that the recorder has once', () => {
  const problems = ALL.flatMap((mutant) => {
    try {
      mutated(mutant);
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
  expect(problems).toEqual([]);
  expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
});

it('docs/trials.md lists those of which nothing is called wrong', () => {
  const page = readFileSync(TRIALS, 'utf8');
  const ids = new Set(ALL.map(({ id }) => id));
  for (const [why, its] of Object.entries(NOT_NAMED)) {
    expect(page).toContain(why);
    for (const id of its) {
      expect(ids).toContain(id);
      expect(page).toContain(`\`${id}\``);
    }
  }
  for (const id of idsIn(EQUIVALENT)) expect(ids).toContain(id);
});

describe('a mock that keeps a sheet', () => {
  it('calls nothing of the recorder wrong in the tours, and sees what they show', async () => {
    const { wrong, right } = await playTours(recorder);
    expect(wrong).toEqual([]);
    expect(new Set(right.map((id) => id.replace(/ .*/, ''))).size).toBeGreaterThanOrEqual(18);
  });

  it(`calls nothing of it wrong in ${SCRIPTS} random scripts`, { timeout: 3_600_000 }, async () => {
    expect((await playScripts(recorder, drawn(SCRIPTS))).wrong).toEqual([]);
  });

  it.each(Object.entries(SHORT))('calls something of %s wrong', async (id, tour) => {
    const mutant = ALL.find((each) => each.id === id)!;
    expect((await playTour(mutated(mutant), tour)).wrong).not.toEqual([]);
  });

  it.runIf(IS_LONG)(
    'names something of nearly all mutants, where what the tours play is required: wrong, or required and not seen',
    { timeout: 7_200_000 },
    async () => {
      const shows = (await playTours(recorder)).right;
      const [equivalent, known] = [idsIn(EQUIVALENT), idsIn(NOT_NAMED)];
      const counted = ALL.filter(({ id }) => !equivalent.has(id));
      const [notSeen, nothing]: [string[], string[]] = [[], []];
      for (const mutant of counted) {
        const source = mutated(mutant);
        const { wrong, right } = await playTours(source);
        if (wrong.length > 0) continue;
        if ((await playScripts(source, drawn(SCRIPTS_OF_A_MUTANT))).wrong.length > 0) continue;
        (shows.some((id) => !right.includes(id)) ? notSeen : nothing).push(mutant.id);
      }
      const share = (count: number) => `${((100 * count) / counted.length).toFixed(1)} %`;
      const named = counted.length - notSeen.length - nothing.length;
      process.stdout.write(
        `${counted.length} mutants: ${counted.length - nothing.length} named (${share(counted.length - nothing.length)}), ${named} as wrong (${share(named)}) and ${notSeen.length} as required and not seen; 0 false in ${SCRIPTS} scripts\n`,
      );
      expect([...notSeen, ...nothing].filter((id) => !known.has(id))).toEqual([]);
      expect(counted.length - nothing.length).toBeGreaterThanOrEqual(0.95 * counted.length);
    },
  );
});
