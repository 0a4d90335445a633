import { escaped } from '../domain/escaped.js';

const LONGEST = 60;

/** A JSON value as it is shown in a message: shortened, with control characters escaped. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.length > 0) return `an array of ${count(value.length, 'element')}`;
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) return 'an object';
  const text = escaped(JSON.stringify(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Milliseconds as seconds: `12.5 s`. */
export function secs(ms: number): string {
  return `${ms / 1000} s`;
}

/** A number and its noun: `1 session`, `3 sessions`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a, b and c`. */
export function list(items: readonly string[], last = 'and'): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}
