import {
  asSimulated,
  type Draft,
  type DraftInterval,
  type Fault,
  type FaultInput,
  intervalsOf,
  numbered,
  toMillisecond,
} from './define.js';

/** The shortest interval, in seconds, that can be broken. */
const MIN_BREAKABLE_SECONDS = 20;

/** In a session with this many seconds by the clock, Position must move. */
const MIN_STILL_SECONDS = 30;

/** A fault that returns changed events; null if the session has nothing to break. */
function listening(change: (events: Draft[], input: FaultInput) => readonly Draft[] | null): Fault {
  return {
    carrier: 'any',
    break(input) {
      const events = change(input.events, input);
      return events && { events: asSimulated(numbered(events), input) };
    },
  };
}

/** A fault in one random interval that meets a condition. */
function interval(
  fits: (interval: DraftInterval) => boolean,
  change: (interval: DraftInterval, events: Draft[], input: FaultInput) => readonly Draft[],
): Fault {
  return listening((events, input) => {
    const fit = intervalsOf(events).filter(fits);
    return fit.length === 0 ? null : change(input.random.pick(fit), events, input);
  });
}

/** Shifts the Timestamps of all events from an index on. */
function shiftClock(events: Draft[], from: number, seconds: number): Draft[] {
  for (const event of events.slice(from)) event.timestamp += seconds;
  return events;
}

function played(events: readonly Draft[]): number {
  return intervalsOf(events).reduce((sum, { audio }) => sum + Math.max(0, audio), 0);
}

/** Faults about what was heard, and when. */
export const LISTENING_FAULTS = {
  // The player reports a Stop at a pause, and another one when the page closes.
  'repeated-event': listening((events, { random }) => {
    const last = events.at(-1)!;
    return [...events, { ...last, timestamp: last.timestamp + random.whole(5, 60) }];
  }),
  'stop-without-start': listening((events, { random }) => {
    const last = events.at(-1)!;
    const later = random.whole(3, 30);
    const position = last.position >= later ? last.position - later : last.position + later;
    return [...events, { ...last, position: toMillisecond(position), timestamp: last.timestamp + later }];
  }),
  // The player reports a second Start when buffering ends.
  'start-without-stop': interval(
    ({ audio, clock }) => audio >= MIN_BREAKABLE_SECONDS && clock >= 6,
    ({ index, start, audio, clock }, events) => {
      const again = {
        ...start,
        position: toMillisecond(start.position + audio / 2),
        timestamp: start.timestamp + Math.floor(clock / 2),
      };
      return [...events.slice(0, index + 1), again, ...events.slice(index + 1)];
    },
  ),
  'session-open': listening((events) => events.slice(0, -1)),
  // A seek that reports the new position in its Stop, instead of the old one.
  'position-reversed': interval(
    ({ start }) => start.position >= 5,
    ({ start, stop }, events) => {
      stop.position = toMillisecond(start.position - 5);
      return events;
    },
  ),
  // The device's clock is set back during the session.
  'timestamp-reversed': listening((events, { random }) => {
    const [before, last] = events.slice(-2);
    last!.timestamp = before!.timestamp - random.whole(5, 600);
    return events;
  }),
  'timestamps-at-flush': listening((events) => {
    if (played(events) < MIN_BREAKABLE_SECONDS) return null;
    const flush = events.at(-1)!.timestamp;
    for (const event of events) event.timestamp = flush;
    return events;
  }),
  // At least two intervals, or a single one of ten seconds, with positions in milliseconds.
  'position-unit': listening((events) => {
    const long = intervalsOf(events).filter(({ clock }) => clock >= 2);
    if (long.length < 2 || long.some(({ audio, clock }) => audio < 0.4 * clock || audio > 6 * clock))
      return null;
    for (const event of events) event.position = Math.round(event.position * 1000);
    return events;
  }),
  // The player takes two clips for one, or reports the position of something else.
  'interval-too-long': interval(
    ({ clock }) => clock >= 2,
    ({ stop }, events) => {
      stop.position = Math.floor(stop.position) + 110_000.125;
      return events;
    },
  ),
  'playback-too-fast': interval(
    ({ audio, clock }) => audio >= MIN_BREAKABLE_SECONDS && clock >= 4,
    ({ index, audio, clock }, events) =>
      shiftClock(events, index + 1, Math.max(2, Math.floor(audio / 10)) - clock),
  ),
  // The player always reports the position where it started.
  'nothing-heard': listening((events) => {
    const intervals = intervalsOf(events);
    if (intervals.reduce((sum, { clock }) => sum + clock, 0) < MIN_STILL_SECONDS) return null;
    for (const { start, stop } of intervals) stop.position = start.position;
    return events;
  }),
  // The call that interrupted playback was not reported as a Stop.
  'playback-too-slow': interval(
    () => true,
    ({ index, audio, clock }, events, { random }) => {
      const wanted = Math.ceil(2 * audio) + random.whole(61, 3600);
      return shiftClock(events, index + 1, Math.max(0, wanted - clock));
    },
  ),
  'position-beyond-clip': listening((events, { random, session }) => {
    const last = events.at(-1)!;
    const end = toMillisecond(session.clip.durationMs / 1000 + random.whole(5, 120));
    last.timestamp += Math.ceil(end - last.position);
    last.position = end;
    return events;
  }),
  'session-too-short': listening(([start, stop], { random }) => {
    const seconds = Math.min(random.whole(1, 9), stop!.position - start!.position);
    return [
      start!,
      {
        ...stop!,
        position: toMillisecond(start!.position + seconds),
        timestamp: start!.timestamp + Math.ceil(seconds),
      },
    ];
  }),
} as const satisfies Record<string, Fault>;
