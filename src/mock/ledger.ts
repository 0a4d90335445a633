import type { Inspected } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
import { Book } from './book.js';
import type { MockClock } from './clock.js';
import { type FaultPlan, faultFor } from './fault-plan.js';
import type { Fault } from './fault-spec.js';
import type { Filter } from './filter.js';
import type { Keep } from './limits.js';
import { Newest } from './newest.js';
import {
  MOST_APART,
  type MockSettings,
  type PageMessage,
  type RequestApart,
  type RequestMessage,
} from './page-data.js';

/** How a ledger begins, and what a reset returns it to. */
export interface LedgerStart {
  readonly faults: readonly Fault[];
  readonly seed: number;
  readonly enabled: boolean;
  readonly strict: boolean;
  /** @param remember SessionIds by which a session sent again is known. */
  readonly inspect: (remember: number) => InspectOptions;
  readonly keep: Keep;
  readonly clock: MockClock;
  /** Told of everything that is checked. */
  readonly onInspected: (inspected: Inspected) => void;
}

/** What arrived at one place, the main one or a test's own at `/t/NAME/`, and how that place answers. */
export class Ledger {
  #book: Book;
  #plan: FaultPlan;
  #enabled: boolean;
  #arrived = 0;
  #apart = new Newest<RequestApart>(MOST_APART);
  readonly #listeners = new Set<(message: PageMessage) => void>();

  /** @param name NAME of `/t/NAME/`; null of the main one. @param endpoint The URL to point a player at. */
  constructor(
    readonly name: string | null,
    readonly endpoint: string,
    readonly start: LedgerStart,
  ) {
    this.#book = this.#newBook();
    this.#plan = this.#newPlan(start.faults, start.seed);
    this.#enabled = start.enabled;
  }

  /** What arrived since the last reset. */
  get book(): Book {
    return this.#book;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  get settings(): MockSettings {
    return {
      enabled: this.#enabled,
      strict: this.start.strict,
      faults: this.#plan.faults.map(({ spec }) => spec),
      minDuration: this.#book.options.minDuration,
    };
  }

  /** Whether someone listens or waits. */
  get inUse(): boolean {
    return this.#listeners.size > 0;
  }

  /** Counts a request to the endpoint, and gives the fault that it meets. */
  meet(): Fault | null {
    this.#arrived += 1;
    return faultFor(this.#plan, this.#arrived);
  }

  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
    this.tell({ type: 'settings', settings: this.settings });
  }

  /** Requests are counted anew, from 1. @param seed The one it began with unless told. */
  setFaults(faults: readonly Fault[], seed = this.start.seed): void {
    this.#plan = this.#newPlan(faults, seed);
    this.#arrived = 0;
    this.tell({ type: 'settings', settings: this.settings });
  }

  /** As if it had just begun: nothing has arrived, and it answers as at its start. */
  reset(): void {
    this.#book = this.#newBook();
    this.#plan = this.#newPlan(this.start.faults, this.start.seed);
    this.#enabled = this.start.enabled;
    this.#arrived = 0;
    this.#apart = new Newest(MOST_APART);
    this.tell(this.beginning());
  }

  /** The message that a page begins with. */
  beginning(): PageMessage {
    return {
      type: 'start',
      endpoint: this.endpoint,
      ledger: this.name,
      keeps: this.start.keep.sessions,
      settings: this.settings,
      summary: this.#book.summary(),
    };
  }

  /** What a page that is opened now must be told besides the sessions. */
  apart(): RequestApart[] {
    return this.#apart.items();
  }

  tell(message: PageMessage): void {
    if (message.type === 'request' && isApart(message)) {
      const { request, sessions, findings } = message;
      this.#apart.add({ request, findings: sessions.length === 0 ? findings : [] });
    }
    for (const listener of this.#listeners) listener(message);
  }

  /** Gives what ends it. */
  listen(listener: (message: PageMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many sessions arrived; with a filter, of those kept. */
  count(filter: Filter = {}): number {
    return this.#book.summary(filter).sessions;
  }

  /**
   * Waits until so many sessions have arrived. Gives whether they have when the time is up, or the signal is aborted.
   */
  wait(sessions: number, filter: Filter, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const there = () => this.count(filter) >= sessions;
    if (there() || timeoutMs <= 0 || signal?.aborted) return Promise.resolve(there());
    return new Promise((resolve) => {
      const end = () => {
        unlisten();
        callOff();
        signal?.removeEventListener('abort', end);
        resolve(there());
      };
      const unlisten = this.listen(() => {
        if (there()) end();
      });
      const callOff = this.start.clock.after(timeoutMs, end);
      signal?.addEventListener('abort', end);
    });
  }

  #newBook(): Book {
    const { inspect, keep, onInspected } = this.start;
    return new Book(inspect(keep.remembered), keep, onInspected);
  }

  #newPlan(faults: readonly Fault[], seed: number): FaultPlan {
    return { faults, seed, stream: this.name ?? '' };
  }
}

function isApart({ request, sessions, findings }: RequestMessage): boolean {
  return (
    request.unmatched !== null || request.fault !== null || (sessions.length === 0 && findings.length > 0)
  );
}
