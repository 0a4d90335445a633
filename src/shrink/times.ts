import { comparableName } from '../domain/text.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';
import { columnOf, type Document, type Part } from './document.js';

/**
 * The moments to which the earliest time can be moved, in unix seconds: January 1 of 2025, 2020 and 2010. The first one in the
 * past is used.
 */
const MOMENTS = [1_735_689_600, 1_577_836_800, 1_262_304_000] as const;

/** The round moment at which a shrunk document begins. */
export function beginningFor(now: number): number {
  return MOMENTS.find((moment) => moment <= now - 86_400) ?? MOMENTS.at(-1)!;
}

/** Columns and fields that hold times. Segments can hold times after an `@`. */
const TIME_NAMES: ReadonlySet<string> = new Set(['timestamp', 'startedat', 'endedat', 'segments']);

function isTime(name: string): boolean {
  return TIME_NAMES.has(comparableName(name));
}

/**
 * The number from which on a time is in nanoseconds, microseconds, milliseconds or seconds, with the number of these units in a
 * second.
 */
const UNITS: readonly (readonly [from: number, perSecond: number])[] = [
  [1e17, 1e9],
  [1e14, 1e6],
  [1e11, 1e3],
  [1e9, 1],
];
const MICROSECONDS = 1e6;

/** The unix seconds of a number, in the unit that fits its size; undefined if it is not a time. */
export function secondsOf(value: number): number | undefined {
  const unit = UNITS.find(([from]) => value >= from);
  return unit && Number.isFinite(value) ? value / unit[1] : undefined;
}

/** The earliest time in a document, in whole unix seconds; undefined without one. */
export function earliestOf(document: Document): number | undefined {
  let earliest = Number.POSITIVE_INFINITY;
  const take = (seconds: number | undefined): void => {
    if (seconds !== undefined) earliest = Math.min(earliest, Math.floor(seconds));
  };
  const takeIn = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const each of value) takeIn(each, name);
    else if (isJsonObject(value)) for (const [inner, each] of Object.entries(value)) takeIn(each, inner);
    else if (isTime(name)) take(typeof value === 'number' ? secondsOf(value) : writtenSeconds(value));
  };
  for (const part of document.parts) {
    if (part.kind === 'row')
      for (const [i, cell] of part.cells.entries()) takeIn(cell, columnOf(document, i));
    if (part.kind === 'event') takeIn(part.event, '');
    if (part.kind === 'body') takeIn(part.body, '');
    if ('exchange' in part) take(part.exchange?.beganAt ?? undefined);
  }
  return Number.isFinite(earliest) ? earliest : undefined;
}

function writtenSeconds(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const written = WRITTEN.exec(value);
  if (written) return writtenMs(written) / 1000;
  return NUMBER.test(value) ? secondsOf(Number(value)) : undefined;
}

/** The document with this many whole seconds added to all its times. */
export function movedBy(document: Document, seconds: number): Document {
  return { ...document, parts: document.parts.map((part) => movedPart(document, part, seconds)) };
}

function movedPart(document: Document, part: Part, seconds: number): Part {
  switch (part.kind) {
    case 'row': {
      const moved = (cell: string, i: number): string =>
        isTime(columnOf(document, i)) ? movedText(cell, seconds) : cell;
      return { ...part, cells: part.cells.map(moved) };
    }
    case 'event':
      return { ...part, event: movedIn(part.event, seconds) as JsonObject };
    case 'body':
      return { ...part, body: movedIn(part.body, seconds), exchange: movedExchange(part, seconds) };
    case 'text':
      return { ...part, exchange: movedExchange(part, seconds) };
  }
}

function movedExchange<P extends Extract<Part, { kind: 'body' | 'text' }>>(
  { exchange }: P,
  seconds: number,
): P['exchange'] {
  if (!exchange || exchange.beganAt === null) return exchange;
  return { ...exchange, beganAt: exchange.beganAt + seconds };
}

function movedIn(value: unknown, seconds: number): unknown {
  if (Array.isArray(value)) return value.map((each) => movedIn(each, seconds));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isTime = TIME_NAMES.has(comparableName(name));
      if (isTime && typeof inner === 'number') return [name, movedNumber(inner, seconds)];
      return [
        name,
        isTime && typeof inner === 'string' ? movedText(inner, seconds) : movedIn(inner, seconds),
      ];
    }),
  );
}

function movedNumber(value: number, seconds: number): number {
  const unit = UNITS.find(([from]) => value >= from);
  if (!unit || !Number.isFinite(value)) return value;
  const [, perSecond] = unit;
  const moved = value + seconds * perSecond;
  return perSecond === 1 ? Math.round(moved * MICROSECONDS) / MICROSECONDS : moved;
}

const NUMBER = /^\s*\d+(?:\.\d+)?\s*$/;
/** A date and time in ISO 8601, optionally with a space between them, and the text after it. */
const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:([T ])(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?(?=$|Z|\s|[+-])/;
/** Times in a longer cell, such as those of segments: `0-60@1735689600/1735689660`. */
const INSIDE = /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?|(?<![\d.])\d{10,19}(?:\.\d+)?(?!\d)/g;

function movedText(text: string, seconds: number): string {
  return text.replaceAll(INSIDE, (time) => {
    const written = WRITTEN.exec(time);
    if (!written) {
      const moved = movedNumber(Number(time), seconds);
      const [, fraction = ''] = time.split('.');
      return fraction === '' ? String(moved) : moved.toFixed(fraction.length);
    }
    const [, , , , between, , , second, fraction = ''] = written;
    const iso = new Date(writtenMs(written) + seconds * 1000);
    if (Number.isNaN(iso.getTime())) return time;
    const [date, clock = ''] = iso.toISOString().split('T');
    if (between === undefined) return date!;
    return `${date}${between}${clock.slice(0, second === undefined ? 5 : 8)}${fraction}`;
  });
}

/** A date and time in milliseconds, read as UTC and without its fraction. */
function writtenMs([, year, month, day, , hour = '0', minute = '0', second = '0']: RegExpExecArray): number {
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
