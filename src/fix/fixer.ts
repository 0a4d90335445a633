import type { RuleId } from '../domain/finding.js';
import type { InputRecord } from '../domain/record.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { latestTimestamp } from '../rules/event/timestamp-future.js';
import type { Inspected, InspectedSession } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
import { wireFields } from '../wire/fields.js';
import type { Change } from './define.js';
import { fixSession } from './fix-session.js';
import { OpenSessions } from './open-sessions.js';
import { spellRecord } from './spell.js';

/** What is written of an input that is mended on the way. */
export type Fixed =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'stray'; readonly event: SessionEvent };

export interface FixerOptions extends InspectOptions {
  /** Close sessions that end with a Start. */
  readonly closeOpen: boolean;
  readonly onChange: (change: Change) => void;
}

/**
 * Mends an input as it passes: `spelled` what was read, `fix` what inspection then tells of it, `end` what was held back until the end. What
 * is sound passes untouched.
 */
export class Fixer {
  readonly #options: FixerOptions;
  readonly #changed = new Map<RuleId, number>();
  readonly #keptFor = new Map<RuleId, number>();
  /** Sessions of requests whose numbers were raised: what later requests hold of them is raised, too. */
  readonly #raised = new Set<string>();
  readonly #open: OpenSessions;
  #sessions = 0;
  #kept = 0;
  #unsound = 0;

  constructor(options: FixerOptions) {
    this.#options = options;
    this.#open = new OpenSessions(options.memory);
  }

  /** How often something was mended, by the rule that found it. */
  get changed(): ReadonlyMap<RuleId, number> {
    return this.#changed;
  }

  /** How many sessions were mended. */
  get sessions(): number {
    return this.#sessions;
  }

  /** How many sessions had something to mend, and stay as they stand. */
  get kept(): number {
    return this.#kept;
  }

  /** The rules that kept them from it, each with how many sessions. */
  get keptFor(): ReadonlyMap<RuleId, number> {
    return this.#keptFor;
  }

  /** How many of the sessions that are written have errors. */
  get unsound(): number {
    return this.#unsound;
  }

  /** Records with their names in the documented letter case, so that events find their session. */
  async *spelled(chunks: AsyncIterable<readonly InputRecord[]>): AsyncGenerator<readonly InputRecord[]> {
    for await (const chunk of chunks) {
      yield chunk.map((record) => spellRecord(record, (change) => this.#tell(change)));
    }
  }

  /** What is to be written of what inspection tells. */
  fix(inspected: Inspected): readonly Fixed[] {
    if (inspected.kind === 'stray') return this.#fixStray(inspected.event);
    if (inspected.kind !== 'session' || inspected.standing === 'resent') return [];
    const { session, unsound, standing } = inspected;
    if (this.#mayGoOn(inspected)) {
      this.#open.add(session, unsound);
      return [];
    }
    if (this.#mayNeedMending(session, unsound || standing === 'split')) {
      return this.#mend(session, unsound, this.#options.closeOpen && session.request === null);
    }
    return [{ kind: 'session', session }];
  }

  /** What was held back: the sessions of requests that end with a Start, closed where none went on. */
  *end(): Generator<Fixed> {
    for (const { session, unsound, wentOn } of this.#open) yield* this.#mend(session, unsound, !wentOn);
  }

  /** Lets go of what is held. */
  close(): void {
    this.#open.close();
  }

  #mayGoOn({ session, standing }: InspectedSession): boolean {
    if (!this.#options.closeOpen || session.request === null) return false;
    return this.#open.has(session.key) || (standing === 'first' && endsWithStart(session));
  }

  #mayNeedMending(session: Session, suspect: boolean): boolean {
    const open = this.#options.closeOpen && endsWithStart(session);
    return suspect || open || session.events.some(({ was }) => was !== undefined);
  }

  #mend(session: Session, unsound: boolean, closeOpen: boolean): Fixed[] {
    const raised = this.#raised.has(session.key);
    const settings = { latest: latestTimestamp(this.#options), closeOpen, raised };
    const outcome = fixSession(session, settings, this.#options);
    if (outcome?.unsound ?? unsound) this.#unsound += 1;
    if (outcome === null) return [{ kind: 'session', session }];
    const { changes, kept, strays } = outcome;
    if (changes.length > 0) this.#sessions += 1;
    if (kept.length > 0) this.#kept += 1;
    for (const rule of kept) this.#keptFor.set(rule, (this.#keptFor.get(rule) ?? 0) + 1);
    for (const change of changes) this.#tell(change);
    if (session.request !== null && changes.some(({ rule }) => rule === 'seq-range')) {
      this.#raised.add(session.key);
    }
    const whole = outcome.session.events.length > 0;
    return [
      ...strays.map((event) => ({ kind: 'stray', event }) as const),
      ...(whole ? [{ kind: 'session', session: outcome.session } as const] : []),
    ];
  }

  #fixStray(event: SessionEvent): Fixed[] {
    if (event.was === undefined) return [{ kind: 'stray', event }];
    const { place, source } = event;
    const alone = { key: '', events: [event], request: place.request, source, clipDuration: undefined };
    return this.#mend(alone, false, false);
  }

  #tell(change: Change): void {
    this.#changed.set(change.rule, (this.#changed.get(change.rule) ?? 0) + 1);
    this.#options.onChange(change);
  }
}

function endsWithStart({ events }: Session): boolean {
  const last = events.at(-1);
  return last !== undefined && wireFields(last).Type === 'Start';
}
