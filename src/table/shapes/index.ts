import { UserError } from '../../domain/errors.js';
import type { ShapeName } from '../../read/table-options.js';
import { type ColumnName, type Columns, columnKey, listed, mapping } from '../columns.js';
import { whyUnreadable } from '../headers.js';
import {
  adviceBelowTitle,
  adviceForDateAndTime,
  adviceWithoutHeader,
  guessHeader,
  guessUnreadable,
  namesPosition,
  type ProposalInput,
  proposedOptions,
} from '../proposals.js';
import { EVENTS } from './events.js';
import { INTERVALS } from './intervals.js';
import { PINGS } from './pings.js';
import { SESSIONS } from './sessions.js';
import { columnsOf, missingColumns, missingOf, type Shape } from './shape.js';

/** Every shape, in the order in which they are tried; the last fits every table. */
export const SHAPES: readonly Shape[] = [EVENTS, INTERVALS, PINGS, SESSIONS];

const MAX_HEADERS_GUESSED = 1000;

/** The shape with a name. */
export function shapeNamed(name: ShapeName): Shape {
  return SHAPES.find((shape) => shape.name === name)!;
}

/** The shape that fits the columns; used without `--shape`. */
export function shapeOf(columns: Columns): Shape {
  return SHAPES.find((shape) => shape.fits(columns))!;
}

export interface ShapeQuestion extends ProposalInput {
  readonly columns: Columns;
  /** The value of `--shape`; undefined where the columns decide. */
  readonly shape: ShapeName | undefined;
  /** The value of `--organization`, which fills in OrganizationId. */
  readonly organization: string | undefined;
  /** Whether `--session-key` makes the SessionIds. */
  readonly sessionKey: boolean;
  /** The character between cells; absent if the rows are JSON objects. */
  readonly delimiter?: string | undefined;
  /** The input's name, for messages. */
  readonly file: string;
}

/**
 * The shape of a table whose needed columns are all there.
 * @throws UserError of kind `input` where a column is missing; the error lists the columns found and the options that
 * most likely help. Also where several rows make a session, and no column or option says which rows.
 */
export function checkedShape(question: ShapeQuestion): Shape {
  const { columns, organization, sessionKey, file } = question;
  const shape = question.shape === undefined ? likelyShape(question) : shapeNamed(question.shape);
  const missing = missingOf(shape, columns, organization).filter(
    (names) => !(sessionKey && names.includes('SessionId')),
  );
  if (missing.length > 0) {
    throw new UserError(
      'input',
      `${file}: no column for ${missing.map((names) => names.join(' or ')).join(', ')}; found ${listed(question.header)}`,
      advice(shape, missing, question),
    );
  }
  if (!shape.rowIsSession && !columns.has('SessionId') && !sessionKey) {
    throw new UserError(
      'input',
      `${file}: which rows belong to one session? A row is ${shape.row}, and no column names the session`,
      'Name the column with --map SessionId=HEADER, or the columns that identify a session with --session-key HEADER,HEADER',
    );
  }
  return shape;
}

/** The shape that fits the columns; if none fits, the one that the headers look like: `intervals` or `events`. */
function likelyShape(question: ShapeQuestion): Shape {
  const shape = shapeOf(question.columns);
  if (
    shape.name !== 'sessions' ||
    missingColumns(shape, question.columns, question.organization).length === 0
  )
    return shape;
  const { columns } = question;
  if (looksLikeIntervals(question)) return INTERVALS;
  const isListening: readonly ColumnName[] = ['StartedAt', 'EndedAt', 'Segments', 'ListenedSeconds'];
  if (isListening.some((column) => columns.has(column))) return shape;
  const has = (column: ColumnName): boolean => hasLikely(column, question);
  const hasPosition = has('Position') || guessUnreadable('Position', guessable(question)) !== undefined;
  return has('Type') && hasPosition && has('Timestamp') ? EVENTS : shape;
}

/** Whether a table has a column, or a header that most likely holds it. */
function hasLikely(column: ColumnName, question: ShapeQuestion): boolean {
  return question.columns.has(column) || guessed(column, question) !== undefined;
}

/** The header that most likely holds a column which the table lacks under its own name. */
function guessed(column: ColumnName, question: ShapeQuestion): string | undefined {
  const taken = new Set(question.columns.values());
  const free = guessable(question).filter((_, index) => !taken.has(index));
  return guessHeader(column, free, question);
}

/** Whether two headers name the positions at which a row starts and ends, and no column has what a session needs. */
function looksLikeIntervals(question: ShapeQuestion): boolean {
  const { columns, rows, header } = question;
  if (columns.has('Segments') || columns.has('ListenedSeconds')) return false;
  const mapped = columns.get('StartPosition');
  const start = mapped === undefined ? guessed('StartPosition', question) : header[mapped];
  const end = guessed('EndPosition', question);
  if (start === undefined || end === undefined || start === end) return false;
  // Under `start` and `end`, `09:30` can be a time of day.
  return [start, end].every((name) => {
    const index = header.indexOf(name);
    return namesPosition(name) || rows.every((cells) => !cells[index]?.includes(':'));
  });
}

/** Columns that say how long somebody listened. */
const LISTENED: readonly ColumnName[] = ['EndedAt', 'Segments', 'ListenedSeconds', 'EndPosition'];

/**
 * Whether the rows look like heartbeats: each has a time and a position, and no column says how long somebody listened.
 * Rows are read as heartbeats only with `--shape pings`.
 */
