import { SOURCES } from '../../domain/event-batch.js';
import { DEFAULT_SOURCE, RESERVED_SOURCE } from '../../wire/body.js';
import { type PlayedEvent, wireOf } from '../listener.js';
import { madeGuid } from '../random.js';
import { asSimulated, type Draft, type Fault, type FaultInput, intervalsOf } from './define.js';

/** A request body, valid or broken by a fault. */
type Body = Record<string, unknown>;

const UNKNOWN_SOURCES = ['iOS', 'Android', 'Podcast App', 'customweb', ''] as const;
/** Seconds that the first part of a split session plays, so that it counts. */
const MIN_FIRST_PART_SECONDS = 10;

function bodyOf(events: readonly PlayedEvent[], { session }: FaultInput): Body {
  return { Source: session.events[0]?.source ?? DEFAULT_SOURCE, Events: events.map(wireOf), Completed: true };
}

/** A fault that changes the request body of a session. */
function body(change: (body: Body, input: FaultInput) => Body): Fault {
  return {
    carrier: 'bodies',
    break(input) {
      const { events } = input;
      const request = change(bodyOf(events, input), input);
      const sessionless = !Array.isArray(request.Events) || request.Events.length === 0;
      return { events: asSimulated(events, input), requests: [request], sessionless };
    },
  };
}

/** Faults of a request, each in a separate request. */
export const REQUEST_FAULTS = {
  'request-shape': body(({ Source, Events, Completed }, { random }) =>
    random.pick([
      { Events, Completed },
      { Source, Events },
      { Source, Completed },
      { Source, Events, Completed: 'true' },
    ]),
  ),
  'source-unknown': body((body, { random }) => ({ ...body, Source: random.pick(UNKNOWN_SOURCES) })),
  'source-reserved': body((body) => ({ ...body, Source: RESERVED_SOURCE })),
  'events-empty': body((body) => ({ ...body, Events: [] })),
  'not-completed': body((body) => ({ ...body, Completed: false })),
  // The request begins with a session of another organization, so it is for that organization.
  'organization-mismatch': {
    carrier: 'bodies',
    break(input) {
      const companion = input.companion();
      const first = companion.events.map(({ played }) => played);
      const requests = [bodyOf([...first, ...input.events], input)];
      return { events: asSimulated(input.events, input), requests, companion };
    },
  },
  // The player sends its events at a pause, and the rest at the end.
  'session-split': {
    carrier: 'bodies',
    break(input) {
      const { events } = input;
      const long = intervalsOf(events).findIndex(({ audio }) => audio >= MIN_FIRST_PART_SECONDS);
      const from = 2 * (long + 1);
      if (long < 0 || from >= events.length) return null;
      const parts = [events.slice(0, from), events.slice(from)];
      const judged = asSimulated(parts[0]!, input);
      return {
        events: asSimulated(events, input),
        judged,
        requests: parts.map((part) => bodyOf(part, input)),
      };
    },
  },
  // The player received no answer, and sends the same request again.
  'session-resent': {
    carrier: 'bodies',
    break(input) {
      const request = bodyOf(input.events, input);
      return { events: asSimulated(input.events, input), requests: [request, request] };
    },
  },
} as const satisfies Record<string, Fault>;

/** A fault that changes the drafts in place or returns others; null if it cannot break the session. */
function drafts(change: (events: Draft[], input: FaultInput) => readonly Draft[] | null): Fault {
  return {
    carrier: 'any',
    break(input) {
      const events = change(input.events, input);
      return events && { events: asSimulated(events, input) };
    },
  };
}

/** A random index, from 1 to the last, at which the numbering breaks. */
function cut(events: readonly Draft[], { random }: FaultInput): number {
  return random.whole(1, events.length - 1);
}

/** Faults of a session's ids and SeqNumbers. */
export const IDENTITY_FAULTS = {
  // The player keeps the SessionId for the next clip.
  'clip-changed': drafts((events, { random }) => {
    events.at(-1)!.clipId = madeGuid(random);
    return events;
  }),
  'organization-changed': drafts((events, { random }) => {
    events.at(-1)!.organizationId = madeGuid(random);
    return events;
  }),
  'source-changed': {
    carrier: 'events',
    break(input) {
      const first = input.session.events[0]?.source ?? 'MobileApp';
      const other = SOURCES.find((source) => source !== first)!;
      const last = input.events.at(-1);
      return { events: input.events.map((played) => ({ played, source: played === last ? other : first })) };
    },
  },
  // SeqNumbers start at 2, as if the first event were lost.
  'seq-start': drafts((events) => {
    for (const event of events) event.seqNumber += 1;
    return events;
  }),
  // The player does not raise the counter once.
  'seq-duplicate': drafts((events, input) => {
    for (const event of events.slice(cut(events, input))) event.seqNumber -= 1;
    return events;
  }),
  'seq-gap': drafts((events, input) => {
    const lost = input.random.whole(1, 5);
    for (const event of events.slice(cut(events, input))) event.seqNumber += lost;
    return events;
  }),
} as const satisfies Record<string, Fault>;
