import fc from 'fast-check';
import type { SessionEvent } from '../../src/domain/session.js';
import type { GroupedEvent } from '../../src/sessions/grouped-event.js';

/** A bare event with the key under which it is grouped. */
export interface Added {
  readonly key: string;
  readonly grouped: GroupedEvent;
}

const INPUTS = [
  { index: 0, name: 'a.ndjson' },
  { index: 1, name: 'b.csv' },
];

const hex = fc.constantFrom(...Array.from('0123456789abcdef'));
const guid = fc
  .array(hex, { minLength: 32, maxLength: 32 })
  .map((digits) => digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));

/** Few ids, so that sessions have several events; one beside them now and then. */
const KEYS = Array.from(
  { length: 12 },
  (_, i) => `${i.toString(16).repeat(8)}-0000-4000-8000-00000000000${i % 10}`,
);
const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: guid });

const casing = fc.constantFrom<(id: string) => string>(
  (id) => id,
  (id) => id,
  (id) => id.toUpperCase(),
  (id) => id.slice(0, 18) + id.slice(18).toUpperCase(),
);

const place = fc.record(
  {
    input: fc.constantFrom(...INPUTS),
    line: fc.oneof(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(1, 4_294_967_295, 4_294_967_296, 1e12)),
    column: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(65_535, 65_536, 16_777_216)),
    pointer: fc.constantFrom(null, '', '/0', '/17', '/999999999', '/9999999999', '/01', '/a~1b'),
    request: fc.constant(null),
  },
  { noNullPrototype: true },
);

const number = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(
    -0,
    0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    5e-324,
    4_294_967_295,
    4_294_967_296,
    2 ** 53 + 2,
  ),
);

const json = fc
  .jsonValue()
  .map((value): unknown => JSON.parse(JSON.stringify(value)))
  .map((value) => (value === null ? undefined : value));

/** Any bare event with a usable SessionId: sound or broken, with what it may carry besides. */
export const added: fc.Arbitrary<Added> = fc
  .record(
    {
      key,
      casing,
      place,
      type: fc.constantFrom('Start' as const, 'Stop' as const),
      position: number,
      seqNumber: number,
      timestamp: number,
      clip: fc.oneof(fc.constantFrom(...KEYS), guid),
      organization: fc.constantFrom(...KEYS.slice(0, 3)),
      source: fc.option(fc.oneof(fc.constantFrom('Custom', 'MobileApp', ''), fc.string({ unit: 'binary' })), {
        nil: undefined,
      }),
      written: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: json }),
      sound: fc.nat(9).map((n) => n > 0),
      unnumbered: fc.nat(9).map((n) => n === 0),
      clipDuration: fc.option(number, { nil: undefined, freq: 4 }),
      invalid: fc.boolean(),
    },
    { noNullPrototype: true },
  )
  .map((drawn) => {
    const { position, timestamp, type, unnumbered } = drawn;
    const sessionId = drawn.casing(drawn.key);
    const ids = { organizationId: drawn.organization, clipId: drawn.clip, sessionId };
    const event: SessionEvent = {
      place: drawn.place,
      ...ids,
      seqNumber: unnumbered ? null : drawn.seqNumber,
      source: drawn.source,
      sound: drawn.sound
        ? { ...ids, type, position, seqNumber: unnumbered ? 1 : drawn.seqNumber, timestamp }
        : null,
      written: drawn.written,
    };
    const { clipDuration, invalid } = drawn;
    return { key: drawn.key, grouped: { event, unnumbered, clipDuration, invalid } };
  });
