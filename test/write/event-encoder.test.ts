import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { EVENT_FIELDS } from '../../src/wire/event.js';
import { isJsonObject, type JsonObject, jsonText } from '../../src/wire/json.js';
import { SessionEncoder } from '../../src/write/encoded-session.js';
import { putNumber } from '../../src/write/event-encoder.js';
import { EVENT_COLUMNS, EVENT_FILES, type EventFormat } from '../../src/write/formats.js';
import { type Writable, write } from '../../src/write/write.js';
import { CLIP, guid, heardEvents, ORGANIZATIONS, sessionOf } from './sessions.js';

const FORMATS = Object.keys(EVENT_FILES) as EventFormat[];
const LIMITS = { maxSessions: 3, maxBytes: 2000 };

type Events = readonly unknown[];

/** What is written of sessions, as bytes; a piece is copied before the next is asked for. */
async function written(
  chunks: readonly (readonly Events[])[],
  format: EventFormat,
  defaultSource?: string,
): Promise<{ readonly text: string; readonly leftOut: number; readonly largest: number }> {
  async function* items(): AsyncGenerator<Iterable<Writable>> {
    for (const chunk of chunks) {
      yield (function* (): Generator<Writable> {
        for (const events of chunk) {
          const session = sessionOf(events);
          yield events.length === 1 ? { kind: 'stray', event: session } : { kind: 'session', session };
        }
      })();
    }
  }
  const leftOut = { events: 0 };
  const pieces: Buffer[] = [];
  for await (const piece of write(items(), { ...LIMITS, format, defaultSource }, leftOut)) {
    pieces.push(Buffer.from(piece));
  }
  const largest = Math.max(0, ...pieces.map(({ length }) => length));
  return { text: Buffer.concat(pieces).toString(), leftOut: leftOut.events, largest };
}

/** The same, from each event's JSON value, by what formats are said to be. */
function naively(chunks: readonly (readonly Events[])[], format: EventFormat, defaultSource?: string) {
  const values = chunks.flat().flatMap((events) => {
    const session = sessionOf(events);
    return Array.from({ length: session.count }, (_, i) => {
      const value = events[session.rows[i]!];
      if (!isJsonObject(value)) return value;
      const own = typeof value.Source === 'string' ? value.Source : undefined;
      const source = own ?? defaultSource;
      const more = Object.keys(value).some((name) => !(EVENT_COLUMNS as readonly string[]).includes(name));
      const plain = session.isValid(i) && !more;
      const fields = plain ? documented(value) : value;
      return source === undefined || Object.hasOwn(fields, 'Source') ? fields : { ...fields, Source: source };
    });
  });
  const texts = values.flatMap((value) => textsOf(value, format));
  const text = {
    ndjson: texts.map((each) => `${each}\n`).join(''),
    json: texts.length === 0 ? '[]\n' : `[\n${texts.join(',\n')}\n]\n`,
    csv: `${EVENT_COLUMNS.join(',')}\n${texts.join('')}`,
  }[format];
  return { text, leftOut: values.length - texts.length };
}

function textsOf(value: unknown, format: EventFormat): string[] {
  if (format !== 'csv') return [jsonText(value)];
  if (!isJsonObject(value)) return [];
  const cells = EVENT_COLUMNS.map((name) => value[name] ?? '');
  return [stringify([cells.map((cell) => (typeof cell === 'string' ? cell : jsonText(cell)))])];
}

function documented(value: JsonObject): JsonObject {
  return Object.fromEntries(
    EVENT_FIELDS.filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name]]),
  );
}

