import { stringify } from 'csv-stringify/sync';
import { escaped, formatNumber, pluralize, shellWords } from '../../domain/text.js';
import type { Database } from '../../send/ledger/sqlite.js';
import {
  changedCount,
  type GroupCounts,
  groupsOf,
  isFinished,
  type RunRow,
  runsOf,
  type SessionFilter,
  type SessionRow,
  SURVEY_STATES,
  type SurveyState,
  sessionsOf,
} from '../../send/ledger/survey.js';

/** What a ledger holds, in numbers. */
export interface Summary {
  readonly path: string;
  readonly groups: readonly GroupCounts[];
  readonly changed: number;
  /** The latest runs, newest first. */
  readonly runs: readonly RunRow[];
}

/** The number of runs to print. */
const MAX_RUNS = 20;

export function summaryOf(database: Database, path: string): Summary {
  return {
    path,
    groups: groupsOf(database),
    changed: changedCount(database),
    runs: runsOf(database, MAX_RUNS),
  };
}

export function summaryJson({ path, groups, changed, runs }: Summary): string {
  const shown = runs.map(({ began, ended, ...run }) => ({
    ...run,
    began: isoTime(began),
    ended: ended === null ? null : isoTime(ended),
  }));
  return `${JSON.stringify({ version: 1, ledger: path, sessions: groups, changed, runs: shown })}\n`;
}

export function summaryText(summary: Summary): string {
  const { groups, changed, runs } = summary;
  const lines: string[] = [];
  if (groups.length === 0) lines.push('This ledger holds no sessions yet.');
  let endpoint: string | null = null;
  for (const group of groups) {
    if (group.endpoint !== endpoint) lines.push(`To ${escaped(group.endpoint)}:`);
    endpoint = group.endpoint;
    const states = SURVEY_STATES.flatMap((state) =>
      group[state] === 0 ? [] : [`${formatNumber(group[state])} ${NAMES[state]}`],
    );
    lines.push(`  organization ${escaped(group.organization)}: ${states.join(', ')}`);
  }
  if (changed > 0)
    lines.push(
      `${pluralize(changed, 'delivered session')} came again with different events and were not sent again`,
    );
  if (runs.length > 0) lines.push('', 'Runs, newest first:', ...runs.map(runText));
  const next = nextSteps(summary);
  if (next.length > 0) lines.push('', 'Next:', ...next.map((step) => `  ${escaped(step)}`));
  return `${lines.join('\n')}\n`;
}

const NAMES: Readonly<Record<SurveyState, string>> = {
  delivered: 'delivered',
  ambiguous: 'ambiguous (could have been counted)',
  refused: 'refused',
  'not-sent': 'not sent yet (the next run sends them)',
};

function runText({ run, began, ended, exitCode, why, command }: RunRow): string {
  const how =
    ended === null
      ? 'was killed'
      : `ended with ${exitCode}${why ? ` (${escaped(why)})` : ''} ${isoTime(ended)}`;
  return `  ${run}  ${isoTime(began)}  ${how}: ${escaped(command)}`;
}

function nextSteps({ path, groups, runs }: Summary): string[] {
  const total = (state: SurveyState) => groups.reduce((sum, group) => sum + group[state], 0);
  const ledger = `omny-consume ledger ${shellWords([path])}`;
  const steps: string[] = [];
  if (total('ambiguous') > 0) {
    steps.push(
      `Check in Omny Studio whether the ambiguous sessions were counted: ${ledger} --state ambiguous`,
      `If they were: ${ledger} --settle delivered --state ambiguous`,
      `If not: ${ledger} --settle not-sent --state ambiguous`,
    );
  }
  if (total('refused') > 0) {
    steps.push(
      'Fix the refused sessions in the dead-letter file and send that file, or send them unchanged with --retry-refused',
    );
  }
  const [last] = runs;
  if (last && !isFinished(last)) steps.push(`Run the last command again to send the rest: ${last.command}`);
  return steps;
}

const COLUMNS = [
  'endpoint',
  'organization',
  'sessionId',
  'state',
  'run',
  'at',
  'status',
  'saw',
  'answer',
] as const;

/** The number of sessions in one piece of text. */
const SESSIONS_PER_PIECE = 500;

/** The sessions of a ledger as text, piece by piece. */
export function* sessionTexts(
  database: Database,
  filter: SessionFilter,
  format: 'pretty' | 'json' | 'ndjson' | 'csv',
): Generator<string> {
  const one = TEXT[format];
  if (format === 'csv') yield stringify([[...COLUMNS]]);
  let text = format === 'json' ? '[' : '';
  let sessions = 0;
  for (const row of sessionsOf(database, filter)) {
    if (format === 'json') text += sessions === 0 ? '\n' : ',\n';
    text += one(row);
    sessions += 1;
    if (sessions % SESSIONS_PER_PIECE > 0) continue;
    yield text;
    text = '';
  }
  if (format === 'json') text += '\n]\n';
  if (format === 'pretty' && sessions === 0) text = 'No such session.\n';
  yield text;
}

const TEXT: Readonly<Record<'pretty' | 'json' | 'ndjson' | 'csv', (row: SessionRow) => string>> = {
  pretty: ({ sessionId, state, at, run, saw }) =>
    `${state} ${sessionId}  ${isoTime(at)}  run ${run}  ${saw === '' ? noAnswer(state) : escaped(saw)}\n`,
  json: (row) => JSON.stringify(shown(row)),
  ndjson: (row) => `${JSON.stringify(shown(row))}\n`,
  csv: (row) => stringify([COLUMNS.map((name) => shown(row)[name])]),
};

function noAnswer(state: SessionRow['state']): string {
  return state === 'ambiguous' ? 'no answer was recorded' : '';
}

function shown(row: SessionRow): Record<(typeof COLUMNS)[number], unknown> {
  return { ...row, at: isoTime(row.at) };
}

/** Unix seconds as ISO 8601, in UTC. */
function isoTime(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().replace('.000', '');
}
