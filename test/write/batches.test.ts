import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_FIELDS, type EventField } from '../../src/wire/event.js';
import { type Batch, type BatchSettings, batches } from '../../src/write/batches.js';
import type { EncodedSession } from '../../src/write/encoded-session.js';
import {
  anySessions as anyEvents,
  encoded,
  guid,
  heard,
  manyHeard,
  ORGANIZATIONS,
  sessionOf,
} from './sessions.js';

const ROOMY: BatchSettings = { maxSessions: 50, maxBytes: 65_536, defaultSource: 'Custom' };

async function all(
  sessions: Iterable<EncodedSession> | AsyncIterable<EncodedSession>,
  settings: Partial<BatchSettings> = {},
): Promise<Batch[]> {
  const made: Batch[] = [];
  for await (const batch of batches(sessions, { ...ROOMY, ...settings })) made.push(batch);
  return made;
}

function parsed(batch: Batch): { Source: string; Events: Record<string, unknown>[]; Completed: boolean } {
  return JSON.parse(batch.body.toString());
}

const anySessions = anyEvents.map((sessions) => sessions.map((events) => encoded(sessionOf(events))));

/** What of an event may be sent, told apart from how the code picks it. JSON knows no negative zero. */
function sendable(event: object): unknown {
  const named = Object.entries(event).filter(([name]) => EVENT_FIELDS.includes(name as EventField));
  return Object.fromEntries(named.map(([name, field]) => [name, field === 0 ? 0 : field]));
}

function groupOf(session: EncodedSession, defaultSource: string): string {
  return `${session.organizationId.toLowerCase()} ${session.source ?? defaultSource}`;
}

const settings = fc.record({
  maxSessions: fc.integer({ min: 1, max: 8 }),
  maxBytes: fc.integer({ min: 1, max: 4000 }),
  defaultSource: fc.constantFrom('Custom', 'SmartSpeaker'),
});

