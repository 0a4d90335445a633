import type { Finding, RuleId, Severity } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { InputOpened, Loss, TableRecord, UnmappedRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { Occurrence } from '../rules/define.js';

/** A session with the result of its inspection. */
export interface InspectedSession {
  readonly kind: 'session';
  /** Valid until the next item is requested. */
  readonly session: Session;
  /**
   * Whether it, or its request, has a finding of severity error (except findings about how the request was sent). A
   * first part is reported before a later request shows that the session is split: check `occurrence` of later parts
   * too.
   */
  readonly invalid: boolean;
  /** Whether the session itself has an event- or session-level finding of severity error. Errors of its request do not count. */
  readonly hasDataError: boolean;
  readonly occurrence: Occurrence;
  /** False where a rule suspects that the unit of its positions is wrong. No total then includes what was played. */
  readonly unitCertain: boolean;
  /** Milliseconds of audio played; null where the intervals are not known (an event is not valid, or a SeqNumber is repeated). */
  readonly playedMs: number | null;
  /** The host that answered its request with `Enabled: true`; undefined if the input does not say. */
  readonly deliveredTo: string | undefined;
}

/** An event that belongs to no session, because its SessionId is unusable or it is not an object. */
export interface StrayEvent {
  readonly kind: 'stray';
  /** A session with only this event. Valid until the next item is requested. */
  readonly event: Session;
}

/** A session outside `within`: no count includes it, and its findings are not reported. */
export interface KeptOutSession {
  readonly kind: 'kept-out';
  /** Valid until the next item is requested. */
  readonly session: Session;
  readonly occurrence: Occurrence;
}

/** A document, line or row that could not be read. There is also a `syntax` finding, unless the rule is off. */
export interface UnreadablePlace {
  readonly kind: 'unreadable';
  readonly place: Place;
  readonly loss: Loss;
  /** The line or row, unchanged; undefined if it is not known. */
  readonly text: string | undefined;
}

/** A row or an event that was left out, because the clip map does not have its clip. */
export type UnmappedPlace = UnmappedRecord;

/** A table's header has been read; its rows follow. */
export interface InspectedTable {
  readonly kind: 'table';
  readonly table: TableRecord;
}

/** A request that has been read. */
export interface InspectedRequest {
  readonly kind: 'request';
  /** The number of the request in the run, from 0. */
  readonly number: number;
}

export interface InspectedFinding {
  readonly kind: 'finding';
  /** Valid until the next item is requested; `settle` makes it permanent. */
  readonly finding: Finding;
}

/** One item that inspection yields. Items are in input order where possible; sessions of bare events are at the end. */
export type Inspected =
  | InputOpened
  | InspectedFinding
  | InspectedSession
  | KeptOutSession
  | StrayEvent
  | UnreadablePlace
  | UnmappedPlace
  | InspectedTable
  | InspectedRequest;

/** The counts of a run. */
export interface Summary {
  readonly files: number;
  readonly requests: number;
  /** Each SessionId once; a re-sent session once. */
  readonly sessions: number;
  /** Events, without those of re-sent sessions. */
  readonly events: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Documents, lines and rows that could not be read. */
  readonly unreadable: number;
  /** Rows and events that were left out because their clips are not in the clip map; absent without any. */
  readonly unmapped?: number;
  /** Bugs of a player, or of an export, behind patterns over the whole input; 0 where they were not searched. */
  readonly diagnoses: number;
  /** Seconds of audio played, over the sessions whose intervals are known. */
  readonly playedSeconds: number;
}

const COUNTED = { error: 'errors', warning: 'warnings', info: 'infos' } as const satisfies Record<
  Severity,
  keyof Summary
>;

const ENDLESS_MS = 2 ** 40;

/** Counts inspected items. */
export class Tally {
  readonly #counts = {
    files: 0,
    requests: 0,
    sessions: 0,
    events: 0,
    errors: 0,
    warnings: 0,
    infos: 0,
    unreadable: 0,
  };
  readonly #byRule = new Map<RuleId, number>();
  #keptOut = 0;
  #unmapped = 0;
  #playedMs = 0;
  /** The sum of numbers too large to be added exactly. It is separate, so that the sum of all others is the same in any order. */
  #endlessMs = 0;

  add(inspected: Inspected): void {
    switch (inspected.kind) {
      case 'input':
        this.#counts.files += 1;
        break;
      case 'finding':
        this.#counts[COUNTED[inspected.finding.severity]] += 1;
        this.#byRule.set(inspected.finding.rule, this.ofRule(inspected.finding.rule) + 1);
        break;
      case 'request':
        this.#counts.requests += 1;
        break;
      case 'stray':
        this.#counts.events += 1;
        break;
      case 'session':
        if (inspected.occurrence === 'first') this.#counts.sessions += 1;
        if (inspected.occurrence !== 'resent') this.#counts.events += inspected.session.count;
        if (inspected.unitCertain) this.#played(inspected.playedMs ?? 0);
        break;
      case 'unreadable':
        this.#counts.unreadable += 1;
        break;
      case 'unmapped':
        this.#unmapped += 1;
        break;
      case 'kept-out':
        if (inspected.occurrence === 'first') this.#keptOut += 1;
        break;
    }
  }

  /** The number of findings of a rule. */
  ofRule(rule: RuleId): number {
    return this.#byRule.get(rule) ?? 0;
  }

  /** How many sessions are outside `within`. No other count includes them. */
  get keptOut(): number {
    return this.#keptOut;
  }

  /** How many rows and events were left out, because the clip map does not have their clips. No other count includes them. */
  get unmapped(): number {
    return this.#unmapped;
  }

  /** Whether the input was empty: no event, no request and no finding. */
  get nothing(): boolean {
    const { requests, events, unreadable } = this.#counts;
    return requests + events + unreadable + this.#unmapped === 0 && this.#byRule.size === 0;
  }

  /** @param diagnoses How many there are. */
  summary(diagnoses = 0): Summary {
    return {
      ...this.#counts,
      ...(this.#unmapped > 0 && { unmapped: this.#unmapped }),
      diagnoses,
      playedSeconds: Math.min((this.#playedMs + this.#endlessMs) / 1000, Number.MAX_VALUE),
    };
  }

  #played(ms: number): void {
    if (ms < ENDLESS_MS) this.#playedMs += ms;
    else this.#endlessMs += ms;
  }
}
