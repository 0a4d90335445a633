import type { InputRecord } from '../domain/record.js';
import { isJsonObject, type JsonObject } from '../wire/shape.js';

/** Changes an event as it was read; gives it back as it is where there is nothing to change. */
export type EventChange = (event: JsonObject) => JsonObject;

/** Changes every event of an input before it is checked, bare or in a request. */
export async function* changeEvents(
  chunks: AsyncIterable<readonly InputRecord[]>,
  change: EventChange,
): AsyncGenerator<readonly InputRecord[]> {
  for await (const records of chunks) yield records.map((record) => changed(record, change));
}

function changed(record: InputRecord, change: EventChange): InputRecord {
  if (record.kind === 'event') return { ...record, value: changedEvent(record.value, change) };
  if (record.kind !== 'request' || !isJsonObject(record.value)) return record;
  const { Events: events } = record.value;
  if (!Array.isArray(events)) return record;
  return {
    ...record,
    value: { ...record.value, Events: events.map((event) => changedEvent(event, change)) },
  };
}

function changedEvent(value: unknown, change: EventChange): unknown {
  return isJsonObject(value) ? change(value) : value;
}
