import { writeGuid } from '../../src/domain/guid-words.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, PlainEvents, UPPER } from '../../src/domain/plain-events.js';

/** A sound event as a reader gives it. */
export interface Plain {
  readonly session: string;
  readonly clip: string;
  readonly organization: string;
  /** Bits of `UPPER`. */
  readonly upper: number;
  readonly stops: boolean;
  readonly position: number;
  readonly seqNumber: number;
  readonly timestamp: number;
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

/** Puts events side by side. */
export function plainEvents(events: readonly Plain[], into = new PlainEvents(events.length)): PlainEvents {
  for (const [i, event] of events.entries()) {
    for (const id of ['session', 'clip', 'organization'] as const)
      writeGuid(event[id], into.ids, i * ID_WORDS_AN_EVENT + ID_WORDS[id]);
    into.upper[i] = event.upper;
    into.stops[i] = event.stops ? 1 : 0;
    into.positions[i] = event.position;
    into.seqNumbers[i] = event.seqNumber;
    into.timestamps[i] = event.timestamp;
    into.sources[i] = event.source;
    into.lines[i] = event.line;
    into.columns[i] = event.column;
  }
  into.count = events.length;
  return into;
}

export const ALL_UPPER = UPPER.session | UPPER.clip | UPPER.organization;
