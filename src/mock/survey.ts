import { grouped } from '../domain/count.js';
import { isJsonObject } from '../wire/shape.js';
import { MAX_EVENTS, MAX_VALUES } from './limits.js';

/** Why a body that is JSON is not looked at; the finding's words. */
export interface Hostile {
  readonly status: 400 | 413;
  readonly expected: string;
  readonly received: string;
}

/** Looks a body over before it is checked: one made to hurt is refused. Its nesting has been looked at. */
export function hostile(value: unknown): Hostile | null {
  const events = isJsonObject(value) && Array.isArray(value.Events) ? value.Events.length : 0;
  if (events > MAX_EVENTS) return tooMany(MAX_EVENTS, events, 'events in a request');
  const seen = { values: 0, proto: false };
  count(value, seen);
  if (seen.values > MAX_VALUES) return tooMany(MAX_VALUES, seen.values, 'values in a request');
  if (!seen.proto) return null;
  return { status: 400, expected: 'the documented properties', received: 'a property named "__proto__"' };
}

function count(value: unknown, seen: { values: number; proto: boolean }): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) seen.proto = true;
  const inner: unknown[] = Array.isArray(value) ? value : Object.values(value);
  seen.values += inner.length;
  for (const each of inner) count(each, seen);
}

function tooMany(most: number, received: number, what: string): Hostile {
  return { status: 413, expected: `at most ${grouped(most)} ${what}`, received: grouped(received) };
}
