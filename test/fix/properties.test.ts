import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.js';
import { wireOf } from '../../src/simulate/listener.js';
import { simulate } from '../../src/simulate/simulate.js';
import { casesOf } from '../cases.js';
import { converted, fixedOf, OPTIONS, valuesOf } from './mending.js';

type Event = Readonly<Record<string, unknown>>;
type Change = (events: readonly Event[], pick: number) => readonly Event[];

const set =
  (field: string, value: (event: Event) => unknown): Change =>
  (events) =>
    events.map((event) => ({ ...event, [field]: value(event) }));

const one =
  (change: (event: Event) => Event): Change =>
  (events, pick) =>
    events.map((event, i) => (i === pick % events.length ? change(event) : event));

const without = (event: Event, field: string): Event =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== field));

const renamed = (event: Event, to: (name: string) => string): Event =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [to(name), value]));

const plain = (name: string) => name.toLowerCase().replaceAll('_', '');

/** The SessionId of an event, however name and id are written. */
function idOf(event: Event): string {
  const [, id] = Object.entries(event).find(([name]) => plain(name) === 'sessionid') ?? [];
  return plainId(id);
}

function plainId(id: unknown): string {
  return String(id)
    .replace(/^urn:uuid:/i, '')
    .replaceAll(/[^\da-z]/gi, '')
    .toLowerCase();
}

