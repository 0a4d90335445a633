import { tmpdir } from 'node:os';
import type { InputRecord } from '../../src/domain/record.js';
import type { Change } from '../../src/fix/define.js';
import { Fixer } from '../../src/fix/fixer.js';
import { readNdjson } from '../../src/read/ndjson.js';
import { inspect } from '../../src/validate/inspect.js';
import type { Inspected } from '../../src/validate/inspected.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { type Writable, write } from '../../src/write/write.js';

export const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.ndjson' };
export const OPTIONS = {
  ...INSPECT_DEFAULTS,
  now: NOW,
  memory: { bytes: 1e5, folder: tmpdir() },
};
const WRITING = { format: 'ndjson', defaultSource: undefined, maxSessions: 50, maxBytes: 65_536 } as const;

/** Bare events, or request bodies: values, or the text of their lines. */
export type Values = readonly unknown[];

async function* records(values: Values): AsyncGenerator<readonly InputRecord[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(
      values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'),
    );
  }
  yield* readNdjson(bytes(), INPUT, { plainUntil: NOW + 300 });
}

async function written(items: AsyncIterable<readonly Writable[]>): Promise<string> {
  let text = '';
  for await (const piece of write(items, WRITING, { events: 0 })) text += piece;
  return text;
}

/** What `convert` writes. */
export function converted(values: Values): Promise<string> {
  async function* items(): AsyncGenerator<readonly Writable[]> {
    for await (const chunk of inspect(records(values), OPTIONS)) yield chunk.filter(isWritten);
  }
  return written(items());
}

function isWritten(inspected: Inspected): inspected is Extract<Inspected, Writable> {
  return inspected.kind === 'stray' || (inspected.kind === 'session' && inspected.standing !== 'resent');
}

/** What `convert --fix` writes. */
export async function mended(values: Values, closeOpen = false) {
  const changes: Change[] = [];
  const fixer = new Fixer({ ...OPTIONS, closeOpen, onChange: (change) => changes.push(change) });
  async function* items(): AsyncGenerator<readonly Writable[]> {
    for await (const chunk of inspect(fixer.spelled(records(values)), OPTIONS)) {
      yield chunk.flatMap((inspected) => fixer.fix(inspected));
    }
    yield [...fixer.end()];
  }
  const text = await written(items());
  fixer.close();
  return { text, changes, fixer };
}

/** The lines of a text as values. */
export function valuesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
