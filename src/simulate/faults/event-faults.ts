import { EMPTY_GUID } from '../../domain/guid.js';
import type { EventField } from '../../wire/event.js';
import { type SimulatedEvent, wireOf } from '../listener.js';
import {
  asSimulated,
  type Carrier,
  type Draft,
  type Fault,
  type FaultInput,
  type FaultResult,
} from './define.js';

/** An event as raw JSON, which can have any of the seven fields with any value. */
type Raw = { -readonly [F in EventField]?: unknown };

/**
 * Fields whose absence breaks no other rule. SessionId is not one of them, because without it an event belongs to no session.
 */
const LEFT_OUT = [
  'ClipId',
  'Type',
  'Position',
  'SeqNumber',
  'Timestamp',
] as const satisfies readonly EventField[];
/** How far a wrong clock is ahead: 50 years, so that the Timestamps are in the future whenever this code runs. */
const FUTURE_SECONDS = 50 * 31_557_600;

/** A fault that breaks one random event of the session. */
function one(change: (raw: Raw, input: FaultInput) => void): Fault {
  return {
    carrier: 'any',
    break(input) {
      const chosen = input.random.pick(input.events);
      const events = asSimulated(input.events, input);
      return {
        events: events.map((event) => (event.played === chosen ? raw(event, input, change) : event)),
      };
    },
  };
}

/** A fault that breaks every event of the session in the same way, as a bug in a player does. */
function every(change: (raw: Raw, input: FaultInput) => void): Fault {
  return {
    carrier: 'any',
    break(input) {
      const events = asSimulated(input.events, input).map((event) => raw(event, input, change));
      return { events, times: events.length };
    },
  };
}

/** A fault that changes every event, but leaves each field with its documented type. */
function everyValue(change: (draft: Draft, input: FaultInput) => void): Fault {
  return {
    carrier: 'any',
    break(input) {
      for (const draft of input.events) change(draft, input);
      return { events: asSimulated(input.events, input), times: input.events.length };
    },
  };
}

function raw(
  event: SimulatedEvent,
  input: FaultInput,
  change: (raw: Raw, input: FaultInput) => void,
): SimulatedEvent {
  const broken: Raw = event.played ? { ...wireOf(event.played) } : {};
  change(broken, input);
  return { played: null, raw: broken, source: event.source };
}

/** A position as `h:mm:ss`. Even in CSV, where every value is text, this is not a number. */
function clockText(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0'));
  return [Math.floor(whole / 3600), ...parts].join(':');
}

const unknownProperty = {
  carrier: 'json' satisfies Carrier,
  break(input: FaultInput): FaultResult {
    const chosen = input.random.pick(input.events);
    const events = asSimulated(input.events, input);
    return {
      events: events.map((event) =>
        event.played === chosen ? { ...event, raw: { ...wireOf(chosen), PlaybackRate: 1 } } : event,
      ),
    };
  },
} satisfies Fault;

/** Faults of single events. */
export const EVENT_FAULTS = {
  'missing-field': one((raw, { random }) => delete raw[random.pick(LEFT_OUT)]),
  'field-type': one((raw) => {
    raw.Position = clockText(Number(raw.Position));
  }),
  'guid-format': one((raw) => {
    raw.ClipId = String(raw.ClipId).replaceAll('-', '');
  }),
  // Changes every event: zeros are a well-formed id, so a single such event would also break `clip-changed`.
  'guid-empty': every((raw) => {
    raw.ClipId = EMPTY_GUID;
  }),
  'session-id-shared': every((raw) => {
    raw.ClipId = raw.SessionId;
  }),
  'clip-id-shared': every((raw) => {
    raw.ClipId = raw.OrganizationId;
  }),
  'type-unknown': one((raw) => {
    raw.Type = String(raw.Type).toLowerCase();
  }),
  'position-range': one((raw) => {
    raw.Position = -1 - Number(raw.Position);
  }),
  'seq-range': {
    carrier: 'any',
    break(input) {
      const fromZero = (event: Raw): void => {
        event.SeqNumber = Number(event.SeqNumber) - 1;
      };
      const [first, ...rest] = asSimulated(input.events, input);
      const lower = rest.map(({ played, source }) => ({
        played: played && { ...played, seqNumber: played.seqNumber - 1 },
        source,
      }));
      return { events: [raw(first!, input, fromZero), ...lower] };
    },
  },
  'timestamp-unit': every((raw) => {
    raw.Timestamp = Number(raw.Timestamp) * 1000;
  }),
  'timestamp-fraction': everyValue((draft) => {
    draft.timestamp += 0.25;
  }),
  'timestamp-future': everyValue((draft) => {
    draft.timestamp += FUTURE_SECONDS;
  }),
  'unknown-property': unknownProperty,
} as const satisfies Record<string, Fault>;
