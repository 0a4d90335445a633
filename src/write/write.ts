import { DEFAULT_SOURCE } from '../wire/body.js';
import { batches } from './batches.js';
import { ByteSheet } from './byte-sheet.js';
import { EVENT_FORMATS } from './formats.js';
import { jsonText } from './json-text.js';
import type { OutputFormat } from './output-formats.js';
import { type Sheet, TextSheet } from './sheet.js';
import type { WritableEvent, WritableSession } from './writable.js';

/** What is written: a session, an event that joins none, or a request body as it stands, for bodies only. */
export type Writable =
  | { readonly kind: 'session'; readonly session: WritableSession }
  | { readonly kind: 'stray'; readonly event: WritableEvent }
  | { readonly kind: 'request'; readonly body: unknown };

export interface WriteOptions {
  readonly format: OutputFormat;
  /** The Source of what carries none; absent, event formats write none and bodies the API's default. */
  readonly defaultSource: string | undefined;
  /** Of bodies. */
  readonly maxSessions: number;
  readonly maxBytes: number;
}

/** What a format had no room for. */
export interface LeftOut {
  events: number;
}

/** Writes sessions as text, piece by piece. Counts in `leftOut` the events that the format cannot hold. */
export async function* write(
  items: AsyncIterable<readonly Writable[]>,
  options: WriteOptions,
  leftOut: LeftOut,
): AsyncGenerator<string> {
  const { format, defaultSource } = options;
  if (format === 'bodies') yield* writeBodies(items, options, leftOut);
  else yield* writeEvents(items, { format, defaultSource, sheet: new TextSheet(), leftOut });
}

/** `write` as UTF-8, faster. A piece's memory is used again: it holds until the next is asked for. */
export async function* writeBytes(
  items: AsyncIterable<readonly Writable[]>,
  options: WriteOptions,
  leftOut: LeftOut,
): AsyncGenerator<Uint8Array | string> {
  const { format, defaultSource } = options;
  if (format === 'bodies') yield* writeBodies(items, options, leftOut);
  else {
    const sheet = new ByteSheet(format, defaultSource);
    yield* writeEvents(items, { format, defaultSource, sheet, leftOut });
  }
}

interface EventsWriting<Piece> {
  readonly format: keyof typeof EVENT_FORMATS;
  readonly defaultSource: string | undefined;
  readonly sheet: Sheet<Piece>;
  readonly leftOut: LeftOut;
}

async function* writeEvents<Piece>(
  items: AsyncIterable<readonly Writable[]>,
  { format, defaultSource, sheet, leftOut }: EventsWriting<Piece>,
): AsyncGenerator<Piece> {
  const { head, event: eventText, tail } = EVENT_FORMATS[format];
  let first = true;
  sheet.text(head);
  for await (const chunk of items) {
    for (const item of chunk) {
      if (item.kind === 'request') continue;
      for (const event of item.kind === 'session' ? item.session.events : [item.event]) {
        if (sheet.full) yield sheet.take();
        if (!sheet.event(event, first)) {
          const text = eventText(event, defaultSource, first);
          if (text === null) {
            leftOut.events += 1;
            continue;
          }
          sheet.text(text);
        }
        first = false;
      }
    }
    yield sheet.take();
  }
  sheet.text(tail(first));
  yield sheet.take();
}

async function* writeBodies(
  items: AsyncIterable<readonly Writable[]>,
  { maxSessions, maxBytes, defaultSource = DEFAULT_SOURCE }: WriteOptions,
  leftOut: LeftOut,
): AsyncGenerator<string> {
  const asTheyStand: string[] = [];
  async function* sessions(): AsyncGenerator<WritableSession> {
    for await (const chunk of items) {
      for (const item of chunk) {
        if (item.kind === 'session') yield item.session;
        else if (item.kind === 'stray') leftOut.events += 1;
        else asTheyStand.push(`${jsonText(item.body)}\n`);
      }
    }
  }
  for await (const { body } of batches(sessions(), { maxSessions, maxBytes, defaultSource })) {
    yield* asTheyStand.splice(0);
    yield `${body.toString()}\n`;
  }
  yield* asTheyStand;
}
