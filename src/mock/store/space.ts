import type { BehaviourId } from '../../certify/define.js';
import type { Sheet } from '../../certify/sheet.js';
import { Diagnoses } from '../../diagnoses/diagnoses.js';
import type { Clock } from '../../domain/clock.js';
import { Newest } from '../../domain/newest-map.js';
import type { Input } from '../../domain/place.js';
import type { Inspected } from '../../validate/inspected.js';
import type { InspectOptions } from '../../validate/options.js';
import { ENDPOINT_PATH } from '../../wire/body.js';
import { type FaultPlan, faultFor, type MockFault } from '../faults/fault.js';
import { MAIN_LIMITS, MAX_SPACES, NAMED_LIMITS, type StoreLimits } from '../options.js';
import {
  MAX_NOTABLE_REQUESTS,
  type MockSettings,
  type NotableRequest,
  type PageMessage,
  type RequestMessage,
} from '../page-data.js';
import { type Filter, RequestStore } from './request-store.js';
import type { SheetKeeper } from './sheet-keeper.js';

const NOTABLE = { maxCount: MAX_NOTABLE_REQUESTS };

/** How the sheets of behaviours are kept. */
export interface SheetSettings {
  /** @param remember How many of the newest sessions to compare with each other. */
  readonly make: (remember: number) => SheetKeeper;
  /** The sheet of all spaces; a reset does not change it. */
  readonly total: SheetKeeper;
  /** The behaviours that must be seen right. */
  readonly required: ReadonlySet<BehaviourId>;
}

/** The settings with which a space begins, and to which a reset returns. */
export interface SpaceSettings {
  readonly faults: readonly MockFault[];
  readonly seed: number;
  readonly enabled: boolean;
  readonly strict: boolean;
  /**
   * @param remember How many SessionIds to remember, to recognize a session that is sent again.
   * @param diagnoses Looks at the sessions of the space.
   */
  readonly inspect: (remember: number, diagnoses?: Diagnoses) => InspectOptions;
  readonly limits: StoreLimits;
  readonly clock: Clock;
  /** Null if the mock keeps no sheets. */
  readonly sheets: SheetSettings | null;
  /** Called with everything that is checked. */
  readonly onInspected: (inspected: Inspected) => void;
}

/**
 * A space: everything that arrived at one URL, and how that URL answers. There is the main space, and one for each NAME of
 * `/t/NAME/`, such as one per test.
 */
export class MockSpace {
  /** The space as an input, for the places of findings. */
  readonly input: Input;
  #store: RequestStore;
  #plan: FaultPlan;
  #enabled: boolean;
  #arrived = 0;
  #notable = new Newest<NotableRequest>(NOTABLE);
  readonly #listeners = new Set<(message: PageMessage) => void>();

  /** @param name NAME of `/t/NAME/`; null for the main space. @param endpoint The URL to point a player at. */
  constructor(
    readonly name: string | null,
    readonly endpoint: string,
    readonly initial: SpaceSettings,
  ) {
    this.input = { index: 0, name: name === null ? '<mock>' : `<mock /t/${name}>`, isMock: true };
    this.#store = this.#newStore();
    this.#plan = this.#newPlan(initial.faults, initial.seed);
    this.#enabled = initial.enabled;
  }

  /** The requests that arrived since the last reset. */
  get store(): RequestStore {
    return this.#store;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  get settings(): MockSettings {
    return {
      enabled: this.#enabled,
      strict: this.initial.strict,
      faults: this.#plan.faults.map(({ spec }) => spec),
      minDuration: this.#store.options.minDuration,
    };
  }

  /** Whether a page listens or a caller waits. */
  get inUse(): boolean {
    return this.#listeners.size > 0;
  }

  /** Counts a request to the endpoint, and returns the fault that it meets. */
  nextFault(): MockFault | null {
    this.#arrived += 1;
    return faultFor(this.#plan, this.#arrived);
  }

  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
    this.emit({ type: 'settings', settings: this.settings });
  }

  /** Sets the faults, and counts requests from 1 again. @param seed The seed of the start by default. */
  setFaults(faults: readonly MockFault[], seed = this.initial.seed): void {
    this.#plan = this.#newPlan(faults, seed);
    this.#arrived = 0;
    this.emit({ type: 'settings', settings: this.settings });
  }

