import { isGuid } from '../domain/guid.js';
import { nearest, quoted } from '../domain/text.js';
import { isTime, likelyUnit, timeReader } from '../read/time/times.js';
import { COLUMNS, type ColumnName, columnKey, mapping, PUT_A_HEADER } from './columns.js';
import { fileWord, reading } from './foreign.js';
import { headerWords, namesUnreadableUnit, unitFlagFor } from './headers.js';

/** The words by which a header is recognized as a column, the most specific first. */
const WORDS: Readonly<Record<ColumnName, readonly string[]>> = {
  OrganizationId: ['organization', 'organisation', 'org', 'network', 'publisher', 'tenant', 'account'],
  ClipId: ['clip', 'episode', 'audio', 'media', 'track', 'content', 'item'],
  SessionId: ['session', 'play', 'listen', 'stream', 'visit'],
  Type: ['type', 'action', 'kind', 'event'],
  Position: ['position', 'playhead', 'offset', 'pos', 'progress'],
  SeqNumber: ['sequence', 'seq', 'order', 'number', 'index'],
  Timestamp: ['timestamp', 'time', 'ts', 'date', 'at'],
  Source: ['source', 'platform', 'channel'],
  ClipDuration: ['duration', 'length'],
  StartedAt: ['started', 'start', 'began', 'begin', 'timestamp', 'time', 'ts', 'date', 'at'],
  EndedAt: ['ended', 'end', 'stopped', 'finished', 'stop', 'updated'],
  Segments: ['segments', 'segment', 'ranges', 'range', 'intervals', 'parts'],
  ListenedSeconds: [
    'listened',
    'watched',
    'listening',
    'heard',
    'consumed',
    'played',
    'watch',
    'listen',
    'play',
    'seconds',
  ],
  StartPosition: ['position', 'offset', 'start', 'from'],
  EndPosition: ['end', 'to', 'until', 'stop'],
  Speed: ['speed', 'rate'],
};

const PLAYED = ['listening', 'listened', 'watched', 'played', 'heard'];
const NO_TIME = 'reason type position offset duration length current percent count zone'.split(' ');

const MOMENTS = 'time timestamp tstamp ts date at'.split(' ');

/** Words that exclude a header as a column, whatever other words it has. */
const NOT: Readonly<Partial<Record<ColumnName, readonly string[]>>> = {
  SessionId: [...NO_TIME, ...MOMENTS, 'start', 'end', 'started', 'ended', 'number', 'seconds', 'ms'],
  Type: [...MOMENTS, 'id'],
  StartedAt: [...NO_TIME, ...PLAYED, 'end', 'ended', 'stop', 'stopped', 'finished', 'updated'],
  EndedAt: [...NO_TIME, ...PLAYED, 'start', 'started'],
  Timestamp: [...NO_TIME, ...PLAYED],
  ListenedSeconds:
    'id uri url name title type reason status key at date position pos playhead offset progress'.split(' '),
  StartPosition: ['reason', 'type', 'end', 'date', 'at', 'started'],
  EndPosition: ['reason', 'type', 'start', 'date', 'at'],
  ClipDuration: [...PLAYED, 'play', 'listen', 'watch'],
};

type CellKind = 'time' | 'length';

const KIND: Readonly<Partial<Record<ColumnName, CellKind>>> = {
  StartedAt: 'time',
  EndedAt: 'time',
  Timestamp: 'time',
  ListenedSeconds: 'length',
  StartPosition: 'length',
  EndPosition: 'length',
  Position: 'length',
  ClipDuration: 'length',
};

/** Numbers from here up are taken for times (unix seconds in 1973), smaller numbers for lengths. */
const TIMES_FROM = 1e8;
const CLOCK = /^(?:\d+:)?[0-5]?\d:[0-5]\d(?:[.,]\d+)?$/;

/** The input of a proposal: the header, and the first rows, whose values distinguish times from lengths. */
export interface ProposalInput {
  readonly header: readonly string[];
  /** A few of the first rows; can be empty. */
  readonly rows: readonly (readonly string[])[];
  /** IANA name of the zone of times without an offset. */
  readonly timezone?: string | undefined;
}

/**
 * The options that most likely make a table readable: `--map ListenedSeconds=listened_ms --duration-unit ms`.
 * @param wanted the columns to look for, the most important first; every header is proposed once
 * @param taken headers that are already read as a column: they get their unit flags, and are not proposed for another
 * column
 */
export function proposedOptions(
  wanted: readonly ColumnName[],
  taken: ReadonlyMap<ColumnName, string>,
  input: ProposalInput,
): string[] {
  const chosen = new Map<ColumnName, string>();
  for (const column of endsOfPlaying(input.header) ? wanted.map(startToEnd) : wanted) {
    if (taken.has(column) || chosen.has(column)) continue;
    const used = new Set([...taken.values(), ...chosen.values()]);
    const free = input.header.filter((name) => name !== '' && !used.has(name));
    const guess =
      guessHeader(column, free, input) ??
      (column === 'EndedAt' && endsOfPlaying(input.header)
        ? guessHeader('StartedAt', free, input)
        : undefined);
    if (guess !== undefined) chosen.set(column, guess);
  }
  const flags = new Set(
    [...taken, ...chosen].flatMap(([column, header]) => unitFlag(column, header, input) ?? []),
  );
  return [...[...chosen].map(([column, header]) => mapping(column, header)), ...flags];
}

