import type { RuleId } from '../domain/finding.js';
import type { Problem } from '../rules/define.js';

/** Hints for whoever has a table, by rule and property: the rules' own speak to those who write a player. */
const HINTS: Readonly<Partial<Record<RuleId, Readonly<Record<string, string>>>>> = {
  'missing-field': {
    '/OrganizationId': 'Fill the column in, or give the organization of all rows: --organization GUID',
    '/ClipId': 'Fill the column in, or name the column that holds it: --map ClipId=HEADER',
    '/SessionId':
      'Fill the column in, or name the columns that tell sessions apart: --session-key HEADER,HEADER',
  },
  'guid-format': {
    '/OrganizationId':
      'Write it as 8-4-4-4-12 hexadecimal digits, or leave the column out and add --organization GUID',
    '/ClipId': 'Where these are ids of another system, translate them: --clip-map FILE',
    '/SessionId': 'Where sessions have ids of another form, make SessionIds of them: --session-key HEADER',
  },
  'guid-empty': { '': 'Leave the cell empty where the id is not known' },
  'type-unknown': {
    '': 'Say which values mean what: --type Start=play,resume --type Stop=pause,ended; for heartbeats of a running player --shape pings',
  },
  'field-type': { '': 'Write a number with a point: 4.5; --null TEXT names what means an absent value' },
  'timestamp-unit': {
    '': 'Name the unit: --timestamp-unit ms, us or ns; seconds since a page was loaded are no time',
  },
  'timestamp-fraction': { '': 'Export whole seconds: fractions are kept as they are' },
};

/** The problem, with a hint for whoever has a table. @param pointer The property that is at fault. */
export function withTableHint(rule: RuleId, pointer: string, problem: Problem): Problem {
  const hints = HINTS[rule];
  const hint = hints && (hints[pointer] ?? hints['']);
  return hint === undefined ? problem : { ...problem, hint };
}
