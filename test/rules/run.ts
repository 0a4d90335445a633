import type { RuleId, Severity } from '../../src/domain/finding.js';
import type { InputRecord } from '../../src/domain/record.js';
import { readInputs } from '../../src/read/read.js';
import { CLIPS, NOW } from './listening.js';
import type { NaiveInput } from './naive.js';
import type { Json } from './naive-json.js';

/** How many cases, and from which seed: NAIVE_RUNS=20000 for a long run, NAIVE_SEED for another one. */
const RUNS = Number(process.env.NAIVE_RUNS ?? 1500);
export const SEED = Number(process.env.NAIVE_SEED ?? 20_260_101);
export const cases = (share = 1) => ({ seed: SEED, numRuns: Math.max(1, Math.ceil(RUNS * share)) });
export const LONG = 600_000;

export const CLIP_SECONDS = { [CLIPS[0] as string]: 300 };
export const SETTINGS = {
  now: NOW,
  minDuration: 10,
  maxSpeed: 4,
  severities: new Map<RuleId, Severity | 'off'>(),
  maxFindings: 0,
  clipDurations: new Map(Object.entries(CLIP_SECONDS)),
};

/** The inputs as a reader would give them: one a line of one file. */
export async function* asRecords(inputs: readonly NaiveInput[]): AsyncGenerator<readonly InputRecord[]> {
  const input = { index: 0, name: 'inputs.ndjson' };
  yield [{ kind: 'input', input }];
  yield inputs.map(({ kind, value }, i) => ({
    kind,
    value,
    place: { input, line: i + 1, column: 1, pointer: '', request: null },
    locate: () => ({ line: i + 1, column: 1 }),
  }));
}

/** JSON as it may be written, also of what JSON.stringify has no text for. */
function textOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, held]) => `${JSON.stringify(name)}:${textOf(held)}`)
      .join(',')}}`;
  }
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

/** The inputs as the bytes of files, read as users' files are. */
export function asFiles(files: readonly (readonly NaiveInput[])[]) {
  return readInputs(
    files.map((inputs, i) => ({
      name: `${i}.ndjson`,
      bytes: (async function* () {
        yield Buffer.from(inputs.map(({ value }) => `${textOf(value)}\n`).join(''));
      })(),
    })),
  );
}
