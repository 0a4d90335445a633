import type { RuleId, Severity } from '../domain/finding.js';
import type { Inspected } from './inspected.js';

/** The counts of a run, as `cli.md` gives them. */
export interface Summary {
  readonly files: number;
  readonly requests: number;
  /** Each SessionId once; a re-sent session once. */
  readonly sessions: number;
  /** Without those of re-sent sessions. */
  readonly events: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Documents, lines and rows that could not be read. */
  readonly unreadable: number;
  /** Seconds of audio played, over the sessions whose intervals are known. */
  readonly playedSeconds: number;
}

const COUNTED = { error: 'errors', warning: 'warnings', info: 'infos' } as const satisfies Record<
  Severity,
  keyof Summary
>;

const ENDLESS_MS = 2 ** 40;

/** Counts what inspection tells. */
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
  #playedMs = 0;
  /** What is too large to be added without loss, apart, so that the rest adds up to the same in any order. */
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
      case 'kept-out':
        if (inspected.occurrence === 'first') this.#keptOut += 1;
        break;
    }
  }

  /** How many findings a rule has. */
  ofRule(rule: RuleId): number {
    return this.#byRule.get(rule) ?? 0;
  }

  /** How many sessions `within` keeps out: they are in no other count. */
  get keptOut(): number {
    return this.#keptOut;
  }

  /** Whether nothing was there at all: no event, no request and no finding. */
  get nothing(): boolean {
    const { requests, events } = this.#counts;
    return requests === 0 && events === 0 && this.#counts.unreadable === 0 && this.#byRule.size === 0;
  }

  summary(): Summary {
    return {
      ...this.#counts,
      playedSeconds: Math.min((this.#playedMs + this.#endlessMs) / 1000, Number.MAX_VALUE),
    };
  }

  #played(ms: number): void {
    if (ms < ENDLESS_MS) this.#playedMs += ms;
    else this.#endlessMs += ms;
  }
}
