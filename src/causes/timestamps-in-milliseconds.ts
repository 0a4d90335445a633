import type { Session } from '../domain/session.js';
import { wireFields } from '../wire/fields.js';
import { defineCause, enough } from './define.js';
import { Shown } from './examples.js';
import { SURE } from './rule-fired.js';
import { sessionsOf } from './sentence.js';

const EARLIEST_MS = 1e12;
const LATEST_MS = 1e14;

export const timestampsInMilliseconds = defineCause({
  id: 'timestamps-in-milliseconds',
  title: 'Timestamps are in milliseconds',
  sees: 'every Timestamp that is a number lies from 1e12 to 1e14',
  threshold: '2 sessions, and 1 % of all',
  mend: 'Divide by 1000 and round down: Math.floor(Date.now() / 1000).',
  rules: ['timestamp-unit'],
  watch() {
    const shown = new Shown();
    return {
      look({ session, course }) {
        if (course === null && inMilliseconds(session)) shown.add(session.key);
      },
      end({ sessions }) {
        if (!enough(shown.sessions, sessions, SURE)) return null;
        const evidence = `${sessionsOf(shown.sessions, sessions)} have Timestamps of 13 digits or more, which are milliseconds of our days.`;
        return { sessions: shown.sessions, of: sessions, evidence, examples: shown.examples };
      },
    };
  },
});

function inMilliseconds(session: Session): boolean {
  const timestamps = session.events
    .map((event) => wireFields(event).Timestamp)
    .filter((timestamp) => typeof timestamp === 'number');
  return (
    timestamps.length > 0 &&
    timestamps.every((timestamp) => timestamp >= EARLIEST_MS && timestamp < LATEST_MS)
  );
}
