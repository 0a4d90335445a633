import type { SessionEvent } from '../../domain/session.js';

/** The first event, in order of SeqNumber, whose value is another than that of the first event that has one. */
export function firstChange<E extends SessionEvent>(
  events: readonly E[],
  read: (event: E) => string | null,
  keyOf: (value: string) => string,
): { readonly at: E; readonly first: string; readonly other: string } | undefined {
  let first: string | null = null;
  for (const at of events) {
    const value = read(at);
    if (value === null) continue;
    first ??= value;
    if (keyOf(value) !== keyOf(first)) return { at, first, other: value };
  }
  return undefined;
}
