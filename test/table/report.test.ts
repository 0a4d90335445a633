import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import type { InputSource } from '../../src/read/source.js';
import { SHAPE_NAMES, type ShapeName } from '../../src/read/table-options.js';
import type { Report } from '../../src/report/output.js';
import { report } from '../../src/report/report.js';
import { validate } from '../../src/validate/validate.js';
import { casesOf } from '../cases.js';
import {
  intervalsOf,
  PING_SECONDS,
  type Row,
  rowsOf,
  shuffled,
  simulatedSessions,
  textOf,
} from './as-rows.js';
import { ParquetWriter } from './parquet.js';

/** `npm run trials -- tables` judges 10,000. */
const SESSIONS = simulatedSessions({
  seed: 16,
  sessions: Number(process.env.TABLE_SESSIONS ?? Math.max(20, casesOf(60))),
});
/** 10,000 sessions of pings are millions of rows. */
const TIMEOUT = 600_000 + 300 * SESSIONS.length;
const NOW = 1_790_000_000;
/** Seconds of a bin. */
const BIN = 5;
/** As far as somebody may get between two pings, in seconds of audio, at the highest speed that is believed. */
const PERIOD = PING_SECONDS * 4 + 1;

let parquet: ParquetWriter;
beforeAll(async () => {
  parquet = await ParquetWriter.open();
});
afterAll(() => parquet.close());

const FORMATS = ['CSV', 'NDJSON', 'Parquet of texts', 'Parquet with types'] as const;

async function sourceOf(format: (typeof FORMATS)[number], rows: readonly Row[]): Promise<InputSource> {
  if (format === 'CSV') return textSource('rows.csv', textOf(rows, 'csv'));
  if (format === 'NDJSON') return textSource('rows.ndjson', textOf(rows, 'ndjson'));
  return parquet.writeRows('rows.parquet', rows, format === 'Parquet with types');
}

function textSource(name: string, text: string): InputSource {
  const bytes = {
    async *[Symbol.asyncIterator]() {
      for (let from = 0; from < text.length; from += 1 << 20)
        yield Buffer.from(text.slice(from, from + (1 << 20)));
    },
  };
  return { name, bytes };
}

const figuresOf = (source: InputSource, shape?: ShapeName): Promise<Report> =>
  report(readInputs([source], shape && { shape }), { now: NOW, bin: BIN });

let exact: Report;
beforeAll(async () => {
  const events = SESSIONS.flat().map((event) => ({ ...event }));
  exact = await figuresOf(textSource('events.ndjson', textOf(events, 'ndjson')));
}, TIMEOUT);

describe.each(SHAPE_NAMES)('rows of the shape %s', (shape) => {
  it.each(FORMATS)('say as %s, shuffled, what their events say', { timeout: TIMEOUT }, async (format) => {
    const source = await sourceOf(format, shuffled(rowsOf(shape, SESSIONS)));
    const { summary, findings } = await validate(readInputs([source], { shape }), { now: NOW });
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(summary).toMatchObject({ sessions: SESSIONS.length, errors: 0, warnings: 0, unreadable: 0 });
    const rows = await figuresOf(source, shape);
    if (shape !== 'pings') expect(rows).toEqual(exact);
    else expect(farOff(exact, rows)).toEqual([]);
  });
});

/** The bins in which pings differ from what was played by more than the ends of intervals that are a period away at most. */
function farOff(source: Report, rows: Report): readonly unknown[] {
  expect(rows.clips.map(({ clipId }) => clipId).toSorted()).toEqual(
    source.clips.map(({ clipId }) => clipId).toSorted(),
  );
  const ends = new Map<string, number[]>();
  for (const [start, stop] of SESSIONS.flatMap(intervalsOf)) {
    const its = ends.get(start.ClipId) ?? [];
    ends.set(start.ClipId, its);
    its.push(start.Position, stop.Position);
  }
  return rows.clips.flatMap(({ clipId, retention }) => {
    const exact = source.clips.find((clip) => clip.clipId === clipId)!.retention;
    return exact.flatMap((plays, bin) => {
      const off = Math.abs((retention[bin] ?? 0) - plays);
      if (off === 0) return [];
      const near = ends.get(clipId)!.filter((end) => Math.abs(end - (bin + 0.5) * BIN) <= PERIOD).length;
      return off <= near ? [] : [{ clipId, bin, plays, off, near }];
    });
  });
}
