import { isUtf8 } from 'node:buffer';
import type { Input } from '../domain/place.js';
import { PlainEvents } from '../domain/plain-events.js';
import type { InputRecord } from '../domain/record.js';
import { addAll } from './add-all.js';
import { BrokenStream } from './broken-stream.js';
import { readJsonValue, syntaxRecord } from './json-value.js';
import { MAX_LINE_BYTES } from './limits.js';
import { LEAST_PLAIN_BYTES, PlainLines } from './ndjson-plain.js';
import { PlainBodies } from './plain-bodies.js';
import { NEWLINE } from './plain-json.js';
import { MOST_VALUE_BYTES } from './plain-values.js';

/** Line numbers of plain events are held in 32 bits. */
const MOST_PLAIN_LINES = 2 ** 32;
/** More room than the events of a chunk need, since the next may need a little more. */
const ROOM_TO_SPARE = 1.25;

export interface NdjsonOptions {
  /** Lines that hold a sound event, or a body of such, of at most this Timestamp may be given as plain records; absent, none is. */
  readonly plainUntil?: number | undefined;
}

/** Reads a JSON value a line: events, arrays of events, request bodies. A broken line is a record of its own; the rest is read. */
export async function* readNdjson(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  { plainUntil }: NdjsonOptions = {},
): AsyncGenerator<readonly InputRecord[]> {
  const lines = new Lines(input, plainUntil);
  try {
    for await (const chunk of bytes) yield lines.take(chunk);
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    yield [lines.breakOff(error)];
    return;
  }
  yield lines.end();
}

interface Plain {
  readonly lines: PlainLines;
  readonly bodies: PlainBodies;
}

function part(bytes: Uint8Array, from: number, to: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
}

/** A line put together, with a line feed, and as much behind it as the scanner wants to see. */
function asWholeLine(pieces: readonly Uint8Array[], length: number): Buffer {
  const line = Buffer.concat(pieces, length + 1 + MOST_VALUE_BYTES);
  line[length] = NEWLINE;
  return line;
}

