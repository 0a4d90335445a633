import { toMs } from '../../domain/listening.js';
import { captureExample, changeAll, exampleExchange, exampleSession } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { secs } from '../words.js';

const SPAN_MS = 1000;
/** How long before or after the start of its request the latest Timestamp can be, because clocks and rounding differ. */
const BEFORE_MS = 3000;
const AFTER_MS = 1000;
const TOLERANCE_MS = 1000;

export const timestampsAtSend = defineRule({
  id: 'timestamps-at-send',
  level: 'session',
  needs: 'order',
  unless: ['timestamps-at-flush', 'position-unit'],
  severity: 'warning',
  title: 'All events carry the time of their request',
  why: 'The document asks for the moment the event was emitted, not of the flush: the time between these Timestamps is too short for what was played, and they match the time of the request.',
  mend: 'Take the Timestamp when the event happens and keep it in the queue; do not stamp events while the body is built.',
  reference: 'API-13',
  check({ listening, requestBeganAt }, report, { maxSpeed }) {
    if (requestBeganAt === null) return;
    const { kept, keptCount, timestampsMs, playedMs } = listening;
    let [earliest, latest] = [timestampsMs[0]!, timestampsMs[0]!];
    for (let n = 1; n < keptCount; n += 1) {
      earliest = Math.min(earliest, timestampsMs[n]!);
      latest = Math.max(latest, timestampsMs[n]!);
    }
    const spread = latest - earliest;
    if (spread > SPAN_MS || playedMs <= maxSpeed * (spread + TOLERANCE_MS)) return;
    const after = latest - toMs(requestBeganAt);
    if (after < -BEFORE_MS || after > AFTER_MS) return;
    report(kept[0]!, () => ({
      expected: `Timestamps spread over the ${secs(playedMs)} that were played`,
      received: `all ${keptCount} within ${secs(spread)}, at the time of the request`,
    }));
  },
  guide: () => {
    const short = exampleSession([
      ['Start', 0, 187],
      ['Stop', 12.5, 199],
    ]);
    const stamped = changeAll(short, ({ Timestamp }, i) =>
      i === 0 ? { Timestamp: Number(Timestamp) + 12 } : {},
    );
    return {
      firesWhen:
        'HAR and mock: the Timestamps of a session are within 1 s of each other, the latest is from 3 s before to 1 s after the start of its request, and the session played more than 4 (--max-speed) times the difference between the Timestamps plus 1 s (more than 4 s if all are equal). Not reported if timestamps-at-flush or position-unit is',
      inferred: 'The limits, for clocks and rounding.',
      broken: captureExample(exampleExchange(stamped)),
      fixed: captureExample(exampleExchange(short)),
      shows: ['Type', 'Position', 'Timestamp'],
      cites: ['const emit'],
    };
  },
});
