import fc from 'fast-check';
import { CLIPS, NOW, ORGANIZATIONS, PAST, SESSIONS } from './listening.js';
import { FIELDS, IDS, type Json, ZEROS } from './naive-json.js';

const pick = fc.constantFrom;
const place = fc.nat(7);

/** A mistake, made somewhere in a session's events. */
type Mistake = (events: Json[]) => Json[];

const change =
  (at: number, mend: (event: Json) => Json): Mistake =>
  (events) =>
    events.map((event, i) => (i === at % events.length ? mend(event) : event));

const changeFrom =
  (at: number, mend: (event: Json) => Json): Mistake =>
  (events) =>
    events.map((event, i) => (i >= at % events.length ? mend(event) : event));

/** The object without one of its properties. */
export const without = (event: Json, field: string) => {
  const { [field]: _, ...rest } = event;
  return rest;
};

const ids = [
  ZEROS,
  'episode-12',
  '',
  CLIPS[0],
  ORGANIZATIONS[0],
  SESSIONS[0],
  `{${SESSIONS[0]}}`,
  SESSIONS[0]?.replaceAll('-', ''),
];
const VALUES: Readonly<Record<string, readonly Json[]>> = {
  OrganizationId: ids,
  ClipId: ids,
  SessionId: ids,
  Type: ['start', 'STOP', 'Pause', '', 'Start', 'Stop'],
  Position: [-0.001, -3, -0, 4.0004, 4.0005, 4.0015, Number.POSITIVE_INFINITY, 1e300, 0, 12],
  SeqNumber: [0, -1, 1.5, 2, 5, 1e9, Number.POSITIVE_INFINITY, 1],
  Timestamp: [
    999_999_999,
    999_999_999.9994,
    999_999_999.9996,
    99_999_999_999.9996,
    NOW + 300.0004,
    NOW + 300.0006,
    1e9,
    99_999_999_999,
    1e11,
    1_733_047_200_123,
    12.5,
    -1,
    0,
    NOW + 300,
    NOW + 300.001,
    NOW + 301,
    1_733_047_200.5,
    Number.POSITIVE_INFINITY,
  ],
};
const ANY = [null, true, '4.5', [], {}, 7, { Start: 1 }];
/** Names of properties that are not documented, some of them nearly. */
export const EXTRA = [
  'Player',
  'source',
  'position',
  'TYPE',
  'Events',
  '__proto__',
  'a/b~c',
  'constructor',
  '',
];

const fieldValue = pick(...FIELDS).chain((field) =>
  fc.tuple(
    fc.constant(field),
    fc.oneof(
      { weight: 3, arbitrary: pick(...(VALUES[field] ?? [])) },
      { weight: 1, arbitrary: pick(...ANY) },
    ),
  ),
);

const mistake: fc.Arbitrary<Mistake> = fc.oneof(
  place.map(
    (at): Mistake =>
      (events) =>
        events.length > 1 ? events.filter((_, i) => i !== at % events.length) : events,
  ),
  place.map(
    (at): Mistake =>
      (events) => [...events, events[at % events.length]],
  ),
  fc.tuple(place, place).map(
    ([a, b]): Mistake =>
      (events) => {
        const [i, j] = [a % events.length, b % events.length];
        const numbers = events.map((event) => event.SeqNumber);
        return events.map((event, k) => ({ ...event, SeqNumber: numbers[k === i ? j : k === j ? i : k] }));
      },
  ),
  fc
    .tuple(place, fieldValue)
    .map(([at, [field, value]]) => change(at, (event) => ({ ...event, [field]: value }))),
  fc
    .tuple(place, fieldValue)
    .map(([at, [field, value]]) => change(at, (event) => ({ ...event, [field]: value }))),
  fc.tuple(place, pick(...FIELDS)).map(([at, field]) => change(at, (event) => without(event, field))),
  fc
    .tuple(place, pick(...FIELDS))
    .map(([at, field]) =>
      change(at, (event) => ({ ...without(event, field), [field.toLowerCase()]: event[field] })),
    ),
  fc
    .tuple(place, pick(...EXTRA.filter((name) => name !== 'Events')))
    .map(([at, name]) => change(at, (event) => ({ ...event, [name]: 1 }))),
  fc
    .tuple(place, pick(...IDS))
    .map(([at, id]) => change(at, (event) => ({ ...event, [id]: String(event[id]).toUpperCase() }))),
  fc
    .tuple(place, pick('MobileApp', 'Web', 'web', 'Custom', '', 3))
    .map(([at, Source]) => change(at, (event) => ({ ...event, Source }))),
  fc
    .tuple(place, pick('MobileApp', 'Web', 'CustomWeb'))
    .map(([at, Source]) => changeFrom(at, (event) => ({ ...event, Source }))),
  fc.tuple(place, pick(...CLIPS)).map(([at, ClipId]) => changeFrom(at, (event) => ({ ...event, ClipId }))),
  fc
    .tuple(place, pick(...ORGANIZATIONS))
    .map(([at, OrganizationId]) => changeFrom(at, (event) => ({ ...event, OrganizationId }))),
  fc
    .tuple(place, pick(1, 2, -1, 1e6))
    .map(([at, d]) => changeFrom(at, (event) => ({ ...event, SeqNumber: event.SeqNumber + d }))),
  pick<Mistake>(
    (events) => events.map((event) => ({ ...event, Position: event.Position * 1000 })),
    (events) => events.map((event) => ({ ...event, Timestamp: event.Timestamp * 1000 })),
    (events) => events.map((event) => ({ ...event, Timestamp: events[0].Timestamp })),
    (events) => events.map((event, i) => ({ ...event, Timestamp: events[0].Timestamp + Number(i > 1) })),
    (events) => events.map((event) => ({ ...event, SessionId: event.ClipId })),
    (events) => events.map((event) => ({ ...event, SessionId: 'x', ClipId: 'x' })),
    (events) => events.map((event) => ({ ...event, SessionId: ZEROS, OrganizationId: ZEROS })),
    (events) => events.map((event) => ({ ...event, Position: event.Position + 0.0004 })),
    (events) => events.map((event, i) => ({ ...event, Position: event.Position + 0.0003 * (i % 3) })),
    (events) => events.map((event, i) => ({ ...event, Timestamp: event.Timestamp + 0.0004 * (i % 3) })),
    (events) => events.map((event) => ({ ...event, SeqNumber: 1 })),
    (events) => events.toReversed(),
    (events) => events.map((event) => ({ ...event, Position: 7 })),
    (events) => events.map((event) => ({ ...event, Position: event.Position % 7 ? 7 : 7.0004 })),
    ...[4, 4.001, 6, 8.001].map(
      (seconds): Mistake =>
        (events) =>
          events.map((event, i) => ({
            ...event,
            Position: (i % 2) * seconds,
            Timestamp: PAST + 300 - (i % 2),
          })),
    ),
    ...[4, 4.001, 6].map(
      (seconds): Mistake =>
        (events) =>
          events.map((event, i) => ({ ...event, Position: (i % 2) * seconds, Timestamp: PAST + 902 })),
    ),
  ),
);

/** What a mistake leaves of the events, as JSON can hold it. */
export function applied(events: Json[], make: Mistake): Json[] {
  return make(events).map((event) =>
    Object.fromEntries(
      Object.entries(event)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, Number.isNaN(value) ? null : value]),
    ),
  );
}

/** No mistake, or a few. */
export const mistakes = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Mistake[]>([]) },
  { weight: 3, arbitrary: fc.array(mistake, { minLength: 1, maxLength: 3 }) },
);
