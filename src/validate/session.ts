import { EVENT_FLAG, type EventBatch } from '../domain/event-batch.js';
import { type RuleId, TABLE_RULE_IDS } from '../domain/finding.js';
import { Session } from '../domain/session.js';
import type {
  ColumnRule,
  Leak,
  Occurrence,
  Problem,
  RawRule,
  ReportEvent,
  ReportSession,
  RequestUnderCheck,
  RuleSettings,
  SessionPart,
  SessionRule,
} from '../rules/define.js';
import { EVENT_RULES, REQUEST_RULES, RULES, SESSION_RULES } from '../rules/index.js';
import { shapeFaults } from '../wire/event.js';
import { isJsonObject } from '../wire/json.js';
import { FindingCollector } from './findings.js';
import type { InspectedSession } from './inspected.js';
import type { InspectOptions } from './options.js';
import { withTableHint } from './table-hints.js';

const COLUMN_RULES: readonly ColumnRule[] = EVENT_RULES.filter((rule) => rule.sees === 'columns');
const RAW_RULES: readonly RawRule[] = EVENT_RULES.filter((rule) => rule.sees === 'json');

/** What a rule found in event `i` of a batch. */
export type ReportEventRule = (rule: RuleId, i: number, pointer: string, problem: () => Problem) => void;

/**
 * Applies the event rules to the events of a batch from `from` to below `to`. Marks an event as invalid if it meets the
 * condition of a rule whose default severity is error.
 * @param bare Whether they are bare events, which can have a Source.
 */
export function inspectEvents(
  events: EventBatch,
  from: number,
  to: number,
  bare: boolean,
  report: ReportEventRule,
  settings: RuleSettings,
): void {
  for (const rule of COLUMN_RULES) {
    const found: ReportEvent = (i, pointer, problem) => {
      if (rule.severity === 'error') events.flags[i]! |= EVENT_FLAG.invalid;
      report(rule.id, i, pointer, problem);
    };
    rule.check(events, from, to, found, settings);
  }
  for (let i = from; i < to; i += 1) {
    if ((events.flags[i]! & EVENT_FLAG.raw) !== 0) inspectRaw(events, i, bare, report);
  }
}

function inspectRaw(events: EventBatch, i: number, bare: boolean, report: ReportEventRule): void {
  const { value } = events.raws.get(i)!;
  const fields = isJsonObject(value) ? value : null;
  const unnumbered = (events.flags[i]! & EVENT_FLAG.unnumbered) !== 0;
  const checked = fields && unnumbered ? { ...fields, SeqNumber: 1 } : fields;
  const event = { value, fields: checked, faults: checked ? shapeFaults(checked) : [], bare };
  for (const rule of RAW_RULES) {
    rule.check(event, (problem) => {
      if (RULES[rule.id].severity === 'error') events.flags[i]! |= EVENT_FLAG.invalid;
      report(rule.id, i, problem.pointer, () => problem);
    });
  }
}

/** Whether a request began before now: then no Timestamp in it can be later than its own time. */
export function isEarlier(
  beganAt: number | null | undefined,
  { now }: Pick<RuleSettings, 'now'>,
): beganAt is number {
  return typeof beganAt === 'number' && beganAt < now;
}

/** Event rules that compare a session with the time at which its request began. */
const SENT_RULES = COLUMN_RULES.filter((rule) => rule.checkSent !== undefined);
const REQUEST_RULES_OF_SESSIONS = REQUEST_RULES.filter((rule) => rule.checkSession !== undefined);
/** Rules that also apply to sessions of bare events, which are in no request. */
const BARE_RULES = REQUEST_RULES_OF_SESSIONS.filter((rule) => rule.ofBareSessions);
const IDS_RULES = SESSION_RULES.filter(({ needs }) => needs === 'ids');
const VALID_RULES = SESSION_RULES.filter(({ needs }) => needs === 'valid');
const ORDER_RULES = SESSION_RULES.filter(({ needs }) => needs === 'order');
/** If one of these rules fires, the unit of positions is not certain. */
const UNIT_UNCERTAIN = [
  'table-unit',
  'position-unit',
  'interval-too-long',
] as const satisfies readonly RuleId[];
const NO_LEAKS: readonly Leak[] = [];

