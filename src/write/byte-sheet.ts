import { stringify } from 'csv-stringify/sync';
import type { EventType, ListeningEvent } from '../domain/event.js';
import { isGuid } from '../domain/guid.js';
import { isSmall, putText, putThousandths, putWhole } from './digits.js';
import type { EVENT_FORMATS } from './formats.js';
import type { Sheet } from './sheet.js';
import type { WritableEvent } from './writable.js';

/*
 * The fast path of writing: sound events as bytes, into memory that is used again. It only ever says "written" or "ask the general path",
 * and a test holds it to what that writes. Without it everything is the same, and slower.
 */

/** The text between the values of an event that is not the first one. */
interface Layout {
  readonly ids: (event: ListeningEvent) => string;
  readonly type: Readonly<Record<EventType, Uint8Array>>;
  readonly seqNumber: Uint8Array;
  readonly timestamp: Uint8Array;
  readonly end: (source: string | undefined) => string;
}

const ENOUGH = 128 * 1024;
/** No event takes more, with a Source of ordinary length. */
const EVENT_BYTES = 1024;
const LONGEST_END = 512;

export class ByteSheet implements Sheet<Uint8Array> {
  readonly #layout: Layout;
  #bytes = Buffer.allocUnsafeSlow(ENOUGH + EVENT_BYTES);
  #length = 0;
  /** The ids of the event written last, and their bytes. */
  #last: ListeningEvent | null = null;
  #ids: Uint8Array = Buffer.alloc(0);
  #source: string | undefined;
  #end: Uint8Array;

  constructor(
    format: keyof typeof EVENT_FORMATS,
    readonly defaultSource: string | undefined,
  ) {
    this.#layout = LAYOUTS[format];
    this.#source = defaultSource;
    this.#end = Buffer.from(this.#layout.end(defaultSource));
  }

  get full(): boolean {
    return this.#length >= ENOUGH;
  }

  event({ sound, written, source = this.defaultSource }: WritableEvent, first: boolean): boolean {
    if (first || sound === null || written !== undefined) return false;
    const { seqNumber, timestamp, position } = sound;
    const positionMs = Math.round(position * 1000);
    if (!isSmall(positionMs) || positionMs / 1000 !== position) return false;
    if (!isSmall(seqNumber) || !isSmall(timestamp) || !this.#takesIds(sound)) return false;
    if (source !== this.#source) {
      this.#end = Buffer.from(this.#layout.end(source));
      this.#source = source;
    }
    if (this.#end.length > LONGEST_END || this.#length + EVENT_BYTES > this.#bytes.length) return false;
    const bytes = this.#bytes;
    bytes.set(this.#ids, this.#length);
    let at = putText(bytes, this.#length + this.#ids.length, this.#layout.type[sound.type]);
    at = putThousandths(bytes, at, positionMs);
    at = putWhole(bytes, putText(bytes, at, this.#layout.seqNumber), seqNumber);
    at = putWhole(bytes, putText(bytes, at, this.#layout.timestamp), timestamp);
    this.#length = putText(bytes, at, this.#end);
    return true;
  }

  text(text: string): void {
    const needed = this.#length + Buffer.byteLength(text);
    if (needed > this.#bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(needed + EVENT_BYTES);
      bytes.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = bytes;
    }
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** The bytes hold until the next event is written. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #takesIds(event: ListeningEvent): boolean {
    const { organizationId, clipId, sessionId } = event;
    const last = this.#last;
    if (last?.sessionId === sessionId && last.clipId === clipId && last.organizationId === organizationId) {
      return true;
    }
    if (!isGuid(organizationId) || !isGuid(clipId) || !isGuid(sessionId)) return false;
    this.#ids = Buffer.from(this.#layout.ids(event), 'latin1');
    this.#last = event;
    return true;
  }
}

function jsonLayout(before: string, after: string): Layout {
  return {
    ids: ({ organizationId, clipId, sessionId }) =>
      `${before}{"OrganizationId":"${organizationId}","ClipId":"${clipId}","SessionId":"${sessionId}","Type":"`,
    type: { Start: Buffer.from('Start","Position":'), Stop: Buffer.from('Stop","Position":') },
    seqNumber: Buffer.from(',"SeqNumber":'),
    timestamp: Buffer.from(',"Timestamp":'),
    end: (source) => `${source === undefined ? '' : `,"Source":${JSON.stringify(source)}`}}${after}`,
  };
}

const LAYOUTS: Readonly<Record<keyof typeof EVENT_FORMATS, Layout>> = {
  ndjson: jsonLayout('', '\n'),
  json: jsonLayout(',\n', ''),
  csv: {
    ids: ({ organizationId, clipId, sessionId }) => `${organizationId},${clipId},${sessionId},`,
    type: { Start: Buffer.from('Start,'), Stop: Buffer.from('Stop,') },
    seqNumber: Buffer.from(','),
    timestamp: Buffer.from(','),
    end: (source) => stringify([['', source]]),
  },
};
