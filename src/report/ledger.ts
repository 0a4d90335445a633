import { toMs } from '../domain/listening.js';
import type { InspectedSession } from '../validate/inspected.js';
import { ClipAccount } from './clip-account.js';
import type { Report, ReportTotals } from './figures.js';
import { inOneOrder, type Play, playOf } from './play.js';

export interface LedgerOptions {
  /** Seconds. */
  readonly bin: number;
  /** Seconds. */
  readonly minDuration: number;
  readonly includeInvalid: boolean;
}

const NO_SOURCE = 'Custom';

/** Keeps the accounts of all clips. */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #durationOf: (clipId: string) => number | undefined;
  readonly #clips = new Map<string, ClipAccount>();
  readonly #sources = new Map<string, number>();
  #sessions = 0;
  #invalidSessions = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param durationOf A clip's duration in milliseconds, asked for once all sessions are there. */
  constructor(options: LedgerOptions, durationOf: (clipId: string) => number | undefined) {
    this.#options = options;
    this.#durationOf = durationOf;
  }

  /**
   * Takes a session: each SessionId once.
   * @param durationOf A clip's duration in milliseconds as far as it is certain: null, none is told; undefined, one may still be told.
   */
  add(
    { session, unsound }: InspectedSession,
    durationOf: (clipId: string) => number | null | undefined,
  ): void {
    this.#sessions += 1;
    const source =
      session.request === null
        ? inOneOrder(session.events).find((event) => event.source !== undefined)?.source
        : session.source;
    this.#sources.set(source ?? NO_SOURCE, (this.#sources.get(source ?? NO_SOURCE) ?? 0) + 1);
    const play = unsound && !this.#options.includeInvalid ? null : playOf(session);
    if (!play) {
      this.#invalidSessions += 1;
      return;
    }
    this.#noteTimes(play);
    this.#accountOf(play.clipId).add(play, durationOf(play.clipId));
  }

  report(): Report {
    const accounts = [...this.#clips.values()].toSorted(
      (a, b) => b.plays - a.plays || (a.clipId < b.clipId ? -1 : 1),
    );
    const totals = this.#totals(accounts);
    const clips = accounts.map((account) => account.figures(this.#durationOf(account.clipId) ?? null));
    const { bin, minDuration } = this.#options;
    return { version: 1, bin, minDuration, totals, clips };
  }

  #accountOf(clipId: string): ClipAccount {
    const known = this.#clips.get(clipId);
    if (known) return known;
    const account = new ClipAccount(clipId, toMs(this.#options.bin), toMs(this.#options.minDuration));
    this.#clips.set(clipId, account);
    return account;
  }

  #noteTimes({ firstTimestampMs, lastTimestampMs }: Play): void {
    this.#firstMs = Math.min(this.#firstMs, firstTimestampMs ?? this.#firstMs);
    this.#lastMs = Math.max(this.#lastMs, lastTimestampMs ?? this.#lastMs);
  }

  #totals(accounts: readonly ClipAccount[]): ReportTotals {
    const sum = (of: (account: ClipAccount) => number): number =>
      accounts.reduce((total, account) => total + of(account), 0);
    const seconds = (ms: number): number | null => (Number.isFinite(ms) ? ms / 1000 : null);
    return {
      sessions: this.#sessions,
      verified: sum(({ plays }) => plays),
      verified60: sum(({ verified60 }) => verified60),
      filtered: sum(({ filtered }) => filtered),
      invalidSessions: this.#invalidSessions,
      totalSeconds:
        Math.min(
          sum(({ heardMs }) => heardMs),
          Number.MAX_VALUE,
        ) / 1000,
      clips: accounts.length,
      firstTimestamp: seconds(this.#firstMs),
      lastTimestamp: seconds(this.#lastMs),
      sources: Object.fromEntries([...this.#sources].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}