const odd = fc.oneof(
  fc.constantFrom(0, -0, 9, 10, 2 ** 31 - 1, 2 ** 31, 1e21, 1.5, -3, 5e-324, Number.POSITIVE_INFINITY),
  fc.double({ noNaN: true }),
);
const mostly = <T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight: 20 }, { arbitrary: unusual, weight: 1 });
const mixedCase = guid(0xabcdef).replace('abc', 'aBc');
const id = mostly(
  fc.constantFrom(guid(1), guid(2), guid(0xabc), guid(0xabc).toUpperCase()),
  fc.oneof(fc.constantFrom(mixedCase, guid(1).replaceAll(/[^-]/g, '0')), fc.string()),
);
const source = mostly(fc.constantFrom('Custom', 'MobileApp', 'a"b', '', 'é', 'x'.repeat(2000)), fc.string());
/** With its properties in the documented order. */
const plainEvent = fc
  .record({
    OrganizationId: id,
    ClipId: id,
    SessionId: id,
    Type: mostly(fc.constantFrom('Start', 'Stop'), fc.constantFrom('start', '')),
    Position: mostly(
      fc.nat().map((ms) => ms / 1000),
      odd,
    ),
    SeqNumber: mostly(fc.integer({ min: 1 }), odd),
    Timestamp: mostly(fc.integer({ min: 1e9, max: 2 ** 31 }), odd),
  })
  .chain((event) =>
    fc.oneof(
      { arbitrary: fc.constant<JsonObject>(event), weight: 8 },
      { arbitrary: source.map((Source): JsonObject => ({ ...event, Source })), weight: 4 },
      fc.constantFrom<JsonObject>(
        { ...event, More: 'ü' },
        { ...event, Source: 7 },
        { ...event, Position: '1' },
      ),
    ),
  );
const anyEvent = fc.oneof({ arbitrary: plainEvent, weight: 12 }, fc.jsonValue());
const anySession = fc.array(anyEvent, { minLength: 1, maxLength: 6 });
const chunks = fc.array(fc.array(anySession, { maxLength: 4 }), { maxLength: 4 });

describe('what is written', () => {
  test.each(FORMATS)(
    'as %s is what a naive encoder writes, of events sound, odd and broken',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(chunks, fc.option(source, { nil: undefined }), async (items, defaultSource) => {
          const { text, leftOut } = await written(items, format, defaultSource);
          expect({ text, leftOut }).toEqual(naively(items, format, defaultSource));
        }),
      );
    },
  );

  test('in a body is the documented fields of each event', () => {
    const encoder = new SessionEncoder();
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 8 }), (events) => {
        const session = sessionOf(events);
        const values = Array.from({ length: session.count }, (_, i) => events[session.rows[i]!]);
        const expected = values
          .map((value) => jsonText(isJsonObject(value) ? documented(value) : {}))
          .join(',');
        expect(encoder.jsonOf(session).toString()).toBe(expected);
      }),
    );
  });

  test.each(FORMATS)('as %s comes in pieces, with one that is larger than any', async (format) => {
    const many = Array.from({ length: 800 }, (_, number) => heardEvents(number));
    const large = [{ ClipId: 'ü'.repeat(300_000) }];
    const sourced = Array.from({ length: 100 }, (_, number) =>
      heardEvents(number, { source: 'x'.repeat(3000) }),
    );
    const items = [sourced, [...many, large, ...many], [], many];
    const { text, largest } = await written(items, format);
    expect(text).toBe(naively(items, format).text);
    expect(largest).toBeGreaterThan(600_000);
    expect((await written([many], format)).largest).toBeLessThan(132_000);
  });
});

const ids = { OrganizationId: ORGANIZATIONS[0], ClipId: CLIP, SessionId: guid(1) };

it('gives valid events without a SeqNumber the number of their place, and others none', () => {
  const session = sessionOf(
    [
      { ...ids, Type: 'Stop', Position: 30, Timestamp: 1540270754 },
      { ...ids, Type: 'Start', Position: 0, Timestamp: 1540270724 },
      { ...ids, Type: 'Start', Position: -1, Timestamp: 1540270700 },
    ],
    { unnumbered: true },
  );
  const events = JSON.parse(`[${new SessionEncoder().jsonOf(session).toString()}]`) as JsonObject[];
  expect(events.map(({ Position, SeqNumber }) => [Position, SeqNumber])).toEqual([
    [-1, undefined],
    [0, 2],
    [30, 3],
  ]);
});

it('writes a number in whole thousandths, and any other, as JSON has it', () => {
  const bytes = Buffer.alloc(64);
  const thousandths = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((ms) => ms / 1000);
  fc.assert(
    fc.property(fc.oneof({ arbitrary: thousandths, weight: 4 }, odd), (number) => {
      expect(bytes.toString('latin1', 3, putNumber(bytes, 3, number))).toBe(jsonText(number));
    }),
    { numRuns: 2000 },
  );
});
