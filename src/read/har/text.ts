import { isUtf8 } from 'node:buffer';
import { UserError } from '../../domain/errors.js';
import { escaped } from '../../domain/escaped.js';
import type { Input, TextPosition } from '../../domain/place.js';
import { isJsonObject } from '../../wire/shape.js';
import { BrokenStream } from '../broken-stream.js';
import { isTooDeep, type JsonFault, JsonText } from '../json/text.js';
import { MAX_HAR_BYTES, MAX_HAR_VALUES } from '../limits.js';
import { harPlaces } from './places.js';

const START: TextPosition = { line: 1, column: 1 };
const EXPORT_AGAIN =
  'Save it from the browser’s network panel again, and look whether the file was cut short.';

/** Why a text is not all there. */
type Fault = Pick<BrokenStream, 'expected' | 'received' | 'hint'>;

/** An entry of the capture, and where the text of its body stands. */
export interface HarEntry {
  readonly value: unknown;
  readonly at: TextPosition;
}

/** The text, as far as it can be had, and why there is no more of it. */
export async function harText(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly text: string; readonly fault: Fault | null }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > MAX_HAR_BYTES) return { text: '', fault: TOO_LARGE };
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BrokenStream) return { text: Buffer.concat(chunks).toString(), fault: error };
    throw error;
  }
  const whole = Buffer.concat(chunks);
  return isUtf8(whole) ? { text: whole.toString(), fault: null } : { text: '', fault: NOT_UTF8 };
}

const TOO_LARGE: Fault = {
  expected: `a HAR of at most ${MAX_HAR_BYTES / 1024 / 1024} MiB`,
  received: 'a larger one',
  hint: 'Filter the network panel for api/consumption before saving, or leave bodies of other requests out.',
};

const NOT_UTF8: Fault = {
  expected: 'UTF-8',
  received: 'bytes that are not',
  hint: 'Save the file as UTF-8.',
};

/** The entries, and where and why the text breaks off. */
export function harEntries(
  text: string,
  input: Input,
  fault: Fault | null,
): { readonly entries: readonly HarEntry[]; readonly broken: (JsonFault & Pick<Fault, 'hint'>) | null } {
  const source = new JsonText(text, START);
  const many = source.tooMany(MAX_HAR_VALUES);
  if (many) return { entries: [], broken: fault ? brokenBy(many, fault) : { ...many, hint: TOO_LARGE.hint } };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const sound = text.slice(0, source.breaksAt());
    const places = [...harPlaces(sound).values()].filter(({ end }) => end !== null);
    return {
      entries: places.map(({ start, end, body }) => ({
        value: parsed(text.slice(start, end ?? start)),
        at: body,
      })),
      broken: brokenBy(source.fault(), fault),
    };
  }
  const tooDeep = isTooDeep(value) ? source.tooDeep() : null;
  if (tooDeep) return { entries: [], broken: brokenBy(tooDeep, null) };
  const log = isJsonObject(value) ? value.log : undefined;
  const listed = isJsonObject(log) ? log.entries : undefined;
  if (!Array.isArray(listed)) {
    throw new UserError(
      'input',
      `${escaped(input.name)}: is no HAR: expected an object with log.entries, an array`,
    );
  }
  const places = harPlaces(text);
  const entries = listed.map((entry: unknown, i) => ({ value: entry, at: places.get(i)?.body ?? START }));
  return { entries, broken: fault && brokenBy({ ...START, ...fault }, fault) };
}

function brokenBy(json: JsonFault, fault: Fault | null): JsonFault & Pick<Fault, 'hint'> {
  const { line, column } = json;
  const { expected, received } = fault ?? json;
  return { line, column, expected, received, hint: fault?.hint ?? EXPORT_AGAIN };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