  /** Resets to the state at the start: nothing has arrived, and responses are as configured. */
  reset(): void {
    this.#store = this.#newStore();
    this.#plan = this.#newPlan(this.initial.faults, this.initial.seed);
    this.#enabled = this.initial.enabled;
    this.#arrived = 0;
    this.#notable = new Newest(NOTABLE);
    this.emit(this.startMessage());
  }

  /** The first message to a page. */
  startMessage(): PageMessage {
    return {
      type: 'start',
      endpoint: this.endpoint,
      space: this.name,
      keeps: this.initial.limits.sessions,
      settings: this.settings,
      certify: this.initial.sheets !== null,
      summary: this.#store.summary(),
    };
  }

  /** The requests that a new page must show in addition to the sessions. */
  notableRequests(): NotableRequest[] {
    return this.#notable.items();
  }

  emit(message: PageMessage): void {
    if (message.type === 'request' && isNotable(message)) {
      const { request, sessions, findings } = message;
      this.#notable.add({ request, findings: sessions.length === 0 ? findings : [] });
    }
    for (const listener of this.#listeners) listener(message);
  }

  /** Calls a listener with each message. Returns a function that ends the subscription. */
  subscribe(listener: (message: PageMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The sheet of what arrived since the last reset; null without one. @param required The mock's option by default. */
  sheet(required = this.initial.sheets?.required): Sheet | null {
    const endedAt = this.initial.clock.unixSeconds();
    return this.#store.sheets?.own.sheet(required ?? new Set(), endedAt) ?? null;
  }

  /** How many sessions arrived; with a filter, how many of those still stored match it. */
  count(filter: Filter = {}): number {
    return this.#store.summary(filter).sessions;
  }

  /**
   * Waits until this many sessions have arrived. Resolves to false if they have not when the time is up or the signal is
   * aborted.
   */
  wait(sessions: number, filter: Filter, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const there = () => this.count(filter) >= sessions;
    if (there() || timeoutMs <= 0 || signal?.aborted) return Promise.resolve(there());
    return new Promise((resolve) => {
      const end = () => {
        unsubscribe();
        cancel();
        signal?.removeEventListener('abort', end);
        resolve(there());
      };
      const unsubscribe = this.subscribe(() => {
        if (there()) end();
      });
      const cancel = this.initial.clock.after(timeoutMs, end);
      signal?.addEventListener('abort', end);
    });
  }

  #newStore(): RequestStore {
    const { inspect, limits, onInspected, sheets } = this.initial;
    const diagnoses = new Diagnoses(inspect(limits.remembered));
    const kept = sheets && { own: sheets.make(limits.remembered), total: sheets.total };
    return new RequestStore(inspect(limits.remembered, diagnoses), diagnoses, limits, onInspected, kept);
  }

  #newPlan(faults: readonly MockFault[], seed: number): FaultPlan {
    return { faults, seed, stream: this.name ?? '' };
  }
}

/** The main space, and those at `/t/NAME/`, which are created when they are first used. */
export class MockSpaces {
  readonly main: MockSpace;
  readonly #named = new Map<string, MockSpace>();

  /** @param baseUrl Without a slash at its end. */
  constructor(
    readonly baseUrl: string,
    readonly initial: Omit<SpaceSettings, 'limits'>,
  ) {
    this.main = new MockSpace(null, `${baseUrl}${ENDPOINT_PATH}`, { ...initial, limits: MAIN_LIMITS });
  }

  /** @param name Null for the main space. */
  of(name: string | null): MockSpace {
    if (name === null) return this.main;
    const endpoint = `${this.baseUrl}/t/${name}${ENDPOINT_PATH}`;
    const space =
      this.#named.get(name) ?? new MockSpace(name, endpoint, { ...this.initial, limits: NAMED_LIMITS });
    this.#named.delete(name);
    this.#named.set(name, space);
    for (const [oldest, { inUse }] of this.#named) {
      if (this.#named.size <= MAX_SPACES) break;
      if (!inUse && oldest !== name) this.#named.delete(oldest);
    }
    return space;
  }
}

function isNotable({ request, sessions, findings }: RequestMessage): boolean {
  return (
    request.unmatched !== null || request.fault !== null || (sessions.length === 0 && findings.length > 0)
  );
}
