import { basename } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, deepest } from './buried.js';
import { caseSize, shrunkFrom, verdictOf } from './shrunk.js';

/** SHRINK_SESSIONS=1000 buries every fixture among a thousand sessions; else a few of them, among fewer. */
const SESSIONS = Number(process.env.SHRINK_SESSIONS ?? 100);
const LONG = SESSIONS >= 1000;
const EVERY = LONG ? 1 : 12;

describe('a fixture among valid sessions', () => {
  const told = { fixtures: 0, deep: 0, checks: 0, stopped: 0, smaller: 0 };
  const some = CASES.filter((_, n) => n % EVERY === 0);

  it.each(some.map((tried) => [`${tried.target.id}/${basename(tried.name)}`, tried] as const))(
    'shrinks to at most the size of %s',
    async (_, tried) => {
      const found = await deepest(tried, SESSIONS);
      expect(found, 'it shows among no sessions').not.toBeNull();
      const shrunk = await shrunkFrom(found!.case);
      expect(shrunk).not.toBeNull();
      const { size, again, kept, checks, stopped } = shrunk!;
      const wanted = caseSize(tried);
      expect(size.requests).toBeLessThanOrEqual(wanted.requests);
      expect(size.sessions).toBeLessThanOrEqual(wanted.sessions);
      expect(size.events).toBeLessThanOrEqual(wanted.events);
      expect(kept).toEqual([]);
      const [before, after] = [await verdictOf(found!.case), await verdictOf(again)];
      expect([...after.errors].filter((rule) => !before.errors.has(rule))).toEqual([]);
      told.fixtures += 1;
      told.deep += found!.sessions === SESSIONS ? 1 : 0;
      told.checks = Math.max(told.checks, checks);
      told.stopped += stopped ? 1 : 0;
      told.smaller += size.events < wanted.events ? 1 : 0;
    },
    600_000,
  );

  afterAll(() => {
    const { fixtures, deep, checks, stopped, smaller } = told;
    process.stdout.write(
      `${fixtures} fixtures shrunk, ${deep} of them from among ${SESSIONS} sessions, ${smaller} to fewer events than the fixture has; at most ${checks} checks, ${stopped} stopped early\n`,
    );
  });
});
