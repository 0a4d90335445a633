import { SOURCES } from '../../domain/event-batch.js';
import { madeGuid } from '../identity.js';
import { asSimulated, type Draft, type Fault, type Material } from './define.js';

/** A fault that changes drafts in place, or gives others; null where it cannot. */
function drafts(change: (events: Draft[], material: Material) => readonly Draft[] | null): Fault {
  return {
    carrier: 'any',
    break(material) {
      const events = change(material.events, material);
      return events && { events: asSimulated(events, material) };
    },
  };
}

/** An index after which the sequence breaks: from 1 to the last. */
function cut(events: readonly Draft[], { chance }: Material): number {
  return chance.whole(1, events.length - 1);
}

/** Faults of a session's ids and SeqNumbers. */
export const IDENTITY_FAULTS = {
  // The listener went on to the next clip, and the player kept the SessionId.
  'clip-changed': drafts((events, { chance }) => {
    events.at(-1)!.clipId = madeGuid(chance);
    return events;
  }),
  'organization-changed': drafts((events, { chance }) => {
    events.at(-1)!.organizationId = madeGuid(chance);
    return events;
  }),
  'source-changed': {
    carrier: 'events',
    break(material) {
      const first = material.session.events[0]?.source ?? 'MobileApp';
      const other = SOURCES.find((source) => source !== first)!;
      const last = material.events.at(-1);
      return { events: material.events.map((played) => ({ played, source: played === last ? other : first })) };
    },
  },
  // Numbers that count from 2, as if the first event had been lost.
  'seq-start': drafts((events) => {
    for (const event of events) event.seqNumber += 1;
    return events;
  }),
  // The player forgot to count once.
  'seq-duplicate': drafts((events, material) => {
    for (const event of events.slice(cut(events, material))) event.seqNumber -= 1;
    return events;
  }),
  'seq-gap': drafts((events, material) => {
    const lost = material.chance.whole(1, 5);
    for (const event of events.slice(cut(events, material))) event.seqNumber += lost;
    return events;
  }),
} as const satisfies Record<string, Fault>;
