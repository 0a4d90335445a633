import type { RuleId } from '../domain/finding.js';
import type { Problem } from '../rules/define.js';

const MISSING_ROWS =
  'Look whether rows are missing: at those that cannot be read, and at the filter and limit of the export';
const SEVERAL_SESSIONS =
  'Look whether it is the id of a visit or a listener; --session-key HEADER makes sessions of it, a clip each';

/** Hints for whoever has a table, by rule and property: the rules' own speak to those who write a player. */
const HINTS: Readonly<Partial<Record<RuleId, Readonly<Record<string, string>>>>> = {
  'missing-field': {
    '/OrganizationId': 'Fill the column in, or give the organization of all rows: --organization GUID',
    '/ClipId': 'Fill the column in, or name the column that holds it: --map ClipId=HEADER',
    '/SessionId':
      'Fill the column in, or name the columns that tell sessions apart: --session-key HEADER,HEADER',
    '': 'Fill the cell in, or leave the row out',
  },
  'guid-format': {
    '/OrganizationId':
      'Write it as 8-4-4-4-12 hexadecimal digits, or leave the column out and add --organization GUID',
    '/ClipId': 'Where these are ids of another system, translate them: --clip-map FILE',
    '/SessionId': 'Where sessions have ids of another form, make SessionIds of them: --session-key HEADER',
  },
  'guid-empty': { '': 'Leave the cell empty where the id is not known' },
  'session-id-shared': {
    '': 'Name the column that holds the id of the listening: --map SessionId=HEADER, or --session-key HEADER,HEADER',
  },
  'type-unknown': {
    '': 'Say which values mean what: --type Start=play,resume --type Stop=pause,ended; for heartbeats of a running player --shape pings',
  },
  'field-type': { '': 'Write a number with a point: 4.5; --null TEXT names what means an absent value' },
  'position-range': {
    '': 'Look how the column is computed: a position counts from the beginning of the clip',
  },
  'seq-range': {
    '': 'Number the events of a session from 1, or leave SeqNumber out: then Timestamp gives their order',
  },
  'timestamp-unit': {
    '': 'Name the unit: --timestamp-unit ms, us or ns; seconds since a page was loaded are no time',
  },
  'timestamp-fraction': { '': 'Export whole seconds: fractions are kept as they are' },
  'timestamp-future': {
    '': 'Look at the time zone of the column; --timezone names that of times without an offset, --now the time that counts as now',
  },
  'clip-changed': { '': `SessionId stands for several clips. ${SEVERAL_SESSIONS}` },
  'organization-changed': { '': `SessionId stands for several organizations. ${SEVERAL_SESSIONS}` },
  'source-changed': {
    '': 'Give all rows of a session the same Source, or leave the column out and name one: --source NAME',
  },
  'seq-start': { '': MISSING_ROWS },
  'seq-gap': { '': MISSING_ROWS },
  'seq-duplicate': {
    '': 'Look whether rows were exported twice, or SessionId stands for several sessions (--session-key HEADER,HEADER)',
  },
  'repeated-event': { '': 'Nothing is lost: the event is counted once' },
  'stop-without-start': { '': MISSING_ROWS },
  'start-without-stop': { '': MISSING_ROWS },
  'session-open': {
    '': 'The row of its Stop is missing: look whether it cannot be read, or is younger than the export (--until leaves out sessions that may still be open)',
  },
  'position-reversed': { '': 'Look whether the columns of start and end are exchanged: --map names them' },
  'timestamp-reversed': {
    '': 'Look whether SeqNumber and the time belong together, and at times without an offset around a change of clocks',
  },
  'timestamps-at-flush': {
    '': 'The column says when the events were stored: name the one that says when they happened, --map Timestamp=HEADER',
  },
  'position-unit': { '': 'Add --position-unit ms, or --duration-unit ms where the rows have lengths' },
  'interval-too-long': {
    '': 'Look at the unit (--position-unit, --duration-unit). Where the clip is that long, name its duration: --clips FILE',
  },
  'playback-too-fast': {
    '': 'Look whether times, positions and their units are right; a seek ends a row and begins another. --max-speed sets the fastest speed to accept',
  },
  'playback-too-slow': {
    '': 'No fault where the listener paused: the row says only when it began and ended',
  },
  'position-beyond-clip': {
    '': 'Look at the row, at the duration of its clip, and at their units (--position-unit, --duration-unit, --clip-duration-unit)',
  },
  'nothing-heard': {
    '': 'Look whether the columns of positions or lengths hold what was heard, and in which unit (--position-unit, --duration-unit)',
  },
  'session-too-short': {
    '': 'No fault: it will not show. Where most sessions are like this, look at the unit (--duration-unit, --position-unit)',
  },
};

/** The problem, with a hint for whoever has a table. @param pointer The property that is at fault; empty for what a session rule finds. */
export function withTableHint(rule: RuleId, pointer: string, problem: Problem): Problem {
  const hints = HINTS[rule];
  const hint = hints && (hints[pointer] ?? hints['']);
  return hint === undefined ? problem : { ...problem, hint };
}