/** The header that most likely holds a column under another name; undefined if there is no likely one. */
export function guessHeader(
  column: ColumnName,
  headers: readonly string[],
  input: ProposalInput,
): string | undefined {
  const possible = headers
    .filter((header) => mayHold(column, header, input))
    .toSorted((a, b) => Number(isTitle(a)) - Number(isTitle(b)));
  for (const word of WORDS[column]) {
    const named =
      possible.find((header) => columnKey(header) === word) ??
      possible.find((header) => headerWords(header).includes(word));
    if (named !== undefined) return named;
  }
  return nearest(column, possible);
}

/** Whether a header names a title: an id is the better column, and a title is all that some exports have. */
function isTitle(header: string): boolean {
  const words = headerWords(header);
  return words.includes('title') || words.includes('name');
}

/** The header that most likely holds a column, if only its unit did not rule it out: a percentage, hours. */
export function guessUnreadable(column: ColumnName, headers: readonly string[]): string | undefined {
  const others = headers.filter(
    (header) => namesUnreadableUnit(column, header) && !excludes(column, headerWords(header)),
  );
  const words = WORDS[column];
  return others.find((header) => headerWords(header).some((word) => words.includes(word)));
}

/** Whether a header names positions, not times: `from_sec`, `end_position`. */
export function namesPosition(header: string): boolean {
  const words = headerWords(header);
  return ['position', 'pos', 'offset', 'from', 'to', 'until'].some((word) => words.includes(word));
}

function excludes(column: ColumnName, words: readonly string[]): boolean {
  return NOT[column]?.some((word) => words.includes(word)) ?? false;
}

function mayHold(column: ColumnName, header: string, input: ProposalInput): boolean {
  const words = headerWords(header);
  if (excludes(column, words)) return false;
  if (namesUnreadableUnit(column, header)) return false;
  const kind = KIND[column];
  const index = input.header.indexOf(header);
  const cells = input.rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
  return kind === undefined || cells.every((cell) => looksLike(kind, cell, input.timezone));
}

function looksLike(kind: CellKind, cell: string, timezone: string | undefined): boolean {
  const number = Number(cell.replace(',', '.'));
  if (!Number.isNaN(number)) return kind === 'time' ? number >= TIMES_FROM : number < TIMES_FROM;
  if (kind === 'length') return CLOCK.test(cell);
  const time = timeReader({ timezone })(cell);
  return isTime(time) || time.problem.kind !== 'unreadable';
}

/** Streaming histories (`ts` beside `ms_played` or `reason_end`) give the time at which playing ended. */
function endsOfPlaying(header: readonly string[]): boolean {
  const keys = new Set(header.map(columnKey));
  return keys.has('msplayed') || keys.has('reasonend');
}

function startToEnd(column: ColumnName): ColumnName {
  return column === 'StartedAt' ? 'EndedAt' : column;
}

function unitFlag(column: ColumnName, header: string, input: ProposalInput): string | undefined {
  const named = unitFlagFor(column, header);
  if (named !== undefined || KIND[column] !== 'time') return named;
  const index = input.header.indexOf(header);
  const unit = input.rows
    .map((row) => likelyUnit(Number(row[index] ?? '')))
    .find((plain) => plain !== undefined);
  return unit === undefined || unit === 's' ? undefined : `--timestamp-unit ${unit}`;
}

const COLUMN_KEYS = new Set(COLUMNS.map(columnKey));
const MAX_NAMES = 30;
const DELIMITERS = /[,;\t|]/;

/**
 * What to do if the first row of a file holds data instead of the names of columns; undefined if it can be a header.
 * @param delimiter between the cells of the file
 */
export function adviceWithoutHeader(
  header: readonly string[],
  delimiter: string,
  file: string,
): string | undefined {
  if (!header.some((cell) => isGuid(cell.trim()))) return undefined;
  const names = header.slice(0, MAX_NAMES).map((_, index) => `NAME${index + 1}`);
  const put = `sed ${quoted(`1i ${names.join(delimiter === '\t' ? '\\t' : delimiter)}`)}`;
  return `${PUT_A_HEADER}: ${reading(put, fileWord(file))} > with-header.csv`;
}

/** What to do if a later row is the header, below a title; undefined if none of the rows looks like a header. */
export function adviceBelowTitle(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  file: string,
): string | undefined {
  if (columnsNamed(header).length > 0) return undefined;
  const [first] = rows.map(columnsNamed).find((names) => names.length >= 2) ?? [];
  return (
    first &&
    `The header comes later. Remove the rows above it: ${reading(`sed -n ${quoted(`/${first}/,$p`)}`, fileWord(file))} > without-title.csv`
  );
}

/** The cells of a row that name columns. With a title above it, the delimiter of the row is not known. */
function columnsNamed(cells: readonly string[]): string[] {
  return cells
    .flatMap((cell) => cell.split(DELIMITERS))
    .map((cell) => cell.trim().replaceAll('"', ''))
    .filter((cell) => COLUMN_KEYS.has(columnKey(cell)));
}

/** What to do if the date and the time of day are two columns; undefined if they are not. */
export function adviceForDateAndTime(header: readonly string[], file: string): string | undefined {
  const [date, time] = ['date', 'time'].map((key) => header.find((name) => columnKey(name) === key));
  if (date === undefined || time === undefined) return undefined;
  // Data from a pipe has no file name: the user must save it first.
  const path = file === '<stdin>' ? 'FILE' : file;
  const query = `select *, "${date}" || ' ' || "${time}" as StartedAt from '${path.replaceAll("'", "''")}'`;
  return `if the date and the time are two columns, join them in the export, or here with DuckDB: --query ${quoted(query)} instead of the file`;
}
