import type { ListeningEvent } from './event.js';
import { readGuid } from './guid-words.js';

/** The words of an event's ids: four each for the session, the clip and the organization. */
export const ID_WORDS = { session: 0, clip: 4, organization: 8 } as const;
export const ID_WORDS_AN_EVENT = 12;

/** The bits that tell which ids are written in upper case. */
export const UPPER = { session: 1, clip: 2, organization: 4 } as const;

/**
 * Sound events, bare or of request bodies, their values side by side: the seven fields, perhaps (bare) a Source and no others, nothing that any
 * event rule finds.
 * A reader uses them again for its next chunk.
 */
export class PlainEvents {
  count = 0;
  readonly ids: Uint32Array;
  /** Which ids are in upper case (`UPPER`); the others are in lower case. */
  readonly upper: Uint8Array;
  readonly stops: Uint8Array;
  readonly positions: Float64Array;
  readonly seqNumbers: Uint32Array;
  readonly timestamps: Float64Array;
  /** The place of the Source among those documented, from 1; 0 where there is none. */
  readonly sources: Uint8Array;
  readonly lines: Uint32Array;
  readonly columns: Uint32Array;

  constructor(readonly capacity: number) {
    this.ids = new Uint32Array(capacity * ID_WORDS_AN_EVENT);
    this.upper = new Uint8Array(capacity);
    this.stops = new Uint8Array(capacity);
    this.positions = new Float64Array(capacity);
    this.seqNumbers = new Uint32Array(capacity);
    this.timestamps = new Float64Array(capacity);
    this.sources = new Uint8Array(capacity);
    this.lines = new Uint32Array(capacity);
    this.columns = new Uint32Array(capacity);
  }
}

/** An id of event `i` as it was written. */
export function readPlainId(events: PlainEvents, i: number, id: keyof typeof ID_WORDS): string {
  const guid = readGuid(events.ids, i * ID_WORDS_AN_EVENT + ID_WORDS[id]);
  return (events.upper[i]! & UPPER[id]) === 0 ? guid : guid.toUpperCase();
}

/** Event `i` with its ids, as they were written. */
export function readPlainEvent(
  { stops, positions, seqNumbers, timestamps }: PlainEvents,
  i: number,
  ids: Pick<ListeningEvent, 'organizationId' | 'clipId' | 'sessionId'>,
): ListeningEvent {
  return {
    ...ids,
    type: stops[i]! === 1 ? 'Stop' : 'Start',
    position: positions[i]!,
    seqNumber: seqNumbers[i]!,
    timestamp: timestamps[i]!,
  };
}
