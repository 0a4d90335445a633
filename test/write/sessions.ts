import fc from 'fast-check';
import type { ListeningEvent } from '../../src/domain/event.js';
import { type PackedSession, packedEvents } from '../../src/write/packed.js';
import type { WritableEvent, WritableSession } from '../../src/write/writable.js';

export const ORGANIZATIONS = [
  '126281f8-200e-4c9f-8378-a4870055423b',
  '5e7d1f3a-1b2c-0d4e-7f60-00000000abcd',
] as const;
const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';

/** A GUID that ends in a number. */
export function guid(number: number): string {
  return `a039f83d-1916-436b-a090-${number.toString(16).padStart(12, '0')}`;
}

/** A sound session of one interval, heard from 0. */
export function heard(
  number: number,
  {
    organizationId = ORGANIZATIONS[0] as string,
    source = undefined as string | undefined,
    seconds = 30,
  } = {},
): WritableSession {
  const common = { organizationId, clipId: CLIP, sessionId: guid(number) };
  const events: ListeningEvent[] = [
    { ...common, type: 'Start', position: 0, seqNumber: 1, timestamp: 1540270724 },
    { ...common, type: 'Stop', position: seconds, seqNumber: 2, timestamp: 1540270724 + Math.ceil(seconds) },
  ];
  return { key: guid(number), source, events: events.map((sound) => ({ sound, source })) };
}

export function manyHeard(count: number, options: Parameters<typeof heard>[1] = {}): WritableSession[] {
  return Array.from({ length: count }, (_, number) => heard(number, options));
}

/** A session as it stands in a request body. */
export function packedSession(session: WritableSession): PackedSession {
  const { key, source } = session;
  return { key, source, packed: packedEvents(session) };
}

const organizationId = fc
  .tuple(fc.constantFrom(...ORGANIZATIONS), fc.boolean())
  .map(([id, upper]) => (upper ? id.toUpperCase() : id));

const brokenEvent = fc.record(
  {
    OrganizationId: fc.oneof(organizationId, fc.string({ unit: 'binary' }), fc.integer()),
    ClipId: fc.string({ unit: 'grapheme' }),
    Position: fc.oneof(fc.double({ noNaN: true }), fc.constant(null)),
    SeqNumber: fc.integer(),
    More: fc.string(),
  },
  { requiredKeys: [] },
);

/** Sessions of two organizations in either letter case and a few Sources, sound and broken, in any mixture. */
export const anySessions: fc.Arbitrary<WritableSession[]> = fc
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
      const sound = positions.map(
        (position, index): WritableEvent => ({
          source,
          sound: {
            organizationId,
            clipId: CLIP,
            sessionId: guid(number),
            type: index % 2 === 0 ? 'Start' : 'Stop',
            position,
            seqNumber: index + 1,
            timestamp: 1540270724 + index,
          },
        }),
      );
      const written = broken === undefined ? [] : [{ source, sound: null, written: broken }];
      return { key: guid(number), source, events: [...sound, ...written] };
    }),
  );