describe('batching', () => {
  test('keeps every session whole and in order, in batches of one organization and one Source', async () => {
    await fc.assert(
      fc.asyncProperty(anySessions, settings, async (sessions, settings) => {
        const made = await all(sessions, settings);
        const groupsOf = (batch: Batch) => `${batch.organizationId.toLowerCase()} ${batch.source}`;
        const groups = new Set(sessions.map((session) => groupOf(session, settings.defaultSource)));
        expect(new Set(made.map(groupsOf))).toEqual(groups);
        for (const group of groups) {
          const members = sessions.filter((session) => groupOf(session, settings.defaultSource) === group);
          const batched = made.filter((batch) => groupsOf(batch) === group);
          expect(batched.flatMap((batch) => batch.sessions)).toEqual(members);
        }
      }),
    );
  });

  test('the body holds the seven fields of its sessions’ events and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, settings, async (given, settings) => {
        const eventsOf = new Map<EncodedSession, readonly object[]>(
          given.map((events) => [encoded(sessionOf(events)), events]),
        );
        for (const batch of await all(eventsOf.keys(), settings)) {
          const events = batch.sessions.flatMap((session) => eventsOf.get(session)!);
          expect(parsed(batch)).toEqual({
            Source: batch.source,
            Events: events.map(sendable),
            Completed: true,
          });
          expect(batch.events).toBe(events.length);
        }
      }),
    );
  });

  test('keeps to both limits, but for a session that is too large by itself, and fills up to them', async () => {
    await fc.assert(
      fc.asyncProperty(anySessions, settings, async (sessions, settings) => {
        const made = await all(sessions, settings);
        const single = async (session: EncodedSession) =>
          (await all([session], { ...settings, maxBytes: 1e9 }))[0]!.body.length;
        for (const [index, batch] of made.entries()) {
          expect(batch.sessions.length).toBeLessThanOrEqual(settings.maxSessions);
          expect(Buffer.concat([...batch.pieces()])).toEqual(batch.body);
          expect(batch.oversize).toBe(batch.body.length > settings.maxBytes);
          if (batch.oversize) expect(batch.sessions).toHaveLength(1);
          const next = made
            .slice(index + 1)
            .find(
              ({ organizationId, source }) =>
                organizationId.toLowerCase() === batch.organizationId.toLowerCase() &&
                source === batch.source,
            );
          if (next && batch.sessions.length < settings.maxSessions) {
            const envelope = `{"Source":${JSON.stringify(batch.source)},"Events":[],"Completed":true}`;
            const added = (await single(next.sessions[0]!)) - Buffer.byteLength(envelope) + ','.length;
            expect(batch.body.length + added).toBeGreaterThan(settings.maxBytes);
          }
        }
      }),
    );
  });

  test('the same sessions and settings give the same batches, from an array as from a stream', async () => {
    await fc.assert(
      fc.asyncProperty(anySessions, settings, async (sessions, settings) => {
        const streamed = async function* () {
          yield* sessions;
        };
        expect(await all(streamed(), settings)).toEqual(await all(sessions, settings));
      }),
    );
  });

  test('a full batch comes before more is read', async () => {
    let read = 0;
    const counted = function* () {
      for (const session of manyHeard(100)) {
        read += 1;
        yield session;
      }
    };
    const made = batches(counted(), { ...ROOMY, maxSessions: 10 });
    await made.next();
    expect(read).toBe(10);
    await made.return();
  });

  test('a session that is too large goes alone and at once', async () => {
    let read = 0;
    const counted = function* () {
      for (const session of manyHeard(3)) {
        read += 1;
        yield session;
      }
    };
    const made = batches(counted(), { ...ROOMY, maxBytes: 100 });
    const { value } = await made.next();
    expect(value).toMatchObject({ oversize: true, sessions: [{ key: guid(0) }] });
    expect(read).toBe(1);
    await made.return();
  });

  test('the limit of bytes is exact', async () => {
    const sessions = manyHeard(3);
    const [{ body }] = (await all(sessions)) as [Batch];
    const sizes = async (maxBytes: number) =>
      (await all(sessions, { maxBytes })).map((batch) => batch.sessions.length);
    expect(await sizes(body.length)).toEqual([3]);
    expect(await sizes(body.length - 1)).toEqual([2, 1]);
  });

  test('what is left at the end comes in the order in which it was begun', async () => {
    const [one, other] = ORGANIZATIONS;
    const made = await all([
      heard(1, { organizationId: other }),
      heard(2, { organizationId: one, source: 'CustomWeb' }),
      heard(3, { organizationId: one }),
      heard(4, { organizationId: other.toUpperCase() }),
    ]);
    expect(
      made.map(({ organizationId, source, sessions }) => [organizationId, source, sessions.length]),
    ).toEqual([
      [other, 'Custom', 2],
      [one, 'CustomWeb', 1],
      [one, 'Custom', 1],
    ]);
  });

  test('thousands of organizations are not all held open', async () => {
    let read = 0;
    const sessions = function* () {
      for (; read < 2000; read += 1) yield heard(read, { organizationId: guid(read) });
    };
    const made = batches(sessions(), ROOMY);
    const { value } = await made.next();
    expect(read).toBeLessThan(1000);
    expect(value?.organizationId).toBe(guid(0));
    await made.return();
  });

  test('limits count bytes, not letters', async () => {
    const written = { OrganizationId: ORGANIZATIONS[0], ClipId: 'ü'.repeat(100) };
    const session = encoded(sessionOf([written]));
    const [{ body }] = (await all([session])) as [Batch];
    expect(body.length).toBe(body.toString().length + 100);
    const [exact] = await all([session], { maxBytes: body.length });
    expect(exact?.oversize).toBe(false);
    const [short] = await all([session], { maxBytes: body.length - 1 });
    expect(short?.oversize).toBe(true);
  });
});

describe('sessions with broken events', () => {
  const broken = (...written: unknown[]): EncodedSession => encoded(sessionOf(written));

  test.each([
    [
      'the first well-formed organization counts',
      [{ OrganizationId: 'x' }, { OrganizationId: ORGANIZATIONS[1] }],
      ORGANIZATIONS[1],
    ],
    [
      'none well formed: the first event’s, as it stands',
      [{ OrganizationId: 'x' }, { OrganizationId: 'y' }],
      'x',
    ],
    ['of another type: none', [{ OrganizationId: 7 }], ''],
    ['absent: none', [{}], ''],
  ])('%s', async (_, written, expected) => {
    const [batch] = await all([broken(...written)]);
    expect(batch?.organizationId).toBe(expected);
  });

  test('values stay as they were written, inherited names are not fields', async () => {
    const written = JSON.parse(
      '{"Position":1e999,"Timestamp":-1e999,"SessionId":null,"__proto__":{"Type":"Start"}}',
    );
    const [batch] = await all([broken(written)]);
    expect(batch?.body.toString()).toBe(
      '{"Source":"Custom","Events":[{"SessionId":null,"Position":1e999,"Timestamp":-1e999}],"Completed":true}',
    );
  });

  test('a lone surrogate keeps its value', async () => {
    const [batch] = await all([broken({ ClipId: '\ud800' })]);
    expect(parsed(batch!).Events).toEqual([{ ClipId: '\ud800' }]);
  });
});
