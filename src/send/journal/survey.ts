import type { JournalHeader, ReadRecord } from './format.js';
import { eachRecord, readJournal } from './read.js';
import type { SessionState } from './session-states.js';

/** A session that a person has to look after. */
export interface OpenSession {
  readonly sessionId: string;
  readonly state: Extract<SessionState, 'ambiguous' | 'refused'>;
  /** Unix seconds of the last request that carried it. */
  readonly at: number;
  /** What was seen last; empty where no answer was written down. */
  readonly saw: string;
}

/** What a journal holds, for people. */
export interface JournalSurvey {
  readonly header: JournalHeader | null;
  readonly runs: number;
  readonly requests: number;
  /** Why the last run ended; null where it was killed, or runs still. */
  readonly ended: string | null;
  readonly sessions: {
    readonly delivered: number;
    readonly ambiguous: number;
    readonly refused: number;
    readonly left: number;
  };
  /** In the order in which they were last sent; at most as many as were asked for. */
  readonly open: readonly OpenSession[];
}

/**
 * Looks through a journal, without locking it.
 * @param most How many open sessions are listed.
 * @throws UserError of kind `input` where it cannot be read
 */
export async function surveyJournal(path: string, most: number): Promise<JournalSurvey> {
  const { header, states, runs, requests, ended, sessions } = await readJournal(path);
  const [delivered, ambiguous, refused] = (['delivered', 'ambiguous', 'refused'] as const).map((state) =>
    states.count(state),
  ) as [number, number, number];
  const listed = new Map<string, OpenSession>();
  const sending = new Map<number, readonly string[]>();
  const look = (mark: string, sessionId: string, at: number, saw: string): void => {
    const state = states.get(mark);
    if (state !== 'ambiguous' && state !== 'refused') return;
    if (!listed.has(mark) && listed.size >= most) return;
    listed.set(mark, { sessionId, state, at, saw });
  };
  const take = (record: ReadRecord): void => {
    if (record.kind === 'sending') {
      sending.set(
        record.request,
        record.sessions.map(([, mark]) => mark),
      );
      for (const [sessionId, mark] of record.sessions) look(mark, sessionId, record.at, '');
    } else if (record.kind === 'settled') {
      for (const mark of sending.get(record.request) ?? []) {
        const open = listed.get(mark);
        if (open) listed.set(mark, { ...open, saw: record.saw });
      }
      sending.delete(record.request);
    } else if (record.kind === 'run') sending.clear();
  };
  try {
    if (ambiguous + refused > 0 && most > 0) await eachRecord(path, take);
  } finally {
    states.close();
  }
  const left = Math.max(0, sessions - delivered - ambiguous - refused);
  return {
    header,
    runs,
    requests,
    ended,
    sessions: { delivered, ambiguous, refused, left },
    open: [...listed.values()],
  };
}
