import { hash } from 'node:crypto';
import { guidKey } from '../../domain/guid.js';
import type { Rewriting } from '../rewrite.js';

/** Bytes of a mark: it is only ever compared with the marks of the same SessionId. */
export const MARK_BYTES = 8;

/** One event as a mark sees it: before rewriting, and before its times were moved. */
export interface MarkedEvent {
  readonly organizationId: string;
  readonly clipId: string;
  readonly sessionId: string;
  readonly type: string;
  readonly seqNumber: number;
  /** Whole milliseconds. */
  readonly positionMs: number;
  /** Whole milliseconds since 1970. */
  readonly timestampMs: number;
}

/**
 * What tells one state of a session from another: a hash of its events, in whatever order they come, and of how they are rewritten. The
 * letter case of ids and digits below the millisecond make no difference.
 */
export function sessionMark(events: readonly MarkedEvent[], rewriting: Rewriting): Buffer {
  const lines = events.toSorted(bySeqNumber).map(line);
  const { newSessionIds, setOrganization, setClip } = rewriting;
  lines.push(`${newSessionIds ? 'new' : ''} ${guidKey(setOrganization ?? '')} ${guidKey(setClip ?? '')}`);
  return hash('sha256', lines.join('\n'), 'buffer').subarray(0, MARK_BYTES);
}

function bySeqNumber(a: MarkedEvent, b: MarkedEvent): number {
  return a.seqNumber - b.seqNumber || (line(a) < line(b) ? -1 : 1);
}

function line({ organizationId, clipId, sessionId, type, ...numbers }: MarkedEvent): string {
  const { seqNumber, positionMs, timestampMs } = numbers;
  return `${guidKey(organizationId)} ${guidKey(clipId)} ${guidKey(sessionId)} ${type} ${seqNumber} ${positionMs} ${timestampMs}`;
}

/**
 * The mark of a session by its events as they stand in a request body, before they were rewritten.
 * @param shiftMs Milliseconds that their times have been moved by.
 */
export function markOfPacked(json: Buffer, rewriting: Rewriting, shiftMs: number): Buffer {
  const events = JSON.parse(`[${json.toString()}]`) as readonly Record<string, never>[];
  return sessionMark(
    events.map((event) => ({
      organizationId: String(event.OrganizationId),
      clipId: String(event.ClipId),
      sessionId: String(event.SessionId),
      type: String(event.Type),
      seqNumber: Number(event.SeqNumber),
      positionMs: Math.round(Number(event.Position) * 1000),
      timestampMs: Math.round(Number(event.Timestamp) * 1000) - shiftMs,
    })),
    rewriting,
  );
}
