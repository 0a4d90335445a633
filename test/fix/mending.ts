import { tmpdir } from 'node:os';
import type { InputRecord } from '../../src/domain/record.js';
import { Fixer } from '../../src/fix/fixer.js';
import type { Change } from '../../src/fix/fixes.js';
import { type ReadOptions, readInputs } from '../../src/read/read.js';
import { inspect } from '../../src/validate/inspect.js';
import type { Inspected } from '../../src/validate/inspected.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { type Writable, write } from '../../src/write/write.js';

export const NOW = 1_800_000_000;
export const OPTIONS = {
  ...INSPECT_DEFAULTS,
  now: NOW,
  memory: { bytes: 1e5, folder: tmpdir() },
};
const WRITING = { format: 'ndjson', defaultSource: undefined, maxSessions: 50, maxBytes: 65_536 } as const;

/** Bare events, or request bodies: values, or the text of their lines. */
export type Values = readonly unknown[];

async function* records(
  values: Values,
  options: Partial<ReadOptions> = {},
  name = 'x.ndjson',
): AsyncGenerator<readonly InputRecord[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(
      values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'),
    );
  }
  yield* readInputs([{ name, bytes: bytes() }], options);
}

async function written(items: AsyncIterable<Iterable<Writable>>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of write(items, WRITING, { events: 0 })) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

/** What `convert` writes. */
export function converted(values: Values): Promise<string> {
  async function* items(): AsyncGenerator<Iterable<Writable>> {
    for await (const some of inspect(records(values), OPTIONS)) yield whatIsWritten(some);
  }
  return written(items());
}

function* whatIsWritten(some: Iterable<Inspected>): Generator<Writable> {
  for (const inspected of some) {
    if (inspected.kind === 'stray') yield inspected;
    if (inspected.kind === 'session' && inspected.occurrence !== 'resent') yield inspected;
  }
}

/** What `convert --fix` writes. */
export async function fixedOf(values: Values, closeOpen = false, mostEvents?: number, name?: string) {
  const changes: Change[] = [];
  const onChange = (change: Change) => changes.push(change);
  const fixer = new Fixer({
    ...OPTIONS,
    closeOpen,
    onChange,
    ...(mostEvents !== undefined && { mostEvents }),
  });
  const reading = {
    change: fixer.spelled,
    changeBody: fixer.spelledBody,
    keepOriginal: fixer.isRespelled,
    joinRequests: true,
  };
  async function* items(): AsyncGenerator<Iterable<Writable>> {
    for await (const some of inspect(records(values, reading, name), OPTIONS)) yield fixed(some);
    yield fixer.end();
  }
  function* fixed(some: Iterable<Inspected>): Generator<Writable> {
    for (const inspected of some) yield* fixer.fix(inspected);
  }
  const text = await written(items());
  return { text, changes, fixer };
}

/** The lines of a text as values. */
export function valuesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
