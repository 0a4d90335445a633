import { isUtf8 } from 'node:buffer';
import type { Input } from '../domain/place.js';
import type { InputRecord } from '../domain/record.js';
import { BrokenStream } from './broken-stream.js';
import { readJsonValue, syntaxRecord } from './json-value.js';
import { MAX_LINE_BYTES } from './limits.js';

const NEWLINE = 0x0a;

/** Reads a JSON value a line: events, arrays of events, request bodies. A broken line is a record of its own; the rest is read. */
export async function* readNdjson(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
): AsyncGenerator<readonly InputRecord[]> {
  const lines = new Lines(input);
  try {
    for await (const chunk of bytes) yield lines.take(chunk);
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    yield [lines.breakOff(error)];
    return;
  }
  yield lines.end();
}

/** Cuts bytes into lines, and keeps count of them. */
class Lines {
  readonly #input: Input;
  #line = 1;
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(input: Input) {
    this.#input = input;
  }

  take(chunk: Uint8Array): readonly InputRecord[] {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#hold(chunk);
      return [];
    }
    const first = chunk.indexOf(NEWLINE);
    this.#hold(chunk.subarray(0, first));
    const records = [...this.#heldLine()];
    if (end > first)
      records.push(...this.#block(Buffer.from(chunk.buffer, chunk.byteOffset + first + 1, end - first - 1)));
    this.#hold(chunk.subarray(end + 1));
    return records;
  }

  end(): readonly InputRecord[] {
    return this.#heldLine();
  }

  breakOff({ expected, received, hint }: BrokenStream): InputRecord {
    return syntaxRecord(this.#input, { line: this.#line, column: 1, expected, received }, hint);
  }

  #hold(bytes: Uint8Array): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_LINE_BYTES) this.#held = [];
    else if (bytes.length > 0) this.#held.push(bytes);
  }

  #heldLine(): readonly InputRecord[] {
    const length = this.#heldBytes;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    if (length > MAX_LINE_BYTES) return this.#tooLong(length);
    return this.#block(held.length === 1 ? Buffer.from(held[0]!) : Buffer.concat(held));
  }

  #block(block: Buffer): readonly InputRecord[] {
    const sound = isUtf8(block);
    const records: InputRecord[] = [];
    for (const text of block.toString('utf8').split('\n')) {
      if (text.length > MAX_LINE_BYTES) records.push(...this.#tooLong(text.length));
      else {
        if (text.trim() !== '') records.push(...this.#readLine(text, sound));
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
