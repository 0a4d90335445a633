import fc from 'fast-check';
import type { Json } from './naive-json.js';

export const NOW = 1767225600;
export const PAST = 1733047200;
export const ORGANIZATIONS = ['126281f8-200e-4c9f-8378-a4870055423b', '5c20e0a4-7d3f-0b46-fa54-a8f001743e6f'];
export const CLIPS = ['9b5c82f7-74cf-4841-a870-a670017cc8eb', 'e5a2f0cd-64a1-49b1-a57c-aa1c00b6a3d2'];
export const SESSIONS = [
  'a039f83d-1916-436b-a090-efbc08698506',
  'c4b7b1de-0d3e-f959-0a5f-1f6a3f0e9b72',
  '2f6c1f0a-93ab-4d0c-b6de-7c1f4e8a2d35',
];

/** One piece of listening, in milliseconds, on or beside the thresholds of the rules. */
interface Piece {
  readonly clock: number;
  readonly audio: (clock: number, position: number) => number;
  readonly gap: number;
  readonly jump: number;
  /** What is reported of it; `again` repeats its last event so far off. */
  readonly marks: readonly ('Start' | 'Stop')[];
  readonly again: { readonly position: number; readonly timestamp: number } | null;
}

const pick = fc.constantFrom;
const beside = (at: number) => pick(at - 1, at, at + 1);
const second = pick(-1001, -1000, -999, 0, 999, 1000, 1001);

const clock = fc.oneof(
  { weight: 5, arbitrary: fc.nat(400).map((seconds) => seconds * 1000) },
  { weight: 3, arbitrary: pick(0, 1000, 2000, 9000, 10_000, 1999, 2001, 9999, 10_001) },
  { weight: 1, arbitrary: pick(-999, -1000, -1001, -2000) },
);

const audio = fc.oneof(
  { weight: 6, arbitrary: pick(0.5, 1, 1.5, 2, 4).map((speed) => (ms: number) => Math.max(0, ms * speed)) },
  {
    weight: 2,
    arbitrary: pick(-1, 0, 1).map((d) => (ms: number) => 4 * (Math.max(0, ms) + 1000) + 1000 + d),
  },
  { weight: 1, arbitrary: pick(-1, 0, 1).map((d) => (ms: number) => (ms - 60_000) / 2 + d) },
  {
    weight: 2,
    arbitrary: fc.tuple(pick(400, 800, 1000, 1000, 1250, 6000), pick(-1, 0, 0, 1)).map(
      ([ratio, d]) =>
        (ms: number) =>
          ratio * ms + d,
    ),
  },
  {
    weight: 2,
    arbitrary: pick(0, -999, -1000, -1001, -9000, 5000, 9999, 10_000, 14_999, 15_000).map((ms) => () => ms),
  },
  { weight: 1, arbitrary: beside(301_000).map((end) => (_: number, position: number) => end - position) },
);

const piece: fc.Arbitrary<Piece> = fc.record({
  clock,
  audio,
  gap: fc.oneof(pick(0, 0, 1000, 5000, 259_200_000), second),
  jump: fc.oneof(pick(0, 0, 300_000, -300_000), second),
  marks: fc.oneof(
    { weight: 12, arbitrary: fc.constant(['Start', 'Stop'] as const) },
    {
      weight: 1,
      arbitrary: pick(['Start'] as const, ['Stop'] as const, ['Start', 'Start', 'Stop'] as const),
    },
  ),
  again: fc.option(fc.record({ position: second, timestamp: fc.oneof(second, pick(86_400_000)) }), {
    freq: 6,
  }),
});

const start = fc.record({
  position: pick(0, 0, 5000, 600_000, 300_500),
  timestamp: fc.oneof(
    { weight: 8, arbitrary: fc.constant(PAST * 1000) },
    {
      weight: 1,
      arbitrary: pick((NOW + 300) * 1000, (NOW + 299) * 1000, (NOW + 1) * 1000, 1e12, 99_999_999_000),
    },
  ),
});

/** The events of one session, numbered from 1 and in order. */
export function session(sessionId: string): fc.Arbitrary<Json[]> {
  return fc
    .tuple(start, fc.array(piece, { minLength: 1, maxLength: 4 }), pick(...ORGANIZATIONS), pick(...CLIPS))
    .map(([from, pieces, organization, clip]) => {
      const events: Json[] = [];
      let { position, timestamp }: { position: number; timestamp: number } = from;
      const emit = (type: string, positionMs: number, timestampMs: number) =>
        events.push({
          OrganizationId: organization,
          ClipId: clip,
          SessionId: sessionId,
          Type: type,
          Position: positionMs / 1000,
          SeqNumber: events.length + 1,
          Timestamp: timestampMs / 1000,
        });
      for (const { clock, audio, gap, jump, marks, again } of pieces) {
        const end = Math.max(0, Math.round(position + audio(clock, position)));
        for (const [i, mark] of marks.entries()) {
          const isEnd = i > 0 && i === marks.length - 1;
          emit(mark, isEnd ? end : position, isEnd ? timestamp + clock : timestamp);
        }
        position = end;
        timestamp += clock;
        const last = marks.at(-1) ?? 'Stop';
        if (again) emit(last, Math.max(0, position + again.position), timestamp + again.timestamp);
        position = Math.max(0, position + jump);
        timestamp += gap;
      }
      return events;
    });
}
