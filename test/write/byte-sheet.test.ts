import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ListeningEvent } from '../../src/domain/event.js';
import { ByteSheet } from '../../src/write/byte-sheet.js';
import { EVENT_FORMATS } from '../../src/write/formats.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../../src/write/output-formats.js';
import type { WritableEvent } from '../../src/write/writable.js';
import { type Writable, write, writeBytes } from '../../src/write/write.js';
import { anySessions, guid, manyHeard } from './sessions.js';

const LIMITS = { maxSessions: 3, maxBytes: 2000 };
const FORMATS = Object.keys(EVENT_FORMATS) as (keyof typeof EVENT_FORMATS)[];

type Write = typeof write | typeof writeBytes;

/** What one way of writing gives, as bytes; a piece is copied before the next is asked for. */
async function written(
  by: Write,
  chunks: readonly (readonly Writable[])[],
  format: OutputFormat,
  defaultSource?: string,
): Promise<{ readonly text: string; readonly leftOut: number; readonly largest: number }> {
  async function* items(): AsyncGenerator<readonly Writable[]> {
    yield* chunks;
  }
  const leftOut = { events: 0 };
  const pieces: Buffer[] = [];
  for await (const piece of by(items(), { ...LIMITS, format, defaultSource }, leftOut)) {
    pieces.push(Buffer.from(piece as string));
  }
  const largest = Math.max(0, ...pieces.map(({ length }) => length));
  return { text: Buffer.concat(pieces).toString('latin1'), leftOut: leftOut.events, largest };
}

const odd = fc.oneof(
  fc.constantFrom(0, -0, 9, 10, 2 ** 31 - 1, 2 ** 31, 1e21, 1.5, -3, 5e-324, Number.POSITIVE_INFINITY),
  fc.double(),
);
const mostly = <T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight: 20 }, { arbitrary: unusual, weight: 1 });
const whole = mostly(fc.nat(), odd);
const fewIds = fc.constantFrom(guid(1), guid(2), guid(0xabc), guid(0xabc).toUpperCase());
const id = mostly(fewIds, fc.string());
const sound: fc.Arbitrary<ListeningEvent> = fc.record({
  organizationId: id,
  clipId: id,
  sessionId: id,
  type: fc.constantFrom('Start', 'Stop'),
  position: mostly(
    fc.nat().map((ms) => ms / 1000),
    odd,
  ),
  seqNumber: whole,
  timestamp: whole,
});
const source = mostly(fc.constantFrom(undefined, 'Custom', 'a"b', '', 'é', 'x'.repeat(2000)), fc.string());
const anyEvent: fc.Arbitrary<WritableEvent> = fc.oneof(
  { arbitrary: fc.record({ sound, source }), weight: 10 },
  fc.record({ sound, source, written: fc.constantFrom(undefined, {}, { More: 'ü' }) }),
  fc.record({ sound: fc.constant(null), source, written: fc.jsonValue() }),
);

const chunks: fc.Arbitrary<Writable[][]> = fc.array(
  fc.array(
    fc.oneof(
      anyEvent.map((event): Writable => ({ kind: 'stray', event })),
      fc.array(anyEvent, { maxLength: 5 }).map(
        (events): Writable => ({
          kind: 'session',
          session: { key: guid(0), source: undefined, events },
        }),
      ),
      anySessions.map(
        (sessions): Writable => ({
          kind: 'session',
          session: sessions[0] ?? { key: guid(0), source: undefined, events: [] },
        }),
      ),
      fc.constant<Writable>({ kind: 'request', body: {} }),
    ),
  ),
);

describe('bytes are those of the text', () => {
  test.each(OUTPUT_FORMATS)('%s: of events sound, odd and broken', async (format) => {
    await fc.assert(
      fc.asyncProperty(chunks, source, async (items, defaultSource) => {
        const text = await written(write, items, format, defaultSource);
        const bytes = await written(writeBytes, items, format, defaultSource);
        expect([bytes.text, bytes.leftOut]).toEqual([text.text, text.leftOut]);
      }),
    );
  });

  test.each(FORMATS)('%s: in pieces, with one that is larger than any', async (format) => {
    const session = (events: readonly WritableEvent[]): Writable => ({
      kind: 'session',
      session: { key: guid(0), source: undefined, events },
    });
    const many = session(manyHeard(2000).flatMap(({ events }) => events));
    const large = session([{ sound: null, written: { ClipId: 'ü'.repeat(300_000) }, source: undefined }]);
    const sourced = session(manyHeard(300, { source: 'x'.repeat(3000) }).flatMap(({ events }) => events));
    const items = [[sourced], [many, large, many], [], [many]];
    const bytes = await written(writeBytes, items, format);
    expect(bytes.text).toBe((await written(write, items, format)).text);
    expect(bytes.largest).toBeGreaterThan(600_000);
    expect((await written(writeBytes, [[many]], format)).largest).toBeLessThan(132_000);
  });
});

const heard = (values: Partial<ListeningEvent>): WritableEvent => ({
  sound: { ...manyHeard(1)[0]!.events[0]!.sound!, ...values },
  source: undefined,
});

it.each(FORMATS)('%s: every position in whole milliseconds takes the fast path', (format) => {
  const sheet = new ByteSheet(format, undefined);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (ms) => {
      const event = heard({ position: ms / 1000 });
      expect(sheet.event(event, false)).toBe(true);
      expect(Buffer.from(sheet.take()).toString()).toBe(EVENT_FORMATS[format].event(event, undefined, false));
    }),
  );
});
