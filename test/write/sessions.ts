import fc from 'fast-check';
import { EventBatch } from '../../src/domain/event-batch.js';
import { Session } from '../../src/domain/session.js';
import { sessionKey } from '../../src/send/ledger/schema.js';
import { sessionMark } from '../../src/send/rewriting.js';
import type { SendableSession } from '../../src/send/sendable-sessions.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { inspectEvents } from '../../src/validate/session.js';
import { addEvent } from '../../src/wire/event-columns.js';
import { type EncodedSession, SessionEncoder } from '../../src/write/encoded-session.js';

export const ORGANIZATIONS = [
  '126281f8-200e-4c9f-8378-a4870055423b',
  '5e7d1f3a-1b2c-0d4e-7f60-00000000abcd',
] as const;
export const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const NOW = 1_767_225_600;

/** A GUID that ends in a number. */
export function guid(number: number): string {
  return `a039f83d-1916-436b-a090-${number.toString(16).padStart(12, '0')}`;
}

/** Bare events, whatever they are, as a session. Its `rows` say which of the values each of its events is. */
export function sessionOf(values: readonly unknown[], { unnumbered = false } = {}): Session {
  const batch = new EventBatch(values.length);
  for (const value of values) {
    const i = addEvent(batch, value, { bare: true, unnumbered });
    batch.lines[i] = 1;
    batch.columns[i] = 1;
  }
  inspectEvents(batch, 0, batch.count, true, () => {}, { ...INSPECT_DEFAULTS, now: NOW });
  const session = new Session();
  session.begin(
    { raw: (row) => batch.raws.get(row)!, locate: () => ({ line: 1, column: 1 }), pointer: () => null },
    [{ index: 0, name: 'test' }],
  );
  for (let i = 0; i < batch.count; i += 1) session.add(batch, i);
  session.settle();
  return session;
}

/** The two events of a session of one interval, heard from 0. */
export function heardEvents(
  number: number,
  {
    organizationId = ORGANIZATIONS[0] as string,
    source = undefined as string | undefined,
    seconds = 30,
  } = {},
): object[] {
  const ids = { OrganizationId: organizationId, ClipId: CLIP, SessionId: guid(number) };
  const more = source === undefined ? {} : { Source: source };
  const began = 1540270724;
  return [
    { ...ids, Type: 'Start', Position: 0, SeqNumber: 1, Timestamp: began, ...more },
    { ...ids, Type: 'Stop', Position: seconds, SeqNumber: 2, Timestamp: began + Math.ceil(seconds), ...more },
  ];
}

/** A session of one interval, heard from 0, as it is sent. */
export function heard(number: number, options: Parameters<typeof heardEvents>[1] = {}): SendableSession {
  return encoded(sessionOf(heardEvents(number, options)));
}

export function manyHeard(count: number, options: Parameters<typeof heard>[1] = {}): SendableSession[] {
  return Array.from({ length: count }, (_, number) => heard(number, options));
}

/** A session as it is sent. */
export function encoded(session: Session): SendableSession {
  return {
    ...new SessionEncoder().encode(session),
    keyBytes: sessionKey(session.key),
    mark: sessionMark(session, 0),
    isUnknown: false,
  };
}

/** The events of a session as it is sent. */
export function eventsIn({ json }: Pick<EncodedSession, 'json'>): Record<string, unknown>[] {
  return JSON.parse(`[${json.toString()}]`) as Record<string, unknown>[];
}

const organizationId = fc
  .tuple(fc.constantFrom(...ORGANIZATIONS), fc.boolean())
  .map(([id, upper]) => (upper ? id.toUpperCase() : id));

const brokenEvent = fc.record(
  {
    OrganizationId: fc.oneof(organizationId, fc.string({ unit: 'binary' }), fc.integer()),
    ClipId: fc.string({ unit: 'grapheme' }),
    Position: fc.oneof(fc.double({ noNaN: true }), fc.constant(null)),
    SeqNumber: fc.integer({ min: 100 }),
    More: fc.string(),
  },
  { requiredKeys: [] },
);

/** The events of sessions of two organizations in either letter case and a few Sources, sound and broken, in any mixture. */
export const anySessions: fc.Arbitrary<object[][]> = fc
  .array(
    fc.record({
      organizationId,
      source: fc.constantFrom(undefined, 'Custom', 'CustomWeb', '[]"Events":[]'),
      positions: fc.array(fc.double({ min: 0, max: 1e5, noNaN: true, noDefaultInfinity: true }), {
        minLength: 1,
        maxLength: 6,
      }),
      broken: fc.option(brokenEvent, { nil: undefined }),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ organizationId, source, positions, broken }, number) => {
      const valid = positions.map((position, index) => ({
        OrganizationId: organizationId,
        ClipId: CLIP,
        SessionId: guid(number),
        Type: index % 2 === 0 ? 'Start' : 'Stop',
        Position: position,
        SeqNumber: index + 1,
        Timestamp: 1540270724 + index,
        ...(source !== undefined && { Source: source }),
      }));
      return broken === undefined ? valid : [...valid, broken];
    }),
  );
