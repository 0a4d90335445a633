import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { VERSION } from '../../domain/errors.js';
import { SHAPE_NAMES, type ShapeName } from '../../read/table-options.js';
import type { ColumnName } from '../../table/columns.js';
import { shapeNamed } from '../../table/shapes/index.js';
import { columnsOf } from '../../table/shapes/shape.js';
import { EXAMPLE_BODY, EXAMPLE_ORGANIZATION } from '../../wire/contract.js';
import { bodyJsonSchema, eventJsonSchema, openApi } from '../../wire/openapi.js';
import { EVENT_COLUMNS } from '../../write/formats.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';

export interface SchemaFlags extends Omit<CommonFlags, 'config'> {
  /** True to print the schema of a config file. */
  readonly config?: boolean;
  readonly event?: true;
  readonly openapi?: true;
  /** True when no shape is given. */
  readonly csv?: ShapeName | true;
}

/** @param commands All commands; their options are the keys of a config file. */
export async function runSchema(
  flags: SchemaFlags,
  commands: readonly Command[],
  cli: Cli,
): Promise<ExitCode> {
  await writeAll(await openOutput(flags.output, cli.stdout), [await textOf(flags, commands)]);
  if (flags.csv === true && !flags.quiet) {
    const others = SHAPE_NAMES.filter((name) => name !== 'sessions').map((name) => `--csv ${name}`);
    cli.stderr.write(`one row per session; other shapes: ${others.join(', ')}\n`);
  }
  return EXIT.ok;
}

async function textOf(
  { csv, openapi, event, config }: SchemaFlags,
  commands: readonly Command[],
): Promise<string> {
  if (config) return json((await import('../config/describe.js')).configSchema(commands));
  if (csv) return csvTemplate(csv === true ? 'sessions' : csv);
  if (openapi) return json(openApi(VERSION));
  return json(event ? eventJsonSchema() : bodyJsonSchema());
}

function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

type Row = Readonly<Partial<Record<ColumnName, string | number>>>;

interface Template {
  readonly columns: readonly ColumnName[];
  readonly rows: readonly Row[];
}

/** The columns of session rows. The rows leave SessionId empty, because the reader computes it from the row. */
const SESSION_COLUMNS: readonly ColumnName[] = [
  'OrganizationId',
  'ClipId',
  'StartedAt',
  'EndedAt',
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

/** One row with segments, and one row with only the seconds listened. */
const SESSIONS: readonly Row[] = [
  {
    ...SHARED,
    StartedAt: '2025-11-04T04:01:11Z',
    Segments: '0-4.554;308.053-542.643',
  },
  {
    ...SHARED,
    StartedAt: 1762237800,
    EndedAt: 1762237841,
    ListenedSeconds: 61.25,
    StartPosition: 600,
    Speed: 1.5,
  },
];

const EVENTS: readonly Row[] = EXAMPLE_BODY.Events.map((event) => ({
  ...event,
  Source: EXAMPLE_BODY.Source,
}));

/** Templates with more rows or columns than the example of their shape. */
const TEMPLATES: Readonly<Partial<Record<ShapeName, Template>>> = {
  events: { columns: EVENT_COLUMNS, rows: EVENTS },
  sessions: { columns: SESSION_COLUMNS, rows: SESSIONS },
};

/** A CSV file with every column that the shape reads, and with valid rows to replace. */
export function csvTemplate(shape: ShapeName): string {
  const { columns, rows } = TEMPLATES[shape] ?? exampleOf(shape);
  return stringify([...rows], { header: true, columns: [...columns] });
}

/** The rows of a shape's example, and all columns that the shape reads. */
function exampleOf(name: ShapeName): Template {
  const shape = shapeNamed(name);
  const [header = [], ...rows] = shape.example;
  const columns = [...new Set([...(header as readonly ColumnName[]), ...columnsOf(shape)])];
  return {
    columns,
    rows: rows.map((cells) => Object.fromEntries(header.map((column, i) => [column, cells[i]!]))),
  };
}
