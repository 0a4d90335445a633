import { type Kept, listen } from '../domain/listening.js';
import type { Session, SessionEvent, SoundEvent } from '../domain/session.js';
import { inOneOrder } from './play.js';

/** What happened in a session, one thing after the other. Positions and times in milliseconds. */
export type Step =
  | {
      readonly kind: 'heard';
      readonly at: number;
      readonly from: number;
      readonly to: number;
      readonly clockMs: number;
    }
  | { readonly kind: 'paused'; readonly ms: number }
  | { readonly kind: 'jumped'; readonly from: number; readonly to: number }
  /** A Start with no Stop behind it, or a Stop with no Start before it. */
  | {
      readonly kind: 'alone';
      readonly type: 'Start' | 'Stop';
      readonly at: number;
      readonly position: number;
    }
  | { readonly kind: 'broken'; readonly seqNumber: number | null };

/** Less than this between a Stop and the next Start is neither a pause nor a jump. */
const NOTHING_MS = 1000;

/** A session as steps, in order of SeqNumber. */
export function timelineOf(session: Session): readonly Step[] {
  const steps: Step[] = [];
  let run: SoundEvent[] = [];
  for (const event of inOneOrder(session.events)) {
    if (isSoundEvent(event)) run.push(event);
    else {
      steps.push(...stepsOf(run), { kind: 'broken', seqNumber: event.seqNumber });
      run = [];
    }
  }
  return [...steps, ...stepsOf(run)];
}

function* stepsOf(events: readonly SoundEvent[]): Generator<Step> {
  const { kept } = listen(events);
  for (const [i, event] of kept.entries()) {
    const before = kept[i - 1];
    const next = kept[i + 1];
    if (event.type === 'Start') {
      if (before?.type === 'Stop') yield* between(before, event);
      if (next?.type === 'Stop') yield heard(event, next);
    }
    const paired = event.type === 'Start' ? next?.type === 'Stop' : before?.type === 'Start';
    if (!paired) yield { kind: 'alone', type: event.type, at: event.timestampMs, position: event.positionMs };
  }
}

function* between(stop: Kept<SoundEvent>, start: Kept<SoundEvent>): Generator<Step> {
  const ms = start.timestampMs - stop.timestampMs;
  if (ms > NOTHING_MS) yield { kind: 'paused', ms };
  if (Math.abs(start.positionMs - stop.positionMs) > NOTHING_MS) {
    yield { kind: 'jumped', from: stop.positionMs, to: start.positionMs };
  }
}

function heard(start: Kept<SoundEvent>, stop: Kept<SoundEvent>): Step {
  return {
    kind: 'heard',
    at: start.timestampMs,
    from: start.positionMs,
    to: stop.positionMs,
    clockMs: stop.timestampMs - start.timestampMs,
  };
}

function isSoundEvent(event: SessionEvent): event is SoundEvent {
  return event.sound !== null;
}
