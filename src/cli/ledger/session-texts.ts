import { stringify } from 'csv-stringify/sync';
import { escaped } from '../../domain/text.js';
import type { Database } from '../../send/ledger/sqlite.js';
import { type SessionFilter, type SessionRow, sessionsOf } from '../../send/ledger/survey.js';
import { isoTime } from './iso-time.js';

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

/** So many sessions make one piece of text. */
const TOGETHER = 500;

/** The sessions of a ledger as text, a piece at a time. */
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
    if (sessions % TOGETHER > 0) continue;
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
  return state === 'ambiguous' ? 'no answer was written down' : '';
}

function shown(row: SessionRow): Record<(typeof COLUMNS)[number], unknown> {
  return { ...row, at: isoTime(row.at) };
}
