import type { RuleId } from '../domain/finding.js';
import type { Problem } from '../rules/define.js';

const MISSING_ROWS =
  'Check whether rows are missing: rows that cannot be read, and the filter and limit of the export';
const SEVERAL_SESSIONS =
  'Check whether it is the id of a visit or a listener; --session-key HEADER makes one session of it per clip';

/** Hints for people with a table, by rule and property. The rules' own hints are for developers of a player. */
const HINTS: Readonly<Partial<Record<RuleId, Readonly<Record<string, string>>>>> = {
  'missing-field': {
    '/OrganizationId': 'Fill in the column, or name one organization for all rows: --organization GUID',
    '/ClipId': 'Fill in the column, or name the column that holds it: --map ClipId=HEADER',
    '/SessionId':
      'Fill in the column, or name the columns that identify a session: --session-key HEADER,HEADER',
    '': 'Fill in the cell, or leave the row out',
  },
  'guid-format': {
    '/OrganizationId':
      'Write it as 8-4-4-4-12 hexadecimal digits, or leave the column out and add --organization GUID',
    '/ClipId': 'If these are ids of another system, translate them: --clip-map FILE',
    '/SessionId': 'If sessions have ids of another form, make SessionIds from them: --session-key HEADER',
  },
  'guid-empty': { '': 'Leave the cell empty if the id is not known' },
  'session-id-shared': {
    '': 'Name the column that holds the id of the session: --map SessionId=HEADER, or --session-key HEADER,HEADER',
  },
  'type-unknown': {
    '': 'Name the values that mean Start and Stop, such as --type Start=play,resume --type Stop=pause,ended; or name the column that holds them: --map Type=HEADER. For heartbeats of a running player, add --shape pings',
  },
  'field-type': {
    '': 'Write a number with a point: 4.5; or name the text that means an absent value: --null TEXT',
  },
  'position-range': {
    '': 'Check how the column is computed: a position counts from the beginning of the clip',
  },
  'seq-range': {
    '': 'Number the events of a session from 1, or leave SeqNumber out: then events are ordered by Timestamp',
  },
  'timestamp-unit': {
    '': 'If the numbers are larger than unix seconds, give the unit: --timestamp-unit ms, us or ns. Seconds since a page was loaded and day numbers of a spreadsheet (45965.17) cannot be read: export times as 2025-11-04T04:01:11Z',
  },
  'timestamp-fraction': { '': 'Export whole seconds: omny-consume does not round fractions' },
  'timestamp-future': {
    '': 'Check the time zone of the column. Give the zone of times without an offset with --timezone, and the current time with --now',
  },
  'clip-changed': { '': `One SessionId has several clips. ${SEVERAL_SESSIONS}` },
  'organization-changed': { '': `One SessionId has several organizations. ${SEVERAL_SESSIONS}` },
  'source-changed': {
    '': 'Give all rows of a session the same Source, or leave the column out and name one: --source NAME',
  },
  'seq-start': { '': MISSING_ROWS },
  'seq-gap': { '': MISSING_ROWS },
  'seq-duplicate': {
    '': 'Check whether rows were exported twice, or a SessionId is used for several sessions (--session-key HEADER,HEADER)',
  },
  'repeated-event': { '': 'Nothing is lost: the event is counted once' },
  'stop-without-start': { '': MISSING_ROWS },
  'start-without-stop': { '': MISSING_ROWS },
  'session-open': {
    '': 'The row of its Stop is missing: check whether it could not be read, or is newer than the export (leave out sessions that can still be open with --until)',
  },
  'position-reversed': {
    '': 'Check whether the columns of start and end are swapped. Name them with --map',
  },
  'timestamp-reversed': {
    '': 'Check whether SeqNumber and the time of a row belong together. Also check times without an offset near the start or end of summer time',
  },
  'timestamps-at-flush': {
    '': 'The column says when the events were stored: use the one that says when they happened: --map Timestamp=HEADER',
  },
  'position-unit': { '': 'Add --position-unit ms, or --duration-unit ms if the rows have lengths' },
  'interval-too-long': {
    '': 'Check the unit (--position-unit, --duration-unit). If the clip is that long, give its duration: --clips FILE',
  },
  'playback-too-fast': {
    '': 'Check times, positions and their units; a seek ends a row and starts another. Set the highest speed to accept with --max-speed',
  },
  'playback-too-slow': {
    '': 'This is not an error if the listener paused: the row only has the times of its start and its end',
  },
  'position-beyond-clip': {
    '': 'Check the row, the duration of its clip, and their units (--position-unit, --duration-unit, --clip-duration-unit)',
  },
  'nothing-heard': {
    '': 'Check whether the columns of positions or lengths hold what was played, and in which unit (--position-unit, --duration-unit)',
  },
  'session-too-short': {
    '': 'This is not an error: the session will not show. If most sessions are like this, check the unit (--duration-unit, --position-unit)',
  },
};

/**
 * The problem, with a hint for people with a table if there is one.
 * @param pointer The property with the fault; empty for findings of session rules.
 */
export function withTableHint(rule: RuleId, pointer: string, problem: Problem): Problem {
  const hints = HINTS[rule];
  const hint = hints && (hints[pointer] ?? hints['']);
  return hint === undefined ? problem : { ...problem, hint };
}
