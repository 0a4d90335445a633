import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.js';
import { judge } from './judge.js';
import { type SimulatedTable, simulatedTable, type TableSettings } from './simulated-tables.js';

/** How many valid tables are judged. */
const VALID_TABLES = Number(process.env.VALID_TABLES ?? casesOf(500));
/** Other tables than those that each run judges. */
const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1);
const WRONG_TABLES = Math.max(20, Math.floor(VALID_TABLES * 0.12));

describe('a valid table', () => {
  it(`draws nothing, in ${VALID_TABLES} tables`, { timeout: 120_000 + VALID_TABLES * 1000 }, () => {
    const wrong: unknown[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + VALID_TABLES; seed += 1) {
      const table = simulatedTable(seed);
      const judgement = judge(table);
      const { findings, repeated, unreadable } = judgement;
      if (findings.length + unreadable > 0 || repeated)
        wrong.push({ seed, kind: table.kind, rows: table.rows.length, header: table.header, ...judgement });
    }
    expect(wrong).toEqual([]);
  });
});

describe('a valid table of intervals without end times, with pauses of half a day', () => {
  it.each([403_208, 500_215, 505_924, 506_971])('draws nothing (seed %i)', (seed) => {
    expect(judge(simulatedTable(seed)).findings).toEqual([]);
  });
});

const AMOUNTS: Readonly<Record<SimulatedTable['kind'], readonly string[]>> = {
  sessions: ['ListenedSeconds'],
  segments: ['Segments'],
  intervals: ['StartPosition', 'EndPosition'],
  pings: ['Position'],
  events: ['Position'],
};

/** The table with its amounts (all of one unit option; positions in Segments, too) times a factor. */
function scaled(table: SimulatedTable, factor: number): SimulatedTable {
  const times = (amount: string): string => String(Number((Number(amount) * factor).toFixed(6)));
  const indexes = AMOUNTS[table.kind].map((column) => table.header.indexOf(column));
  return {
    ...table,
    rows: table.rows.map((row) =>
      row.map((cell, index) =>
        indexes.includes(index)
          ? cell.replaceAll(
              /(^|;)([\d.]+)(-?)([\d.]*)/g,
              (_, before: string, from: string, dash: string, to: string) =>
                `${before}${times(from)}${dash}${to && times(to)}`,
            )
          : cell,
      ),
    ),
  };
}

/** The share of tables with a wrong unit that are found. */
function foundShare(settings: TableSettings): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const [name, factor] of [
    ['x1000', 1000],
    ['x60', 60],
    ['/60', 1 / 60],
    ['/1000', 1 / 1000],
  ] as const) {
    let found = 0;
    for (let seed = 1; seed <= WRONG_TABLES; seed += 1) {
      const table = simulatedTable(seed * 7919, settings);
      if (judge(scaled(table, factor)).findings.length > 0) found += 1;
    }
    shares[name] = found / WRONG_TABLES;
  }
  return shares;
}

describe('a wrong unit', () => {
  it.each<[string, number, TableSettings]>([
    ['end times, sessions', 0.95, { kind: 'sessions', endTimes: true, durations: false }],
    ['end times, intervals', 0.95, { kind: 'intervals', endTimes: true, durations: false }],
    ['end times, segments', 0.95, { kind: 'segments', endTimes: true, durations: false }],
    ['end times, events', 0.95, { kind: 'events', durations: false }],
    ['durations alone, sessions', 0.75, { kind: 'sessions', endTimes: false, durations: true }],
    ['durations alone, segments', 0.75, { kind: 'segments', endTimes: false, durations: true }],
    ["the next row's start, intervals", 0.7, { kind: 'intervals', endTimes: false, durations: false }],
    ['the next ping', 0.7, { kind: 'pings', endTimes: false, durations: false }],
  ])('is found with %s', { timeout: 120_000 + VALID_TABLES * 1000 }, (name, least, settings) => {
    const shares = foundShare({ ...settings, sessions: [10, 300] });
    const mean = Object.values(shares).reduce((sum, share) => sum + share, 0) / 4;
    if (process.env.TABLES_LOG)
      appendFileSync(
        process.env.TABLES_LOG,
        `${name}: ${(100 * mean).toFixed(1)} % ${JSON.stringify(shares)}\n`,
      );
    expect(mean, JSON.stringify(shares)).toBeGreaterThanOrEqual(least);
  });
});
