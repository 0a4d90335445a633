import { expect } from 'vitest';
import type { ReadRecord } from '../../../src/send/journal/format.js';
import { eachRecord } from '../../../src/send/journal/read.js';

/** How often each session arrived. */
export class Arrivals {
  readonly times = new Map<string, number>();

  /** Counts a body, as a mock's `record` hands it over. */
  readonly record = async (body: string): Promise<void> => {
    const { Events } = JSON.parse(body) as { Events: { SessionId: string }[] };
    for (const id of new Set(Events.map(({ SessionId }) => SessionId.toLowerCase())))
      this.times.set(id, (this.times.get(id) ?? 0) + 1);
  };

  /**
   * Holds what arrived against the journal of a delivery that has ended: everything was delivered once, and what arrived more often was in
   * flight or ambiguous. Gives how many sessions arrived more than once.
   */
  async check(sessions: number, journal: string): Promise<number> {
    const { times } = this;
    expect(times.size).toBe(sessions);
    const perhaps = new Map<string, number>();
    const delivered = new Map<string, number>();
    const open = new Map<number, Extract<ReadRecord, { kind: 'sending' }>>();
    const settle = (request: number, outcome: string): void => {
      const counted = outcome === 'delivered' ? delivered : outcome === 'ambiguous' ? perhaps : null;
      for (const [id] of open.get(request)?.sessions ?? []) counted?.set(id, (counted.get(id) ?? 0) + 1);
      open.delete(request);
    };
    await eachRecord(journal, (record) => {
      if (record.kind === 'run') for (const request of open.keys()) settle(request, 'ambiguous');
      if (record.kind === 'sending') open.set(record.request, record);
      if (record.kind === 'settled') settle(record.request, record.outcome);
    });
    for (const [id, arrived] of times) {
      expect(delivered.get(id)).toBe(1);
      expect(arrived).toBeLessThanOrEqual(1 + (perhaps.get(id) ?? 0));
    }
    return [...times.values()].filter((arrived) => arrived > 1).length;
  }
}
