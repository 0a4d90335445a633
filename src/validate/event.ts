import { EVENT_FLAG, type EventBatch } from '../domain/event-batch.js';
import type { RuleId } from '../domain/finding.js';
import type { ColumnRule, Problem, RawRule, ReportEvent, RuleSettings } from '../rules/define.js';
import { EVENT_RULES, RULES } from '../rules/index.js';
import { shapeFaults } from '../wire/event.js';
import { isJsonObject } from '../wire/json.js';

const COLUMN_RULES: readonly ColumnRule[] = EVENT_RULES.filter((rule) => rule.sees === 'columns');
const RAW_RULES: readonly RawRule[] = EVENT_RULES.filter((rule) => rule.sees === 'json');

/** What a rule found in event `i` of a batch. */
export type ReportEventRule = (rule: RuleId, i: number, pointer: string, problem: () => Problem) => void;

/**
 * Applies the event rules to the events of a batch from `from`, up to `to`, and marks those as invalid that meet the condition of a rule whose
 * default severity is error.
 * @param bare Whether they are bare events, which may carry a Source.
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
