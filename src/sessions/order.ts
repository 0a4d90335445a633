import type { SessionEvent } from '../domain/session.js';

/** Events sorted by SeqNumber, in their given order where equal; those without a number come last. */
export function bySeqNumber<E extends Pick<SessionEvent, 'seqNumber'>>(events: readonly E[]): readonly E[] {
  let sorted = true;
  for (let i = 1; i < events.length && sorted; i += 1) sorted = rank(events[i - 1]!) <= rank(events[i]!);
  return sorted ? events : events.toSorted((a, b) => compare(rank(a), rank(b)));
}

function rank({ seqNumber }: Pick<SessionEvent, 'seqNumber'>): number {
  return seqNumber ?? Number.POSITIVE_INFINITY;
}

function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}
