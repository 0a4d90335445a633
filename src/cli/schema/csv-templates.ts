import { stringify } from 'csv-stringify/sync';
import type { ColumnName } from '../../read/csv/columns.js';
import { EXAMPLE_BODY, EXAMPLE_ORGANIZATION } from '../../wire/example.js';
import { EVENT_COLUMNS } from '../../write/formats.js';

/** What a row of a CSV file may be. */
export type CsvShape = 'sessions' | 'events';

type Row = Readonly<Partial<Record<ColumnName, string | number>>>;

/** The columns of session rows; a row without a SessionId gets one. */
const SESSION_COLUMNS: readonly ColumnName[] = [
  'OrganizationId',
  'ClipId',
  'StartedAt',
  'Segments',
  'ListenedSeconds',
  'StartPosition',
  'Speed',
  'ClipDuration',
  'Source',
  'SessionId',
];

const [{ ClipId } = { ClipId: '' }] = EXAMPLE_BODY.Events;
const SHARED = { OrganizationId: EXAMPLE_ORGANIZATION, ClipId, ClipDuration: 1312, Source: 'MobileApp' };

/** One row that names the stretches heard, one that tells how long was listened. */
const SESSIONS: readonly Row[] = [
  {
    ...SHARED,
    StartedAt: '2025-11-04T04:01:11Z',
    Segments: '0-4.554;308.053-542.643',
  },
  {
    ...SHARED,
    StartedAt: 1762237800,
    ListenedSeconds: 61.25,
    StartPosition: 600,
    Speed: 1.5,
  },
];

const EVENTS: readonly Row[] = EXAMPLE_BODY.Events.map((event) => ({
  ...event,
  Source: EXAMPLE_BODY.Source,
}));

/** The templates, by what a row is. */
export const TEMPLATES: Readonly<
  Record<CsvShape, { readonly columns: readonly ColumnName[]; readonly rows: readonly Row[] }>
> = {
  sessions: { columns: SESSION_COLUMNS, rows: SESSIONS },
  events: { columns: EVENT_COLUMNS, rows: EVENTS },
};

/** A CSV file of that shape: every column that is read, and sound rows to be replaced. */
export function csvTemplate(shape: CsvShape): string {
  const { columns, rows } = TEMPLATES[shape];
  return stringify([...rows], { header: true, columns: [...columns] });
}