/** Cuts bytes into lines, and keeps count of them. */
class Lines {
  readonly #input: Input;
  readonly #plain: Plain | undefined;
  #events = new PlainEvents(0);
  #line = 1;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(input: Input, plainUntil: number | undefined) {
    this.#input = input;
    if (plainUntil !== undefined)
      this.#plain = { lines: new PlainLines(plainUntil), bodies: new PlainBodies(plainUntil) };
  }

  take(chunk: Uint8Array): readonly InputRecord[] {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#hold(chunk);
      return [];
    }
    // What is held begins the line that ends here.
    const from = this.#heldBytes === 0 ? 0 : chunk.indexOf(NEWLINE) + 1;
    this.#hold(chunk.subarray(0, Math.max(from - 1, 0)));
    if (this.#plain) this.#makeRoom(chunk.length - from);
    const records = [...this.#heldLine()];
    if (end >= from && this.#plain) this.#plainly(chunk, from, end, this.#plain, records);
    else if (end >= from) addAll(records, this.#block(part(chunk, from, end)));
    this.#hold(chunk.subarray(end + 1));
    return records;
  }

  end(): readonly InputRecord[] {
    if (this.#plain) this.#makeRoom(0);
    return this.#heldLine();
  }

  breakOff({ expected, received, hint }: BrokenStream): InputRecord {
    return syntaxRecord(this.#input, { line: this.#line, column: 1, expected, received }, hint);
  }

  #hold(bytes: Uint8Array): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_LINE_BYTES) this.#held = [];
    else if (bytes.length > 0) this.#held.push(Buffer.from(bytes));
  }

  #heldLine(): readonly InputRecord[] {
    const length = this.#heldBytes;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    if (length > MAX_LINE_BYTES) return this.#tooLong(length);
    if (length === 0) return [];
    if (!this.#plain) return this.#block(held.length === 1 ? held[0]! : Buffer.concat(held));
    const records: InputRecord[] = [];
    this.#plainly(asWholeLine(held, length), 0, length, this.#plain, records);
    return records;
  }

  /** Makes room for the plain events of the line that is held and of so many bytes more, and forgets those there were. */
  #makeRoom(more: number): void {
    const room = Math.ceil((Math.min(this.#heldBytes, MAX_LINE_BYTES) + more) / LEAST_PLAIN_BYTES);
    if (this.#events.capacity < room) this.#events = new PlainEvents(Math.ceil(room * ROOM_TO_SPARE));
    this.#events.count = 0;
  }

  /** Reads whole lines: those that are plain on the fast path, what stands between them on the general one. */
  #plainly(chunk: Uint8Array, from: number, end: number, plain: Plain, records: InputRecord[]): void {
    const events = this.#events;
    const { lines, bodies } = plain;
    lines.begin(chunk, events);
    bodies.begin(chunk, events);
    let given = events.count;
    let general = -1;
    let line = this.#line;
    const flush = (until: number, generalEnd: number): void => {
      if (until > given)
        records.push({ kind: 'plain', input: this.#input, pointer: '', events, from: given, to: until });
      given = until;
      if (general >= 0) addAll(records, this.#block(part(chunk, general, generalEnd)));
      general = -1;
    };
    for (let start = from; start <= end; line += 1) {
      const before = events.count;
      const numbered = line < MOST_PLAIN_LINES;
      let next = numbered ? lines.take(start, line) : -1;
      if (next >= 0 && general >= 0) flush(before, start - 1);
      const body = next < 0 && numbered ? bodies.take(start, line) : -1;
      if (body >= 0) {
        flush(before, start - 1);
        records.push(bodies.record(this.#input, line, before));
        given = events.count;
        next = body;
      }
      if (next < 0 && general < 0) {
        flush(before, before);
        general = start;
        this.#line = line;
      }
      start = next >= 0 ? next : chunk.indexOf(NEWLINE, start) + 1;
    }
    flush(events.count, end);
    this.#line = line;
  }

  #block(block: Buffer): readonly InputRecord[] {
    const sound = isUtf8(block);
    const records: InputRecord[] = [];
    if (!sound && block.includes(NEWLINE)) {
      // What is no UTF-8 spoils its own line only.
      for (let start = 0; start <= block.length; ) {
        const feed = block.indexOf(NEWLINE, start);
        const end = feed < 0 ? block.length : feed;
        addAll(records, this.#block(block.subarray(start, end)));
        start = end + 1;
      }
      return records;
    }
    for (const text of block.toString('utf8').split('\n')) {
      if (text.length > MAX_LINE_BYTES) records.push(...this.#tooLong(text.length));
      else {
        if (text.trim() !== '') addAll(records, this.#readLine(text, sound));
        this.#line += 1;
      }
    }
    return records;
  }

  #readLine(text: string, sound: boolean): readonly InputRecord[] {
    const start = { line: this.#line, column: 1 };
    const broken = sound ? -1 : text.indexOf('\ufffd');
    if (broken < 0) return readJsonValue(text, this.#input, start);
    return [
      syntaxRecord(
        this.#input,
        { line: this.#line, column: broken + 1, expected: 'UTF-8', received: 'bytes that are not' },
        'Save the file as UTF-8.',
      ),
    ];
  }

  #tooLong(length: number): readonly InputRecord[] {
    const place = { line: this.#line, column: 1 };
    this.#line += 1;
    return [
      syntaxRecord(
        this.#input,
        {
          ...place,
          expected: `a line of at most ${MAX_LINE_BYTES / 1024 / 1024} MiB`,
          received: `one of ${(length / 1024 / 1024).toFixed(1)} MiB`,
        },
        'Write a body or an event a line; a request should stay under 64 KiB.',
      ),
    ];
  }
}