function looksLikePings(question: ShapeQuestion): boolean {
  const has = (column: ColumnName): boolean => hasLikely(column, question);
  return has('Position') && has('Timestamp') && !LISTENED.some(has);
}

/** The options to add so that rows are read as heartbeats. */
function pingsAdvice(question: ShapeQuestion): string {
  const { columns, organization, header, sessionKey } = question;
  const missing = missingOf(PINGS, columns, organization);
  const taken = new Map([...columns].map(([column, index]) => [column, header[index]!] as const));
  const wanted = missing.map((names) => names[0]!).filter((column) => column !== 'OrganizationId');
  const needsKey = !columns.has('SessionId') && !sessionKey;
  const options = [
    '--shape pings',
    ...proposedOptions(wanted, taken, { ...question, header: guessable(question) }),
    ...(needsKey ? ['--session-key HEADER,HEADER'] : []),
  ];
  const key = needsKey ? ', where the headers identify a session' : '';
  const ids = missing.some((names) => names.includes('OrganizationId'))
    ? '; --organization GUID fills in OrganizationId'
    : '';
  const events = columns.has('Type')
    ? ''
    : `; if each row is ${EVENTS.row}, name the column that says which: --map Type=HEADER --type Start=VALUE --type Stop=VALUE`;
  return `If each row is ${PINGS.row}, add ${options.join(' ')}${key}${ids}${events}`;
}

function advice(shape: Shape, missing: readonly (readonly ColumnName[])[], question: ShapeQuestion): string {
  const { header, rows, delimiter = ',', file } = question;
  const misplaced = adviceWithoutHeader(header, delimiter, file) ?? adviceBelowTitle(header, rows, file);
  if (misplaced !== undefined) return misplaced;
  if (shape.name === 'sessions' && question.shape === undefined && looksLikePings(question))
    return pingsAdvice(question);
  const read = new Set(columnsOf(shape));
  const taken = new Map(
    [...question.columns].flatMap(([column, index]) =>
      read.has(column) ? [[column, question.header[index]!] as const] : [],
    ),
  );
  const options = proposedOptions(wantedColumns(shape, missing, taken), taken, {
    ...question,
    header: guessable(question),
  });
  const ways = options.some((option) => option.startsWith('--map')) ? [`Perhaps ${options.join(' ')}`] : [];
  const unnamed = missing.filter(
    (names) =>
      !names.includes('OrganizationId') &&
      !names.some((name) => options.some((option) => option.includes(`${name}=`))),
  );
  if (unnamed.length > 0) ways.push(howToName(unnamed.map(likelyOf), question));
  if (missing.some((names) => names.includes('OrganizationId')))
    ways.push('--organization GUID fills in OrganizationId');
  const better = unnamed.length > 0 ? betterShape(shape, question) : undefined;
  if (better) ways.push(`the columns look like those of ${better.row}: --shape ${better.name}`);
  ways.push(`a row is read as ${shape.row} (--shape ${shape.name})`);
  const text = ways.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Another shape than the one that `--shape` names, if the table has or most likely has all its columns. */
function betterShape(shape: Shape, question: ShapeQuestion): Shape | undefined {
  if (question.shape === undefined) return undefined;
  const likely = likelyShape(question);
  const complete = missingOf(likely, question.columns, question.organization).every(
    (names) => names.includes('OrganizationId') || names.some((name) => hasLikely(name, question)),
  );
  return complete && likely !== shape ? likely : undefined;
}

/** What to do about columns for which no header is likely. */
function howToName(columns: readonly ColumnName[], question: ShapeQuestion): string {
  const { header, file } = question;
  const length = header.find((name) => ['duration', 'length'].includes(columnKey(name)));
  const rest = columns.filter((column) => column !== 'ListenedSeconds' || length === undefined);
  const ways =
    rest.length > 0 ? [`name each: ${rest.map((column) => mapping(column, 'HEADER')).join(' ')}`] : [];
  if (rest.length < columns.length) {
    // A header that is just `duration` usually means the clip's duration. Only the user can know that it means
    // something else here.
    ways.push(
      `if ${JSON.stringify(length)} is the time that was played, not the length of the clip, use ${mapping('ListenedSeconds', length!)} without --map ClipDuration`,
    );
  }
  const reasons = columns.flatMap((column) => {
    const unreadable = guessUnreadable(column, guessable(question));
    return unreadable === undefined ? [] : [whyUnreadable(column, unreadable)!];
  });
  const joined = columns.includes('StartedAt') ? adviceForDateAndTime(header, file) : undefined;
  return [...ways, ...reasons, ...(joined === undefined ? [] : [joined])].join('; ');
}

/** Of several columns of which one is enough, the one that other systems most likely export. */
function likelyOf(names: readonly ColumnName[]): ColumnName {
  if (names.includes('EndPosition')) return 'EndPosition';
  return names.includes('ListenedSeconds') ? 'ListenedSeconds' : names[0]!;
}

/** The missing columns, and optional columns that make a session more exact. */
function wantedColumns(
  shape: Shape,
  missing: readonly (readonly ColumnName[])[],
  taken: ReadonlyMap<ColumnName, string>,
): ColumnName[] {
  const needed = missing.map(likelyOf);
  if (!columnsOf(shape).includes('EndedAt')) return needed;
  const useful: readonly ColumnName[] = ['EndedAt', 'StartPosition', 'ClipDuration'];
  return [...needed, ...useful.filter((column) => !taken.has(column))];
}

function guessable({ header }: ShapeQuestion): readonly string[] {
  return header.slice(0, MAX_HEADERS_GUESSED);
}
