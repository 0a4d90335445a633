import fc from 'fast-check';
import { exchange } from './exchange.js';
import { SESSIONS, session } from './listening.js';
import { applied, EXTRA, mistakes, without } from './mistakes.js';
import type { NaiveInput } from './naive.js';
import type { Json } from './naive-json.js';
import { inputsOf, simulated } from './simulated.js';

const pick = fc.constantFrom;

const broken = (sessionId: string) =>
  fc.tuple(session(sessionId), mistakes).map(([events, made]) => made.reduce(applied, events));

type Flaw = (body: Json) => Json;
const set =
  (property: string) =>
  (value: Json): Flaw =>
  (body) => ({ ...body, [property]: value });

const bodyFlaw: fc.Arbitrary<Flaw> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Flaw>((body) => body) },
  pick('MyApp', 'Web', 'Web', 'customweb', '', null, 5).map(set('Source')),
  pick(false, false, null, 'true').map(set('Completed')),
  pick([], [], {}, 'none', null).map(set('Events')),
  pick('Source', 'Completed', 'Events').map(
    (name): Flaw =>
      (body) =>
        without(body, name),
  ),
  pick(...EXTRA).map(
    (name): Flaw =>
      (body) => ({ [name]: 1, ...body }),
  ),
  pick<Flaw>(
    (body) => ({ ...without(body, 'Completed'), completed: true }),
    (body) => ({ ...body, Events: [null, ...body.Events, 'Stop', []] }),
    (body) => ({ ...body, Events: body.Events.toReversed() }),
  ),
  pick(null, 42, 'ok', {}).map((value) => () => value),
);

/** The last event of a session as a listener of another one wrote it too. */
const leak = (events: Json[]): Json[] =>
  events.map((event, i) =>
    i === events.length - 1 ? { ...event, Type: 'Stop', Position: 42.125, Timestamp: 1_733_050_000 } : event,
  );

/** A session whose events are stamped when they are sent: `seconds` are played, within the second before its request began, or so late. */
const stampedAtSend =
  (beganAt: number, { late, seconds }: { late: number; seconds: number }) =>
  (events: Json[]) =>
    events.map((event, i) => ({
      ...event,
      Position: (i % 2) * seconds,
      Timestamp: Math.round((beganAt + late) * 1000) / 1000 - (i % 2),
    }));

/** What is done with the sessions: a request that holds some of them, or their events one by one. */
const delivery = fc.record({
  bare: pick(true, true, false, false, false),
  held: fc.subarray([0, 1, 2], { minLength: 1 }),
  flaw: bodyFlaw,
  exchange: fc.option(exchange, { nil: undefined, freq: 8 }),
  leaks: pick(true, false, false, false, false, false),
  /** Seconds from the request to the latest Timestamp, and audio between a Start and its Stop, beside the limits. */
  atSend: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({ late: pick(-3.001, -3, -0.5, 0, 1, 1.001), seconds: pick(8, 8.001, 12) }),
    },
  ),
  /** Mistakes where the session was delivered before. */
  redo: mistakes,
  /** What bare events carry, one after the other. */
  sources: fc.oneof(
    fc.constant([undefined]),
    fc.array(pick(undefined, 'CustomWeb', 'MobileApp', 'Web', 'web'), { minLength: 1, maxLength: 3 }),
  ),
});

/** Inputs with sound and broken sessions, whole, split and sent again, in requests and as bare events; in most, one that `simulate` broke. */
export const scenario: fc.Arbitrary<NaiveInput[]> = fc
  .tuple(
    fc.tuple(...SESSIONS.map(broken)),
    fc.array(delivery, { minLength: 1, maxLength: 4 }),
    fc.option(fc.tuple(simulated, exchange), { freq: 3 }),
    fc.array(fc.nat(50), { minLength: 1, maxLength: 9 }),
    fc.boolean(),
  )
  .map(([sessions, deliveries, fault, keys, isCapture]) => {
    const inputs = deliveries.flatMap(
      ({ bare, held, flaw, exchange, leaks, atSend, redo, sources }, i): NaiveInput[] => {
        const events = held.flatMap((k) => {
          const own = leaks ? leak(sessions[k] ?? []) : (sessions[k] ?? []);
          const beganAt = isCapture && !bare ? exchange?.beganAt : undefined;
          const told = beganAt && atSend ? stampedAtSend(beganAt, atSend)(own) : own;
          const seenBefore = deliveries.slice(0, i).some((earlier) => earlier.held.includes(k));
          return seenBefore ? redo.reduce(applied, told) : told;
        });
        if (bare && !isCapture) {
          return events.map((event, at) => {
            const Source = sources[at % sources.length];
            return { kind: 'event', value: Source === undefined ? event : { Source, ...event } };
          });
        }
        const body = flaw({ Source: 'CustomWeb', Events: events, Completed: true });
        return [{ kind: 'request', value: body, exchange: isCapture ? exchange : undefined }];
      },
    );
    const broken = fault ? inputsOf(fault[0], isCapture ? fault[1] : undefined) : [];
    return shuffled([...inputs, ...broken], keys);
  });

/** The same things in an order that the keys decide. */
export function shuffled<T>(things: readonly T[], keys: readonly number[]): T[] {
  if (keys.length < 3) return [...things];
  return things
    .map((thing, i) => ({ thing, key: keys[i % keys.length] ?? 0 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ thing }) => thing);
}
