import fc from 'fast-check';
import { EventBatch } from '../../src/domain/event-batch.js';
import type { InputRecord } from '../../src/domain/record.js';
import { addEvent } from '../../src/wire/event-columns.js';

export const NOW = 1767225600;
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
export const CLIPS = [
  '9b5c82f7-74cf-4841-a870-a670017cc8eb',
  'e5a2f0cd-64a1-49b1-a57c-aa1c00b6a3d2',
  '0a5f2f0c-64a1-49b1-a57c-aa1c00b6a3d2',
] as const;

export interface DrawnEvent {
  readonly type: 'Start' | 'Stop';
  readonly ms: number;
  /** Unix seconds. */
  readonly at: number;
}

/** A session as it is drawn: sound but for its numbering. */
export interface DrawnSession {
  readonly id: string;
  readonly clip: string;
  readonly events: readonly DrawnEvent[];
  /** The SeqNumber of its first event: other than 1 is an error. */
  readonly from: number;
  readonly source: string | undefined;
  /** In a request of its own, not as bare events. */
  readonly body: boolean;
  /** What rows tell of the clip's duration, in milliseconds; never where it comes in a request. */
  readonly told: number | undefined;
}

const position = fc.oneof(
  fc.nat(60_000),
  fc.nat(120).map((halves) => halves * 500),
  fc.constantFrom(0, 999, 1000, 1001),
);

const piece = fc.record({
  from: position,
  length: fc.oneof(
    fc.nat(40_000),
    fc.nat(40).map((s) => s * 1000),
    fc.constantFrom(0, 9_999, 10_000, -900, -3000),
  ),
  /** Goes on where the one before stopped, so far off. */
  follows: fc.option(fc.constantFrom(0, 1000, 1001, -1000), { nil: undefined }),
  again: fc.constantFrom(false, false, false, true),
});

const drawn = fc.record({
  clip: fc.constantFrom(...CLIPS),
  pieces: fc.array(piece, { minLength: 1, maxLength: 4 }),
  open: fc.constantFrom(false, false, false, true),
  from: fc.constantFrom(1, 1, 1, 1, 2),
  source: fc.constantFrom(undefined, 'CustomWeb', 'MobileApp'),
  body: fc.boolean(),
  told: fc.option(fc.oneof(fc.integer({ min: 1, max: 90_000 }), fc.constantFrom(30_000, 30_000, 45_500)), {
    nil: undefined,
    freq: 3,
  }),
});

/** Sessions with gaps, jumps, parts heard twice, empty and reversed intervals, repeated events, and some that are invalid. */
export const sessions: fc.Arbitrary<DrawnSession[]> = fc
  .array(drawn, { minLength: 1, maxLength: 8 })
  .map((all) =>
    all.map(({ pieces, open, told, ...rest }, i): DrawnSession => {
      const events: DrawnEvent[] = [];
      let at = 1733047200 + i * 100_000;
      for (const { from, length, follows, again } of pieces) {
        const last = events.at(-1);
        const start = follows === undefined || !last ? from : Math.max(0, last.ms + follows);
        const stop = Math.max(0, start + length);
        events.push({ type: 'Start', ms: start, at });
        at += Math.max(2, Math.ceil(length / 1000));
        events.push({ type: 'Stop', ms: stop, at });
        if (again) events.push({ type: 'Stop', ms: stop + 400, at: at + 5000 });
        at += 6000;
      }
      if (open) events.push({ type: 'Start', ms: 5000, at });
      return { ...rest, id: sessionId(i), events, told: rest.body ? undefined : told };
    }),
  );

function sessionId(i: number): string {
  return `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;
}

/** The sessions as records of one input; `order` shuffles them. */
export function recordsOf(
  all: readonly DrawnSession[],
  order: readonly number[] = [],
): AsyncIterable<readonly InputRecord[]> {
  const input = { index: 0, name: 'drawn' };
  const place = { input, line: 1, column: 1, pointer: '', request: null };
  const locate = () => ({ line: 1, column: 1 });
  const records = all.flatMap((session): InputRecord[] => {
    const events = session.events.map(({ type, ms, at }, i) => ({
      OrganizationId: ORGANIZATION,
      ClipId: i % 2 === 0 ? session.clip : session.clip.toUpperCase(),
      SessionId: session.id,
      Type: type,
      Position: ms / 1000,
      SeqNumber: session.from + i,
      Timestamp: at,
    }));
    if (session.body) {
      const body = { Source: session.source ?? 'Custom', Events: events, Completed: true };
      return [{ kind: 'request', body, ...batchOf(events, { bare: false }), place, locate }];
    }
    return events.map((event) => {
      const value = session.source === undefined ? event : { ...event, Source: session.source };
      return {
        kind: 'events',
        input,
        pointers: true,
        ...batchOf([value], { bare: true, told: session.told }),
      };
    });
  });
  const keyed = records.map((record, i) => ({ record, key: order[i % Math.max(1, order.length)] ?? 0 }));
  return asChunks(keyed.toSorted((a, b) => a.key - b.key).map(({ record }) => record));
}

/** Events as columns. @param form.told Milliseconds that their rows give for the clip. */
function batchOf(values: readonly unknown[], { bare, told }: { bare: boolean; told?: number | undefined }) {
  const events = new EventBatch();
  for (const value of values) {
    const i = addEvent(events, value, { bare });
    events.lines[i] = 1;
    events.columns[i] = 1;
    events.elements[i] = i;
    if (told !== undefined) events.setDuration(i, told / 1000);
  }
  return { events, from: 0, to: events.count };
}

async function* asChunks(records: readonly InputRecord[]): AsyncGenerator<readonly InputRecord[]> {
  for (let at = 0; at < records.length; at += 3) yield records.slice(at, at + 3);
}