/** Applies the session rules, and those request rules that look at sessions. */
export class SessionInspector {
  /**
   * What the session rules find in a repeated part of a session. It is not reported, but other rules are still skipped
   * because of it.
   */
  readonly #unreported: FindingCollector;
  readonly #report: ReportSession;
  readonly #reportUnreported: ReportSession;
  #session: Session | null = null;
  /** The result of `inspect`, which is reused for the next session. */
  readonly #verdict: Writable<InspectedSession> = {
    kind: 'session',
    session: new Session(),
    occurrence: 'first',
    invalid: false,
    hasDataError: false,
    unitCertain: true,
    playedMs: null,
    deliveredTo: undefined,
  };
  readonly #bare = {
    session: new Session(),
    occurrence: 'first' as Occurrence,
    delivered: false,
    leaks: NO_LEAKS,
  };
  #rule: RuleId = 'syntax';

  /** @param found The collector to which findings are added; the caller clears it. */
  constructor(
    readonly options: InspectOptions,
    readonly found: FindingCollector,
  ) {
    this.#unreported = new FindingCollector({ ...options, severities: new Map(), severitiesIn: undefined });
    const reporter =
      (collector: FindingCollector): ReportSession =>
      (i, problem) => {
        const session = this.#session!;
        const rule = this.#rule;
        const worded = session.isOfTable(i) ? () => withTableHint(rule, '', problem()) : problem;
        collector.add(rule, worded, {
          input: session.inputs[session.inputNumbers[i]!]!,
          line: session.lines[i]!,
          place: () => session.placeOf(i),
          sessionId: () => session.idOf(i, 'session'),
          seqNumber: session.seqNumberOf(i),
        });
      };
    this.#report = reporter(found);
    this.#reportUnreported = reporter(this.#unreported);
  }

  /** Inspects a session of bare events. */
  inspectBare(session: Session, occurrence: Occurrence): InspectedSession {
    const part = this.#bare;
    part.session = session;
    part.occurrence = occurrence;
    return this.inspect(part, null);
  }

  /** Inspects a session. @param request The request that holds it; null for a session of bare events. */
  inspect(part: SessionPart, request: RequestUnderCheck | null, deliveredTo?: string): InspectedSession {
    const { session, occurrence } = part;
    const { found, options } = this;
    const first = occurrence === 'first';
    const ofSession = first ? found : this.#unreported;
    this.#session = session;
    if (!first) ofSession.clear();
    if (isEarlier(session.requestBeganAt, options)) {
      for (const rule of SENT_RULES) {
        this.#rule = rule.id;
        rule.checkSent!(session, session.requestBeganAt, this.#report);
      }
    }
    this.#applySessionRules(session, ofSession, first ? this.#report : this.#reportUnreported);
    for (const rule of request === null && first ? BARE_RULES : REQUEST_RULES_OF_SESSIONS) {
      if (ofSession.fired.hasAny(rule.unless)) continue;
      this.#rule = rule.id;
      rule.checkSession!(part, this.#report, request);
    }
    // Implausible values in a column are a fault of the export: they show nothing about a player.
    if (!found.fired.hasAny(TABLE_RULE_IDS)) options.diagnoses?.look(part, found.fired);
    const verdict = this.#verdict;
    verdict.session = session;
    verdict.occurrence = occurrence;
    verdict.invalid = found.invalid || session.hasErrors;
    verdict.hasDataError = found.hasDataError || session.hasErrors;
    verdict.unitCertain = !ofSession.fired.hasAny(UNIT_UNCERTAIN);
    verdict.playedMs = first && session.listening.known ? session.listening.playedMs : null;
    verdict.deliveredTo = deliveredTo;
    return verdict;
  }

  #applySessionRules(session: Session, found: FindingCollector, report: ReportSession): void {
    this.#applyAll(IDS_RULES, session, found, report);
    if (!session.valid) return;
    this.#applyAll(VALID_RULES, session, found, report);
    if (session.listening.known) this.#applyAll(ORDER_RULES, session, found, report);
  }

  #applyAll(
    rules: readonly SessionRule[],
    session: Session,
    found: FindingCollector,
    report: ReportSession,
  ): void {
    for (let n = 0; n < rules.length; n += 1) {
      const rule = rules[n]!;
      if (rule.unless !== undefined && found.fired.hasAny(rule.unless)) continue;
      this.#rule = rule.id;
      rule.check(session, report, this.options);
    }
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
