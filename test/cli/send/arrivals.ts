import { expect } from 'vitest';
import { openKnown } from '../../../src/send/ledger/open-ledgers.js';
import { loadSqlite } from '../../../src/send/ledger/sqlite.js';
import { type SurveyState, sessionsOf } from '../../../src/send/ledger/survey.js';

const sqlite = await loadSqlite();

/** The SessionIds that a ledger, which no run has, holds in a state. */
export function idsIn(ledger: string, state: SurveyState): Set<string> {
  const { database, close } = openKnown(ledger, sqlite);
  try {
    return new Set(Array.from(sessionsOf(database, { state }), ({ sessionId }) => sessionId));
  } finally {
    close();
  }
}

/** How often each session arrived. */
export class Arrivals {
  readonly times = new Map<string, number>();

  /** Counts a body, as a mock's `record` hands it over. */
  readonly record = async (body: string): Promise<void> => {
    const { Events } = JSON.parse(body) as { Events: { SessionId: string }[] };
    for (const id of new Set(Events.map(({ SessionId }) => SessionId.toLowerCase())))
      this.times.set(id, (this.times.get(id) ?? 0) + 1);
  };

  /** Those that arrived more than once. */
  get repeated(): string[] {
    return [...this.times].flatMap(([id, times]) => (times > 1 ? [id] : []));
  }

  /**
   * Holds what arrived against the ledger of a delivery that has ended: everything was delivered, and what arrived more often had been
   * in doubt. Gives how many sessions arrived more than once.
   * @param doubted What the ledger said may have been counted, before it was sent again.
   */
  check(sessions: number, ledger: string, doubted: ReadonlySet<string>): number {
    expect(this.times.size).toBe(sessions);
    expect(idsIn(ledger, 'delivered')).toEqual(new Set(this.times.keys()));
    expect(this.repeated.filter((id) => !doubted.has(id))).toEqual([]);
    return this.repeated.length;
  }
}
