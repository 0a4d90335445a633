import { describe, expect, it } from 'vitest';
import { type ReadOptions, readInputs } from '../../src/read/read.js';
import type { ShapeName } from '../../src/read/table-options.js';
import type { Report } from '../../src/report/output.js';
import { report } from '../../src/report/report.js';
import { validate } from '../../src/validate/validate.js';
import { intervalsOf, PING_SECONDS, rowsOf, shuffled, simulatedSessions, textOf } from './as-rows.js';

/** `TABLE_SESSIONS=10000` judges as many sessions as issue 16 asks for. */
const SESSIONS = simulatedSessions({ seed: 16, sessions: Number(process.env.TABLE_SESSIONS ?? 120) });
const NOW = 1_790_000_000;
/** Seconds of a bin. */
const BIN = 5;
/** As far as somebody may get between two pings, in seconds of audio, at the highest speed that is believed. */
const PERIOD = PING_SECONDS * 4 + 1;

function inputOf(name: string, text: string, shape?: ShapeName) {
  const bytes = (async function* () {
    for (let from = 0; from < text.length; from += 1 << 20)
      yield Buffer.from(text.slice(from, from + (1 << 20)));
  })();
  const options: Partial<ReadOptions> = shape === undefined ? {} : { shape };
  return readInputs([{ name, bytes }], options);
}

const figuresOf = (...input: Parameters<typeof inputOf>): Promise<Report> =>
  report(inputOf(...input), { now: NOW, bin: BIN });

const SOURCE = textOf(
  SESSIONS.flat().map((event) => ({ ...event })),
  'ndjson',
);

describe.each(['events', 'sessions', 'intervals', 'pings'] as const)('rows of the shape %s', (shape) => {
  it.each(['csv', 'ndjson'] as const)(
    'say in %s, shuffled, what their events say',
    { timeout: 600_000 },
    async (format) => {
      const input = [`rows.${format}`, textOf(shuffled(rowsOf(shape, SESSIONS)), format), shape] as const;
      const { summary, findings } = await validate(inputOf(...input), { now: NOW });
      expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
      expect(summary).toMatchObject({ sessions: SESSIONS.length, errors: 0, warnings: 0, unreadable: 0 });
      const [source, rows] = [await figuresOf('events.ndjson', SOURCE), await figuresOf(...input)];
      if (shape !== 'pings') expect(rows).toEqual(source);
      else expect(farOff(source, rows)).toEqual([]);
    },
  );
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
