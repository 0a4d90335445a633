import type { Session } from '../domain/session.js';
import { CERTAIN, defineDiagnosis, ExampleCounter, enough, sessionsOf } from './define.js';

const EARLIEST_MS = 1e12;
const LATEST_MS = 1e14;

export const timestampsInMilliseconds = defineDiagnosis({
  id: 'timestamps-in-milliseconds',
  title: 'Timestamps are in milliseconds',
  sees: 'every Timestamp that is a number lies from 1e12 to 1e14',
  threshold: '2 sessions, and 1 % of all',
  mend: 'Divide by 1000 and round down: Math.floor(Date.now() / 1000).',
  rules: ['timestamp-unit'],
  watch() {
    const shown = new ExampleCounter();
    return {
      look({ session, listening }) {
        if (listening === null && inMilliseconds(session)) shown.add(session.key);
      },
      end({ sessions }) {
        if (!enough(shown.sessions, sessions, CERTAIN)) return null;
        const evidence = `${sessionsOf(shown.sessions, sessions)} have Timestamps of 13 digits or more, which are milliseconds of our days.`;
        return { sessions: shown.sessions, of: sessions, evidence, examples: shown.examples };
      },
    };
  },
});

function inMilliseconds({ count, timestamps }: Session): boolean {
  let numbers = 0;
  for (let i = 0; i < count; i += 1) {
    const timestamp = timestamps[i]!;
    if (Number.isNaN(timestamp)) continue;
    if (timestamp < EARLIEST_MS || timestamp >= LATEST_MS) return false;
    numbers += 1;
  }
  return numbers > 0;
}
