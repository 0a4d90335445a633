import type { NaiveEvent } from './naive-event.js';
import { FIELDS, has, isGuid, isObject, lower, ZEROS } from './naive-json.js';

/** Events with a usable SessionId by SessionId, each group sorted by SeqNumber; those that have none come last. */
export function group(events: readonly NaiveEvent[]): Map<string, NaiveEvent[]> {
  const groups = new Map<string, NaiveEvent[]>();
  for (const event of events) {
    if (!isObject(event.value) || !isGuid(event.value.SessionId) || event.value.SessionId === ZEROS) continue;
    const key = lower(event.value.SessionId);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  const order = ({ value }: NaiveEvent) =>
    typeof value.SeqNumber === 'number' ? value.SeqNumber : Number.POSITIVE_INFINITY;
  for (const [key, session] of groups) {
    groups.set(
      key,
      session.toSorted((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b))),
    );
  }
  return groups;
}

/** How many different well-formed ids the events have in a field. */
export function distinct(session: readonly NaiveEvent[], field: string): number {
  return new Set(session.filter(({ value }) => isGuid(value[field])).map(({ value }) => lower(value[field])))
    .size;
}

/** Whether two parts of a session hold the same events: the seven fields, in order. */
export function sameEvents(left: readonly NaiveEvent[], right: readonly NaiveEvent[]): boolean {
  const text = ({ value }: NaiveEvent) =>
    JSON.stringify(
      FIELDS.map((field) => {
        if (!has(value, field)) return 'absent';
        return [
          isGuid(value[field]) ? lower(value[field]) : (JSON.stringify(value[field]) ?? ''),
          typeof value[field],
        ];
      }),
    );
  return (
    left.length === right.length && left.every((event, i) => text(event) === text(right[i] as NaiveEvent))
  );
}
