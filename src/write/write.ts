import type { Session } from '../domain/session.js';
import { DEFAULT_SOURCE } from '../wire/body.js';
import { jsonText } from '../wire/json.js';
import { Batcher } from './batches.js';
import { SessionEncoder } from './encoded-session.js';
import { EventEncoder } from './event-encoder.js';
import { EVENT_FILES, type EventFormat } from './formats.js';
import type { OutputFormat } from './output-formats.js';

/** An item to write: a session, an event without a session, or a request body unchanged (for bodies only). */
export type Writable =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'stray'; readonly event: Session }
  | { readonly kind: 'request'; readonly body: unknown };

export interface WriteOptions {
  readonly format: OutputFormat;
  /** The Source of events without one. If absent, event formats write no Source, and request bodies have the API's default. */
  readonly defaultSource: string | undefined;
  /** The limits of request bodies. */
  readonly maxSessions: number;
  readonly maxBytes: number;
}

/** The events that a format cannot hold. */
export interface LeftOut {
  events: number;
}

/** A piece is passed on once it is this long. */
const PIECE_BYTES = 128 * 1024;

/**
 * Writes sessions as UTF-8, piece by piece. Counts in `leftOut` the events that the format cannot hold.
 * @param items Each item needs to be valid only until the next is requested.
 * @returns Pieces. Each is valid until the next is requested, because its memory is reused.
 */
export function write(
  items: AsyncIterable<Iterable<Writable>>,
  options: WriteOptions,
  leftOut: LeftOut = { events: 0 },
): AsyncGenerator<Uint8Array> {
  const { format, defaultSource } = options;
  return format === 'bodies'
    ? writeBodies(items, options, leftOut)
    : writeEvents(items, format, defaultSource, leftOut);
}

async function* writeEvents(
  items: AsyncIterable<Iterable<Writable>>,
  format: EventFormat,
  defaultSource: string | undefined,
  leftOut: LeftOut,
): AsyncGenerator<Uint8Array> {
  const file = EVENT_FILES[format];
  const encoder = new EventEncoder(file, defaultSource);
  encoder.text(file.head);
  for await (const some of items) {
    for (const item of some) {
      if (item.kind === 'request') continue;
      const session = item.kind === 'session' ? item.session : item.event;
      for (let i = 0; i < session.count; i += 1) {
        if (!encoder.add(session, i)) leftOut.events += 1;
        if (encoder.length >= PIECE_BYTES) yield encoder.take();
      }
    }
    yield encoder.take();
  }
  encoder.text(file.tail(encoder.count === 0));
  yield encoder.take();
}

async function* writeBodies(
  items: AsyncIterable<Iterable<Writable>>,
  { maxSessions, maxBytes, defaultSource = DEFAULT_SOURCE }: WriteOptions,
  leftOut: LeftOut,
): AsyncGenerator<Uint8Array> {
  const batcher = new Batcher({ maxSessions, maxBytes, defaultSource });
  const encoder = new SessionEncoder();
  /** Unchanged bodies, which are written after the batch being filled. */
  let bodies = '';
  for await (const some of items) {
    for (const item of some) {
      if (item.kind === 'stray') leftOut.events += 1;
      else if (item.kind === 'request') bodies += `${jsonText(item.body)}\n`;
      else {
        for (const { body } of batcher.add(encoder.encode(item.session))) {
          yield line(bodies, body);
          bodies = '';
        }
      }
    }
  }
  for (const { body } of batcher.end()) {
    yield line(bodies, body);
    bodies = '';
  }
  yield Buffer.from(bodies);
}

function line(before: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(before), body, NEWLINE]);
}

const NEWLINE = Buffer.from('\n');
