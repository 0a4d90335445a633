import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Session, SessionEvent } from '../../src/domain/session.js';
import { fingerprint } from '../../src/validate/fingerprint.js';
import { EVENT_FIELDS, fromWire, type WireEvent } from '../../src/wire/event.js';

const ID = '2ec9d456-c870-4694-ad69-844eea3d02ef';
const PLACE = { input: { index: 0, name: 'x' }, line: 1, column: 1, pointer: '', request: 0 };

const id = fc.constantFrom<unknown>(
  ID,
  ID.toUpperCase(),
  ID.replace('2', '3'),
  '00000000-0000-0000-0000-000000000000',
  'x',
  null,
);
const number = fc.constantFrom<unknown>(
  0,
  -0,
  1,
  2,
  1.5,
  -1,
  1e300,
  1.7e9,
  Number.POSITIVE_INFINITY,
  '1',
  null,
);
/** Null so many times as often as anything else. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, times: number): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: times, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

/** Mostly alike, so that equal ones are drawn often. */
const fields = fc
  .tuple(
    fc.record({
      OrganizationId: fc.constant(ID),
      ClipId: fc.constant(ID),
      SessionId: fc.constant(ID),
      Type: fc.constantFrom('Start', 'Stop'),
      Position: fc.constantFrom(1, 2),
      SeqNumber: fc.constant(1),
      Timestamp: fc.constant(1.7e9),
    }),
    seldom(fc.tuple(fc.constantFrom(...EVENT_FIELDS), fc.oneof(id, number, fc.constant('stop'))), 4),
    seldom(fc.constantFrom(...EVENT_FIELDS), 12),
  )
  .map(([event, odd, absent]) => {
    const all: Record<string, unknown> = { ...event, ...(odd && { [odd[0]]: odd[1] }) };
    if (absent !== null) delete all[absent];
    return all;
  });

/** @param broken Held as written, though nothing may be wrong with the seven fields. */
function eventOf(written: Readonly<Record<string, unknown>>, broken: boolean): SessionEvent {
  const sound = broken || !isWhole(written) ? null : fromWire(written as unknown as WireEvent);
  return {
    place: PLACE,
    organizationId: null,
    clipId: null,
    sessionId: null,
    seqNumber: 1,
    source: undefined,
    sound,
    written: { ...written, Source: 3 },
  };
}

function isWhole(written: Readonly<Record<string, unknown>>): boolean {
  const ids = ['OrganizationId', 'ClipId', 'SessionId'].every(
    (name) => String(written[name]).length === ID.length,
  );
  const numbers = ['Position', 'SeqNumber', 'Timestamp'].every((name) => Number.isFinite(written[name]));
  return ids && numbers && ['Start', 'Stop'].includes(String(written.Type));
}

function printOf(events: readonly SessionEvent[]): string {
  const session: Session = { key: ID, events, request: 0, source: undefined, clipDuration: undefined };
  return Buffer.from(fingerprint(session)).toString('hex');
}

/** What is compared: the seven fields as JSON, ids in one case. */
function told(written: Readonly<Record<string, unknown>>): string {
  const lower = (value: unknown): unknown =>
    typeof value === 'string' && value.length === ID.length ? value.toLowerCase() : value;
  return JSON.stringify(EVENT_FIELDS.map((name) => [name in written, lower(written[name])]));
}

it('is the same of the same seven fields, whatever else is wrong with the event, and of no others', () => {
  let same = 0;
  fc.assert(
    fc.property(
      fc.array(fields, { minLength: 1, maxLength: 2 }),
      fc.array(fields, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      (one, other, broken) => {
        const [a, b] = [one.map((each) => eventOf(each, false)), other.map((each) => eventOf(each, broken))];
        const equal = one.map(told).join() === other.map(told).join();
        if (equal) same += 1;
        expect(printOf(a) === printOf(b)).toBe(equal);
      },
    ),
    { numRuns: 2000 },
  );
  expect(same).toBeGreaterThan(50);
});

it('is of 16 bytes, of sessions of any length', () => {
  const long = Array.from({ length: 1000 }, (_, i) =>
    eventOf(
      {
        OrganizationId: ID,
        ClipId: ID,
        SessionId: ID,
        Type: 'Start',
        Position: i,
        SeqNumber: i + 1,
        Timestamp: 1.7e9,
      },
      false,
    ),
  );
  const prints = [long, long.slice(0, 256), long.slice(0, 257), long.slice(0, 512)].map(printOf);
  expect(new Set(prints).size).toBe(4);
  for (const print of prints) expect(print).toHaveLength(32);
});
