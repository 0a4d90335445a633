import { guidKey } from '../domain/guid.js';
import { type Kept, listen } from '../domain/listening.js';
import type { Session, SessionEvent, SoundEvent } from '../domain/session.js';

/** What the figures take from a session. Positions and times in whole milliseconds. */
export interface Play {
  readonly sessionId: string;
  /** In lower case. */
  readonly clipId: string;
  /** Sum of the intervals. */
  readonly playedMs: number;
  /** Length of their union. */
  readonly heardMs: number;
  /** Their union: where each part begins and ends, rising. */
  readonly parts: readonly number[];
  /** The first Start; null where there is none. */
  readonly startMs: number | null;
  /** The last Stop; null where there is none. */
  readonly stopMs: number | null;
  /** The farthest Stop; 0 where there is none. */
  readonly farthestMs: number;
  /** Where jumps ahead leave from. */
  readonly skips: readonly number[];
  readonly firstTimestampMs: number | null;
  readonly lastTimestampMs: number | null;
}

/** A jump over no more than this is none. */
const SKIP_MS = 1000;

/**
 * What was heard in a session; null where no event tells a clip. Of a session with broken events or of unknown order: what its sound events
 * tell. A broken event parts what stands before from what stands behind it.
 */
export function playOf(session: Session): Play | null {
  const events = inOneOrder(session.events);
  const clipId = events.find((event) => event.clipId !== null)?.clipId;
  if (clipId === undefined || clipId === null) return null;
  const intervals: [number, number][] = [];
  const skips: number[] = [];
  const play = { playedMs: 0, farthestMs: 0, startMs: null as number | null, stopMs: null as number | null };
  let firstTimestampMs: number | null = null;
  let lastTimestampMs: number | null = null;
  for (const run of soundRuns(events)) {
    const heard = listen(run);
    play.playedMs += heard.playedMs;
    for (const { start, stop, audioMs } of heard.intervals) {
      if (audioMs > 0) intervals.push([start.positionMs, stop.positionMs]);
    }
    let before: Kept<SoundEvent> | undefined;
    for (const next of heard.kept) {
      const { type, positionMs, timestampMs } = next;
      if (type === 'Start') {
        play.startMs ??= positionMs;
        if (before?.type === 'Stop' && positionMs > before.positionMs + SKIP_MS)
          skips.push(before.positionMs);
      } else {
        play.stopMs = positionMs;
        play.farthestMs = Math.max(play.farthestMs, positionMs);
      }
      firstTimestampMs = Math.min(firstTimestampMs ?? timestampMs, timestampMs);
      lastTimestampMs = Math.max(lastTimestampMs ?? timestampMs, timestampMs);
      before = next;
    }
  }
  const parts = union(intervals);
  return {
    ...play,
    sessionId: session.key,
    clipId: guidKey(clipId),
    heardMs: parts.reduce((sum, at, i) => (i % 2 === 0 ? sum - at : sum + at), 0),
    parts,
    skips,
    firstTimestampMs,
    lastTimestampMs,
  };
}

function union(intervals: readonly [number, number][]): number[] {
  const parts: number[] = [];
  for (const [from, to] of intervals.toSorted(([a], [b]) => a - b)) {
    const end = parts.at(-1);
    if (end === undefined || from > end) parts.push(from, to);
    else if (to > end) parts[parts.length - 1] = to;
  }
  return parts;
}

function* soundRuns(events: readonly SessionEvent[]): Generator<readonly SoundEvent[]> {
  let run: SoundEvent[] = [];
  for (const event of events) {
    if (isSoundEvent(event)) run.push(event);
    else if (run.length > 0) {
      yield run;
      run = [];
    }
  }
  if (run.length > 0) yield run;
}

function isSoundEvent(event: SessionEvent): event is SoundEvent {
  return event.sound !== null;
}

/** The events by SeqNumber; those that share one in an order that does not depend on how they arrived. */
export function inOneOrder(events: readonly SessionEvent[]): readonly SessionEvent[] {
  const shared = events.some(({ seqNumber }, i) => i > 0 && seqNumber === events[i - 1]?.seqNumber);
  return shared ? events.toSorted(compare) : events;
}

function compare(a: SessionEvent, b: SessionEvent): number {
  return (
    (a.seqNumber ?? Number.MAX_VALUE) - (b.seqNumber ?? Number.MAX_VALUE) ||
    Number(a.sound === null) - Number(b.sound === null) ||
    (a.sound?.timestamp ?? 0) - (b.sound?.timestamp ?? 0) ||
    Number(a.sound?.type === 'Start') - Number(b.sound?.type === 'Start') ||
    (a.sound?.position ?? 0) - (b.sound?.position ?? 0) ||
    compareText(a.clipId ?? '', b.clipId ?? '') ||
    compareText(a.source ?? '', b.source ?? '')
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