const snakeCase = (name: string): string =>
  name.replaceAll(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

const ID_FORMS: readonly ((id: string) => string)[] = [
  (id) => `{${id}}`,
  (id) => id.replaceAll('-', ''),
  (id) => `urn:uuid:${id}`,
  (id) => `\ufeff ${id}\u200b`,
  (id) => `(${id.replaceAll('-', '').toUpperCase()})`,
];

/** What can be fixed for certain: what comes of it is what was there before. */
const CERTAIN = {
  'from 0': set('SeqNumber', ({ SeqNumber }) => Number(SeqNumber) - 1),
  milliseconds: set('Timestamp', ({ Timestamp, SeqNumber }) => Number(Timestamp) * 1000 + Number(SeqNumber)),
  repeats: (events, pick) => events.flatMap((event, i) => (pick % (i + 1) === 0 ? [event, event] : [event])),
  'an id in capitals': one((event) => ({ ...event, SessionId: String(event.SessionId).toUpperCase() })),
  shuffled: (events, pick) => [
    ...events.slice(pick % events.length),
    ...events.slice(0, pick % events.length),
  ],
  'one Type': one((event) => ({ ...event, Type: String(event.Type).toLowerCase() })),
  'Type in capitals': set('Type', ({ Type }) => String(Type).toUpperCase()),
  'numbers as text': (events) =>
    events.map((event) => ({
      ...event,
      Position: String(event.Position),
      SeqNumber: `${String(event.SeqNumber)} `,
      Timestamp:
        Number(event.Timestamp) % 2 === 0 ? `${String(event.Timestamp)}.000` : String(event.Timestamp),
    })),
  'a number as text': one((event) => ({ ...event, SeqNumber: `${String(event.SeqNumber).trim()}e0` })),
  'written times': (events, pick) =>
    events.map((event, i) => {
      const seconds = Number(event.Timestamp);
      const iso = new Date(seconds > 1e11 ? seconds : seconds * 1000 + (pick % 1000)).toISOString();
      return { ...event, Timestamp: i % 2 === 0 ? iso : iso.replace('T', ' ').replace('Z', ' UTC') };
    }),
  ids: (events, pick) =>
    events.map((event, i) => {
      const form = ID_FORMS[(pick + i) % ID_FORMS.length]!;
      return { ...event, SessionId: form(String(event.SessionId)), ClipId: form(String(event.ClipId)) };
    }),
  snake_case: (events) => events.map((event) => renamed(event, snakeCase)),
  'one UPPER_CASE': one((event) => renamed(event, (name) => snakeCase(name).toUpperCase())),
  'one lower case': one((event) => renamed(event, (name) => name.toLowerCase())),
  camelCase: (events) =>
    events.map((event) => renamed(event, (name) => `${name[0]?.toLowerCase()}${name.slice(1)}`)),
} as const satisfies Record<string, Change>;

/** What cannot, or not always. */
const OTHER = {
  'positions in ms': set('Position', ({ Position }) => Number(Position) * 1000),
  'a position in ms': one((event) => ({ ...event, Position: Number(event.Position) * 1000 })),
  open: (events) => events.slice(0, -1),
  gap: (events, pick) => events.filter((_, i) => i !== pick % events.length || i === 0),
  'from 4': set('SeqNumber', ({ SeqNumber }) => Number(SeqNumber) + 3),
  'a time in ms': one((event) => ({ ...event, Timestamp: Number(event.Timestamp) * 1000 })),
  microseconds: set('Timestamp', ({ Timestamp }) => Number(Timestamp) * 1e6),
  'from page load': set('Timestamp', ({ SeqNumber }) => Number(SeqNumber) * 60),
  'ms of the future': set('Timestamp', ({ Timestamp }) => Number(Timestamp) * 1000 + 1e11),
  'a number twice': one((event) => ({ ...event, SeqNumber: 2 })),
  'a negative position': one((event) => ({ ...event, Position: -1 })),
  'a position of too many digits': one((event) => ({
    ...event,
    Position: `${String(event.Position)}00000000000001`,
  })),
  'a time without an offset': one((event) => ({ ...event, Timestamp: '2026-03-02T09:00:00' })),
  'a fraction of a second': one((event) => ({ ...event, Timestamp: `${String(event.Timestamp)}.5` })),
  'a length': one((event) => ({ ...event, Position: '1:01' })),
  'no GUID': one((event) => ({ ...event, ClipId: 'episode-1' })),
  'an empty id': one((event) => ({ ...event, ClipId: '0'.repeat(32) })),
  'no clip': one((event) => without(event, 'ClipId')),
  'no session': one((event) => without(event, 'SessionId')),
  'two of a name': one((event) => ({ type: event.Type, TYPE: 'x', ...event, Type: undefined })),
  'another Type': one((event) => ({ ...event, Type: 'pause' })),
  'another clip': one((event) => ({ ...event, ClipId: event.SessionId })),
  more: one((event) => ({ ...event, Extra: 1e300 * 1e300 })),
} as const satisfies Record<string, Change>;

/** Sessions with changes to each, one after the other, as events of one input. */
function inputs(kinds: Readonly<Record<string, Change>>, most: number) {
  const change = fc.tuple(fc.constantFrom(...Object.keys(kinds)), fc.nat(1000));
  return fc
    .tuple(
      fc.nat(500),
      fc.array(fc.uniqueArray(change, { selector: ([kind]) => kind, maxLength: most }), {
        minLength: 5,
        maxLength: 5,
      }),
    )
    .map(([seed, changes]) => {
      const sound = [...simulate({ sessions: 5, seed })].map(({ events }) =>
        events.map((event): Event => ({ ...wireOf(event.played!) })),
      );
      const changed = sound.map((events, i) =>
        chosen(kinds, changes[i] ?? []).reduce(
          (so, [kind, pick]) => kinds[kind]?.(so, pick) ?? so,
          events as readonly Event[],
        ),
      );
      return { sound: sound.flat(), changed: changed.flat() };
    });
}

/** Changes of values come before those of names. */
function chosen(
  kinds: Readonly<Record<string, Change>>,
  changes: readonly (readonly [kind: string, pick: number])[],
): readonly (readonly [kind: string, pick: number])[] {
  const order = Object.keys(kinds);
  return changes.toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** The errors and warnings about a session, wherever its events stand and however its id is spelled. */
function foundBySession(events: readonly Event[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = grouped(events, idOf);
  return new Map(
    [...groups].map(([id, its]) => {
      const { findings } = check(its, OPTIONS);
      return [id, new Set(findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule))];
    }),
  );
}

describe('mending', () => {
  it('leaves what is sound byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        inputs({ shuffled: CERTAIN.shuffled }, 1),
        fc.boolean(),
        async ({ changed }, closeOpen) => {
          const { text, changes } = await fixedOf(changed, closeOpen);
          expect(text).toBe(await converted(changed));
          expect(changes).toEqual([]);
        },
      ),
      { numRuns: casesOf(20) },
    );
  });

  it('gives back what was there before, where that is certain', async () => {
    await fc.assert(
      fc.asyncProperty(inputs(CERTAIN, 4), async ({ sound, changed }) => {
        const lower = (text: string) => text.toLowerCase().split('\n').toSorted();
        expect(lower((await fixedOf(changed)).text)).toEqual(lower(await converted(sound)));
      }),
      { numRuns: casesOf(40) },
    );
  });

  it('is done after one time', async () => {
    await fc.assert(
      fc.asyncProperty(inputs({ ...OTHER, ...CERTAIN }, 4), fc.boolean(), async ({ changed }, closeOpen) => {
        const once = await fixedOf(changed, closeOpen);
        const again = await fixedOf(valuesOf(once.text), closeOpen);
        expect(again.text).toBe(once.text);
        expect(again.changes).toEqual([]);
      }),
      { numRuns: casesOf(40) },
    );
  });

  it('is done after one time, also where a session stood in several requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        inputs({ ...OTHER, ...CERTAIN }, 3),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        fc.boolean(),
        async ({ changed }, size, twice, closeOpen) => {
          const parts = Array.from({ length: Math.ceil(changed.length / size) }, (_, n) => ({
            Source: 'Custom',
            Events: changed.slice(n * size, (n + 1) * size + Number(twice)),
            Completed: true,
          }));
          const once = await fixedOf(parts, closeOpen);
          const again = await fixedOf(valuesOf(once.text), closeOpen);
          expect(again.text).toBe(once.text);
          expect(again.changes).toEqual([]);
        },
      ),
      { numRuns: casesOf(40) },
    );
  });

  it('brings up no error and no warning, and takes away what it mends', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(inputs({ ...OTHER, ...CERTAIN }, 3), fc.boolean(), async ({ changed }, closeOpen) => {
        const { text, changes, fixer } = await fixedOf(changed, closeOpen);
        const [before, after] = [foundBySession(changed), foundBySession(valuesOf(text))];
        const mendedRules = grouped(changes, ({ sessionId }) => plainId(sessionId));
        for (const [id, rules] of after) {
          const not = new Set(mendedRules.get(id)?.map(({ rule }) => rule));
          const fresh = [...rules].filter((rule) => not.has(rule as never) || !before.get(id)?.has(rule));
          expect(fresh.filter((rule) => rule !== 'session-open' || closeOpen)).toEqual([]);
        }
        kept += fixer.kept;
      }),
      { numRuns: casesOf(60) },
    );
    expect(kept).toBeGreaterThan(casesOf(10));
  });

  it('says the same of request bodies, event for event', async () => {
    await fc.assert(
      fc.asyncProperty(inputs(CERTAIN, 3), async ({ changed }) => {
        const sessions = grouped(changed, idOf);
        const bodies = [...sessions.values()].map((events, i) =>
          i % 2 === 0
            ? { Source: 'Custom', Events: events, Completed: true }
            : { source: 'Custom', events, COMPLETED: true },
        );
        const bare = valuesOf((await fixedOf(changed)).text).map((event) =>
          JSON.stringify({ ...event, Source: 'Custom' }),
        );
        const ofBodies = valuesOf((await fixedOf(bodies)).text).map((event) => JSON.stringify(event));
        expect(ofBodies.toSorted()).toEqual(bare.toSorted());
      }),
      { numRuns: casesOf(25) },
    );
  });

  it('leaves a session of too many events as it stands', async () => {
    await fc.assert(
      fc.asyncProperty(inputs({ ...CERTAIN, ...OTHER }, 2), async ({ changed }) => {
        const { text, changes, fixer } = await fixedOf(changed, false, 0);
        expect(changes).toEqual([]);
        // An event whose SessionId is found by fixing stands elsewhere, since it came with its session.
        expect(text.split('\n').sort()).toEqual((await converted(changed)).split('\n').sort());
        expect(fixer.tooLarge).toBeLessThanOrEqual(5);
      }),
      { numRuns: casesOf(20) },
    );
    const broken = [{ SessionId: '0d6b3a52-1f0e-4a55-9c1e-000000000001', Type: 'start', Position: 0 }];
    expect((await fixedOf([...broken, ...broken], false, 1)).fixer.tooLarge).toBe(1);
    expect((await fixedOf([...broken, ...broken], false, 2)).fixer.tooLarge).toBe(0);
  });
});
