import { changeAll, eventsExample, LISTENING_FIELDS, STARTED_AT, WITH_JUMP } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';
import { secs } from '../words.js';

const SPAN_MS = 1000;
const PLAYED_MS = 15_000;

const MEND =
  'Take the Timestamp when the event happens and keep it in the queue; do not stamp events while the body is built.';
const OR_A_SEEK = `${MEND} Or a jump ahead was not reported: on a seek, emit Stop at the old position and Start at the new one.`;

export const timestampsAtFlush = defineRule({
  id: 'timestamps-at-flush',
  level: 'session',
  needs: 'order',
  unless: ['digits-lost'],
  severity: 'error',
  title: 'All events carry the time at which they were sent',
  why: 'The document asks for the moment the event was emitted, not of the flush: this much audio cannot be played in a second.',
  mend: MEND,
  reference: 'API-13',
  check(session, report) {
    const { kept, keptCount, timestampsMs, intervalCount } = session.listening;
    const playedMs = session.observedPlayedMs;
    if (playedMs < PLAYED_MS) return;
    let earliest = timestampsMs[0]!;
    let latest = earliest;
    for (let n = 1; n < keptCount; n += 1) {
      earliest = Math.min(earliest, timestampsMs[n]!);
      latest = Math.max(latest, timestampsMs[n]!);
    }
    if (latest - earliest > SPAN_MS) return;
    report(kept[0]!, problemWith(playedMs, keptCount, latest - earliest, intervalCount));
  },
  guide: () => ({
    firesWhen: 'all Timestamps of the session are within 1 s, and at least 15 s were played',
    inferred: 'The limits of 1 s and 15 s.',
    broken: eventsExample(changeAll(WITH_JUMP, () => ({ Timestamp: STARTED_AT + 200 }))),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    cites: ['const emit'],
  }),
});

function problemWith(playedMs: number, events: number, spanMs: number, intervals: number): () => Problem {
  return () => ({
    expected: `Timestamps spread over the ${secs(playedMs)} that were played`,
    received: `all ${events} within ${secs(spanMs)}`,
    ...(intervals === 1 && { hint: OR_A_SEEK }),
  });
}
