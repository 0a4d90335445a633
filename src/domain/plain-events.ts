/** The words of an event's ids: four each for the session, the clip and the organization. */
export const ID_WORDS = { session: 0, clip: 4, organization: 8 } as const;
export const ID_WORDS_AN_EVENT = 12;

/**
 * Sound bare events, their values side by side: GUIDs in lower case, the seven fields and no others, nothing that any event rule finds.
 * A reader uses them again for its next chunk.
 */
export class PlainEvents {
  count = 0;
  readonly ids: Uint32Array;
  readonly stops: Uint8Array;
  readonly positions: Float64Array;
  readonly seqNumbers: Uint32Array;
  readonly timestamps: Float64Array;
  readonly lines: Uint32Array;
  readonly columns: Uint16Array;

  constructor(readonly capacity: number) {
    this.ids = new Uint32Array(capacity * ID_WORDS_AN_EVENT);
    this.stops = new Uint8Array(capacity);
    this.positions = new Float64Array(capacity);
    this.seqNumbers = new Uint32Array(capacity);
    this.timestamps = new Float64Array(capacity);
    this.lines = new Uint32Array(capacity);
    this.columns = new Uint16Array(capacity);
  }
}
