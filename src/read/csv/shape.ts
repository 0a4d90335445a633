import { UserError } from '../../domain/errors.js';
import { MAX_HEADERS_GUESSED } from '../limits.js';
import { type ColumnName, type Columns, listed, mapping } from './columns.js';
import { guessHeader } from './guess.js';

export type RowShape = 'event' | 'session';

const NEEDS = {
  event: ['OrganizationId', 'ClipId', 'SessionId', 'Type', 'Position', 'Timestamp'],
  session: ['ClipId', 'StartedAt'],
} as const satisfies Record<RowShape, readonly ColumnName[]>;

/** Of these a session row needs one. */
const HEARD = ['Segments', 'ListenedSeconds'] as const satisfies readonly ColumnName[];

/** The columns that only one of the shapes reads. */
const OWN = {
  event: ['Type', 'Position', 'SeqNumber', 'Timestamp'],
  session: ['StartedAt', ...HEARD, 'StartPosition', 'Speed'],
} as const satisfies Record<RowShape, readonly ColumnName[]>;

/**
 * Whether rows are events (a `Type` column) or whole sessions. Throws a `UserError` (input) where a needed column is missing: it names
 * the columns found and the `--map` that would help.
 */
export function shapeOf(
  columns: Columns,
  header: readonly string[],
  file: string,
  organization: string | undefined,
): RowShape {
  const lacks = (column: ColumnName): boolean => !columns.has(column);
  const guessed = header.slice(0, MAX_HEADERS_GUESSED);
  const shape = likelyShape(columns, guessed);
  const missing: ColumnName[] = NEEDS[shape].filter(
    (column) => lacks(column) && !(column === 'OrganizationId' && organization),
  );
  const unheard = shape === 'session' && HEARD.every(lacks);
  if (missing.length === 0 && !unheard) return shape;
  throw new UserError(
    'input',
    `${file}: no column for ${[...missing, ...(unheard ? [HEARD.join(' or ')] : [])].join(', ')}; found ${listed(header)}`,
    advice(unheard ? [...missing, ...HEARD] : missing, columns, guessed, shape),
  );
}

/** The shape by the columns there are; where they tell nothing, by what their names sound like. */
function likelyShape(columns: Columns, header: readonly string[]): RowShape {
  const has = (column: ColumnName): boolean => columns.has(column);
  if (has('Type')) return 'event';
  if (OWN.session.some(has)) return 'session';
  const soundsLike = (column: ColumnName): boolean => guessHeader(column, header) !== undefined;
  return OWN.event.some(has) || (soundsLike('Type') && soundsLike('Position')) ? 'event' : 'session';
}

function advice(
  missing: readonly ColumnName[],
  columns: Columns,
  header: readonly string[],
  shape: RowShape,
): string {
  const unread: readonly ColumnName[] = OWN[shape === 'event' ? 'session' : 'event'];
  const used = new Set([...columns].flatMap(([column, index]) => (unread.includes(column) ? [] : [index])));
  const free = header.filter((name, index) => name !== '' && !used.has(index));
  const maps: string[] = [];
  for (const column of missing) {
    const guess = guessHeader(column, free);
    if (guess === undefined) continue;
    free.splice(free.indexOf(guess), 1);
    maps.push(mapping(column, guess));
  }
  const ways = [
    maps.length > 0 ? `Perhaps ${maps.join(' ')}` : `Name each: ${mapping(missing[0]!, 'HEADER')}`,
  ];
  if (missing.includes('OrganizationId')) ways.push('--organization GUID fills in OrganizationId');
  ways.push(shape === 'event' ? 'rows with a Type are events' : 'rows without a Type are sessions');
  return ways.join('; ');
}
