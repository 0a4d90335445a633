import { describe, expect, it } from 'vitest';
import { ExportRepeatedTally, RepeatedRuns } from '../../src/table/plausibility/export-repeated.js';
import { Draw } from './draw.js';

type Row = readonly [clip: string, startedAt: number, listened: string];

const found = (rows: readonly Row[]) => {
  const tally = new ExportRepeatedTally([1]);
  rows.forEach(([clip, startedAt, listened], index) => {
    tally.add([clip, String(startedAt), listened], startedAt * 1000, index + 2);
  });
  return tally.found();
};

const FROM = 1_772_442_000;

/** Partial listens at any second. */
const partial = (n: number, seed = 1): Row[] => {
  const draw = new Draw(seed);
  return Array.from({ length: n }, () => [
    draw.pick(['a', 'b', 'c']),
    FROM + draw.whole(0, 600_000),
    draw.between(1, 2000).toFixed(1),
  ]);
};

describe('an export appended to itself', () => {
  it('is found, and where', () => {
    const rows = partial(40);
    expect(found(rows)).toBeUndefined();
    expect(found([...rows, ...rows])).toMatchObject({ kind: 'order', rows: 40, line: 42, earlierLine: 2 });
    expect(found([...partial(30, 2), ...rows, ...rows.slice(10, 35)])).toMatchObject({
      line: 72,
      earlierLine: 42,
      rows: 25,
    });
  });

  it('is found in a small table where half of it is a copy', () => {
    const rows = partial(5);
    expect(found([...rows.slice(0, 2), ...rows.slice(0, 2)])).toBeUndefined();
    expect(found([...rows.slice(0, 3), ...rows.slice(0, 3)])).toMatchObject({ kind: 'order', rows: 3 });
    expect(found([...rows, ...rows])).toMatchObject({ rows: 5 });
  });

  it('needs different rows', () => {
    const [row] = partial(1);
    expect(found(Array.from({ length: 40 }, () => row!))).toBeUndefined();
  });

  it('keeps no more than it needs', () => {
    const runs = new RepeatedRuns();
    for (let hash = 0; hash < 700_000; hash += 1) runs.add(hash * 7 + 1, hash + 2);
    expect(runs.found()).toBeUndefined();
    for (let hash = 100; hash < 125; hash += 1) runs.add(hash * 7 + 1, hash + 900_000);
    expect(runs.found()).toEqual({ line: 900_100, earlierLine: 102, rows: 25 });
  });
});

describe('rows that appear twice', () => {
  it('are found wherever they stand', () => {
    const rows = partial(400);
    const shuffled = [...rows, ...rows.filter((_, index) => index % 20 === 0).toReversed()];
    expect(found(shuffled)).toMatchObject({ kind: 'rows', rows: 20 });
  });

  it('need 3 and 1 %', () => {
    const rows = partial(396);
    expect(found([...rows, rows[50]!, rows[10]!])).toBeUndefined();
    expect(found([...rows, rows[50]!, rows[10]!, rows[90]!])).toBeUndefined();
    const four = [rows[50]!, rows[10]!, rows[90]!, rows[70]!];
    expect(found([...rows, ...four])).toMatchObject({ rows: 4, line: 398, earlierLine: 52 });
    expect(found([...partial(4000, 3), ...rows, ...four])).toBeUndefined();
  });

  it('coincide by chance where a popular episode is heard whole', () => {
    const draw = new Draw(5);
    const rows: Row[] = Array.from({ length: 3000 }, () => ['a', FROM + draw.whole(0, 20_000), '1800']);
    expect(found(rows)).toBeUndefined();
  });

  it('cannot be told where times are whole days', () => {
    const draw = new Draw(6);
    const day = () => FROM - (FROM % 86_400) + draw.whole(0, 200) * 86_400;
    const rows: Row[] = Array.from({ length: 500 }, () => ['a', day(), String(draw.whole(1, 300))]);
    expect(found([...rows, rows[3]!, rows[100]!, rows[50]!, rows[2]!, rows[90]!, rows[91]!])).toBeUndefined();
  });

  it('are held against what happens by chance within a few steps', () => {
    const draw = new Draw(7);
    // Crowded: few lengths at few moments, so that rows differ by seconds and some are equal.
    const rows: Row[] = Array.from({ length: 1500 }, (_, index) => [
      `clip ${index % 500}`,
      FROM + draw.whole(0, 40),
      '30',
    ]);
    expect(found(rows)).toBeUndefined();
  });
});
