import { DEFAULT_SOURCE, RESERVED_SOURCE } from '../../wire/body.js';
import { type PlayedEvent, wireOf } from '../player.js';
import { asSimulated, type Fault, intervalsOf, type Material } from './define.js';

/** A request body, or what a fault made of one. */
type Body = Record<string, unknown>;

const UNKNOWN_SOURCES = ['iOS', 'Android', 'Podcast App', 'customweb', ''] as const;
/** Seconds that the first part of a split session plays, so that it counts. */
const COUNTS = 10;

function bodyOf(events: readonly PlayedEvent[], { session }: Material): Body {
  return { Source: session.events[0]?.source ?? DEFAULT_SOURCE, Events: events.map(wireOf), Completed: true };
}

/** A played session in a body that a change makes wrong. */
function body(change: (body: Body, material: Material) => Body): Fault {
  return {
    carrier: 'bodies',
    break(material) {
      const { events } = material;
      const request = change(bodyOf(events, material), material);
      const sessionless = !Array.isArray(request.Events) || request.Events.length === 0;
      return { events: asSimulated(events, material), requests: [request], sessionless };
    },
  };
}

/** Faults of a request: each stands alone in its request. */
export const REQUEST_FAULTS = {
  'request-shape': body(({ Source, Events, Completed }, { chance }) =>
    chance.pick([
      { Events, Completed },
      { Source, Events },
      { Source, Completed },
      { Source, Events, Completed: 'true' },
    ]),
  ),
  'source-unknown': body((body, { chance }) => ({ ...body, Source: chance.pick(UNKNOWN_SOURCES) })),
  'source-reserved': body((body) => ({ ...body, Source: RESERVED_SOURCE })),
  'events-empty': body((body) => ({ ...body, Events: [] })),
  'not-completed': body((body) => ({ ...body, Completed: false })),
  // Behind a session of another organization: the request is for the first one's.
  'organization-mismatch': {
    carrier: 'bodies',
    break(material) {
      const companion = material.companion();
      const first = companion.events.map(({ played }) => played);
      const requests = [bodyOf([...first, ...material.events], material)];
      return { events: asSimulated(material.events, material), requests, companion };
    },
  },
  // Flushed at a pause, and again at the end.
  'session-split': {
    carrier: 'bodies',
    break(material) {
      const { events } = material;
      const long = intervalsOf(events).findIndex(({ audio }) => audio >= COUNTS);
      const from = 2 * (long + 1);
      if (long < 0 || from >= events.length) return null;
      const parts = [events.slice(0, from), events.slice(from)];
      const judged = asSimulated(parts[0]!, material);
      return {
        events: asSimulated(events, material),
        judged,
        requests: parts.map((part) => bodyOf(part, material)),
      };
    },
  },
  // No answer came, and the player tried again.
  'session-resent': {
    carrier: 'bodies',
    break(material) {
      const request = bodyOf(material.events, material);
      return { events: asSimulated(material.events, material), requests: [request, request] };
    },
  },
} as const satisfies Record<string, Fault>;
