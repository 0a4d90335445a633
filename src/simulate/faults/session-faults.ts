import { SOURCES } from '../../domain/event-batch.js';
import { madeGuid } from '../random.js';
import { asSimulated, type Draft, type Fault, type FaultInput } from './define.js';

/** A fault that changes drafts in place, or gives others; null where it cannot. */
function drafts(change: (events: Draft[], input: FaultInput) => readonly Draft[] | null): Fault {
  return {
    carrier: 'any',
    break(input) {
      const events = change(input.events, input);
      return events && { events: asSimulated(events, input) };
    },
  };
}

/** An index after which the sequence breaks: from 1 to the last. */
function cut(events: readonly Draft[], { random }: FaultInput): number {
  return random.whole(1, events.length - 1);
}

/** Faults of a session's ids and SeqNumbers. */
export const IDENTITY_FAULTS = {
  // The listener went on to the next clip, and the player kept the SessionId.
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
  // Numbers that count from 2, as if the first event had been lost.
  'seq-start': drafts((events) => {
    for (const event of events) event.seqNumber += 1;
    return events;
  }),
  // The player forgot to count once.
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
