import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../src/domain/finding.js';
import { BUG_IDS, type BugId, PLACEMENTS, toldOf, toldOfValid } from './matrix.js';
import { VALID_PLAYERS } from './valid-players.js';

/** The page whose tables are to be written again: the long form, `npm run trials -- diagnoses`. */
const PAGE = process.env.DIAGNOSES_PAGE;
const SIZES =
  PAGE === undefined ? [50, 500] : (process.env.DIAGNOSES_SIZES ?? '50,500,5000').split(',').map(Number);
const SHARES = [1, 0.2, 0.03] as const;
const LONG = 3_600_000;

/** Of valid players, which rules find an error or a warning, in which share of the sessions at most, and why. */
const EXPECTED: Readonly<Record<string, readonly [rule: RuleId, share: number, why: string]>> = {
  'a clock that is set back': ['timestamp-reversed', 0.04, 'one in 50 pauses has the clock set back in it'],
  'killed apps': [
    'session-open',
    0.04,
    'one session in 50 ends with the app: what was heard last is not known',
  ],
};

const sharesOf = new Map<string, string>();

describe('of a valid player nothing is told', () => {
  it.each(Object.keys(VALID_PLAYERS))(
    '%s',
    async (name) => {
      const [rule, most] = EXPECTED[name] ?? [];
      for (const sessions of SIZES) {
        const { diagnoses, shares } = await toldOfValid(name, sessions, 7);
        expect(diagnoses).toEqual([]);
        expect(Object.keys(shares).filter((other) => other !== rule)).toEqual([]);
        const share = rule === undefined ? 0 : (shares[rule] ?? 0);
        expect(share).toBeLessThanOrEqual(most ?? 0);
        sharesOf.set(name, rule === undefined ? 'none' : `\`${rule}\` in ${(100 * share).toFixed(1)} %`);
      }
    },
    LONG,
  );
});

/** In how few sessions the bug is told however they are placed: in every second of 500, unless more is needed. */
const NEEDS: Readonly<Partial<Record<BugId, number>>> = {
  'session-ended-by-pause': 1,
  'pauses-not-reported': 1,
  'seeks-not-reported': 1,
};

describe('a bug is told', () => {
  it.each(BUG_IDS)(
    '%s: in all of 500 sessions, and in 100 of one Source, and nothing else is',
    async (bug) => {
      expect(await toldOf(bug, 500, 1, 'spread', 3)).toEqual([bug]);
      // So few hardly jump far enough.
      const partly = await toldOf(bug, 500, 0.2, 'one Source', 3);
      expect(partly).toEqual(bug === 'seeks-not-reported' ? [] : [bug]);
      expect(await toldOf(bug, 500, 0.5, 'spread', 3)).toEqual(NEEDS[bug] === 1 ? [] : [bug]);
    },
    LONG,
  );
});

it.runIf(PAGE !== undefined)(
  'the tables of the page',
  async () => {
    const rows: string[] = [];
    for (const bug of BUG_IDS) {
      const cells: string[] = [];
      for (const sessions of SIZES) {
        for (const share of SHARES) {
          const told: boolean[] = [];
          for (const placement of PLACEMENTS)
            told.push((await toldOf(bug, sessions, share, placement, 3)).includes(bug));
          cells.push(told.every(Boolean) ? 'yes' : PLACEMENTS.filter((_, i) => told[i]).join(', ') || 'no');
        }
      }
      rows.push(`| ${bug} | ${cells.join(' | ')} |`);
    }
    const head = SIZES.flatMap((sessions) =>
      SHARES.map((share) => `${Math.round(100 * share)} % of ${sessions.toLocaleString('en-US')}`),
    );
    const valid = Object.keys(VALID_PLAYERS).map(
      (name) => `| ${name} | none | ${sharesOf.get(name)}${EXPECTED[name] ? `: ${EXPECTED[name][2]}` : ''} |`,
    );
    const text = [
      `| bug | ${head.join(' | ')} |`,
      `|---|${head.map(() => '---|').join('')}`,
      ...rows,
      '',
      '| valid player | diagnoses | warnings and errors |',
      '|---|---|---|',
      ...valid,
    ].join('\n');
    const [begin, end] = ['<!-- npm run trials writes these tables -->\n', '<!-- end of the tables -->'];
    const page = readFileSync(PAGE!, 'utf8');
    const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
    writeFileSync(PAGE!, `${page.slice(0, from)}\n${text}\n\n${page.slice(to)}`);
  },
  LONG,
);
