import type { Session } from '../domain/session.js';
import { CERTAIN, defineDiagnosis, LONG_ONES, shownIn, watchRule } from './define.js';

export const stampsAtFlush = defineDiagnosis({
  id: 'stamps-at-flush',
  severity: 'warning',
  title: 'The player stamps events when it sends them, not when they happen',
  sees: 'at least 15 s are played, but all Timestamps are within 1 s (`timestamps-at-flush`)',
  threshold: 'at least 2 sessions, and at least 1 % of the sessions that play 15 s or more',
  mend: 'Take the Timestamp in the handler that makes the event, and keep it in the queue; do not stamp events while the body is built.',
  rules: ['timestamps-at-flush'],
  watch: () =>
    watchRule('timestamps-at-flush', ({ lasting }) => lasting, {
      which: 'that play at least 15 s',
      show: 'have all their Timestamps within 1 s',
    }),
});

export const positionsInMilliseconds = defineDiagnosis({
  id: 'positions-in-milliseconds',
  severity: 'warning',
  title: 'Positions are in milliseconds',
  sees: 'audio runs about 1,000 times as fast as the clock (`position-unit`)',
  threshold: 'at least 2 sessions, and at least 1 % of all sessions',
  mend: 'Divide the Position by 1000: many player APIs return milliseconds; currentTime of HTML audio is in seconds.',
  rules: ['position-unit'],
  watch: () =>
    watchRule('position-unit', ({ sessions }) => sessions, {
      show: 'have audio that runs about 1,000 times as fast as the clock',
    }),
});

const MIN_STUCK = { sessions: 3, share: 0.1 } as const;

const EARLIEST_MS = 1e12;
const LATEST_MS = 1e14;

export const timestampsInMilliseconds = defineDiagnosis({
  id: 'timestamps-in-milliseconds',
  severity: 'warning',
  title: 'Timestamps are in milliseconds',
  sees: 'every Timestamp that is a number is between 1e12 and 1e14. Not for tables, which have --timestamp-unit',
  threshold: 'at least 2 sessions, and at least 1 % of all sessions',
  mend: 'Divide by 1000 and round down: Math.floor(Date.now() / 1000).',
  rules: ['timestamp-unit'],
  watch: () => ({
    // For a table, the unit is an option, which the finding of the rule names.
    look: ({ session, listening }) => listening === null && !session.isOfTable(0) && inMilliseconds(session),
    end: (part) =>
      shownIn(part, part.overview.sessions, CERTAIN, {
        show: 'have Timestamps of 13 digits or more, which look like current milliseconds',
      }),
  }),
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

export const positionStuck = defineDiagnosis({
  id: 'position-stuck',
  severity: 'warning',
  title: 'Position does not move from a Start to its Stop',
  sees: 'an interval of at least 30 s by the clock, and every Stop of the session is at the Position of its Start',
  threshold: 'at least 3 sessions, and at least 10 % of the sessions with such an interval',
  mend: 'Read the position when each event is made (audio.currentTime, not a value kept from the start or from the interface’s last render), and emit Start only once audio plays (the `playing` event).',
  rules: ['nothing-heard', 'playback-too-slow', 'session-too-short'],
  unless: ['position-of-next-clip'],
  watch: () => ({
    look: ({ profile }) => profile !== null && profile.longs > 0 && !profile.moves,
    end: (part) =>
      shownIn(part, part.overview.long, MIN_STUCK, {
        which: LONG_ONES,
        show: 'have each Stop at the Position of its Start',
      }),
  }),
});
