import { comparableName } from '../domain/text.js';
import { BODY_PROPERTIES, DEFAULT_SOURCE } from '../wire/body.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { isJsonObject } from '../wire/json.js';
import { secondsOf } from './times.js';

const TIMES: ReadonlySet<string> = new Set(['timestamp', 'startedat', 'endedat']);
/** Of these the lower is the simpler, not the rounder. */
const COUNTERS: ReadonlySet<string> = new Set(['seqnumber']);
const DOCUMENTED: ReadonlySet<string> = new Set([...EVENT_FIELDS, ...BODY_PROPERTIES].map(comparableName));
/** Texts that are one plain value where they stand. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  type: ['Start', 'Stop'],
  source: [DEFAULT_SOURCE],
};
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Values that may take the place of one, the simplest first. */
export function simplerValues(value: unknown, name: string, begin: number): readonly unknown[] {
  const column = comparableName(name);
  if (typeof value === 'number') return simplerNumbers(value, column, begin);
  if (typeof value === 'string') return simplerTexts(value, column, begin);
  if (Array.isArray(value)) return value.length > 0 ? [[]] : [];
  if (isJsonObject(value)) return Object.keys(value).length > 0 ? [{}] : [];
  return DOCUMENTED.has(column) ? [] : [1];
}

function simplerTexts(text: string, column: string, begin: number): readonly unknown[] {
  const plain = PLAIN[column];
  if (plain) return plain.filter((other) => other !== text);
  if (NUMBER.test(text)) return simplerNumbers(Number(text), column, begin).map(String);
  if (column === 'segments' && text !== '0-10') return ['0-10', '0-100', '0-1000'];
  return [];
}

/** Round numbers, then the number itself with fewer digits. Times are counted from where the document begins. */
function simplerNumbers(value: number, column: string, begin: number): readonly number[] {
  const offset = offsetOf(value, column, begin);
  const relative = value - offset;
  const sign = Math.sign(relative) || 1;
  const round = (COUNTERS.has(column) ? [1, 2, 3, 4] : [0, 1, 10, 100, 1000, 10_000]).flatMap((size) =>
    size === 0 ? [0] : [sign * size, size],
  );
  const shorter = Number.isFinite(relative)
    ? [1, 2, 3].flatMap((digits) => Number(relative.toPrecision(digits)))
    : [];
  const fewerDecimals = [0, 1, 2, 3].map((digits) => Math.round(relative * 10 ** digits) / 10 ** digits);
  const cost = numberCost(value, column, begin);
  return [...new Set([...round, ...shorter, ...fewerDecimals])]
    .map((number) => offset + number)
    .filter((number) => Number.isFinite(number) && number !== value)
    .filter((number) => numberCost(number, column, begin) < cost);
}

/** Where times are counted from, in the unit of a number. */
function offsetOf(value: number, column: string, begin: number): number {
  if (!TIMES.has(column)) return 0;
  const seconds = secondsOf(value);
  if (seconds === undefined) return 0;
  return begin * Math.round(value / seconds);
}

/** How far a value is from a simple one. */
export function valueCost(value: unknown, name: string, begin: number): number {
  const column = comparableName(name);
  if (typeof value === 'number') return numberCost(value, column, begin);
  if (typeof value === 'string') {
    const plain = PLAIN[column];
    if (plain) return plain.includes(value) ? 0 : 1 + value.length;
    if (NUMBER.test(value)) return numberCost(Number(value), column, begin);
    return digitsOf(value);
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).reduce((sum, [inner, each]) => sum + 1 + valueCost(each, inner, begin), 0);
  return value === null && !DOCUMENTED.has(column) ? 2 : 0;
}

/** A digit that counts weighs more than a zero; of two that are as long the lower number is the simpler. */
function numberCost(value: number, column: string, begin: number): number {
  const number = value - offsetOf(value, column, begin);
  return digitsOf(String(number)) + Math.min(Math.abs(number), 1e9) / 1e10;
}

function digitsOf(text: string): number {
  return text.length + 2 * text.replaceAll(/[0.\-:TZ]/g, '').length;
}
