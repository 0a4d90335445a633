import { CsvError, parse } from 'csv-parse/sync';
import { MAX_LINE_BYTES } from '../limits.js';
import type { Row } from './rows.js';

/** Why a row has no cells, in the form of a `SyntaxRecord`. */
export interface RowFault {
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

const QUOTING = 'Put the whole cell in quotes and double the quotes inside: "5"" disc"';

const SCANNED = {
  'too-long': {
    expected: `a row of at most ${MAX_LINE_BYTES / 1024 ** 2} MiB`,
    received: 'a longer one',
    hint: 'Often the cause is a quote that is never closed: then the rest of the file is one cell',
  },
  'quote-open': {
    expected: 'a closing quote',
    received: 'the end of the file',
    hint: 'A quote in this row is never closed, so the rest of the file was read as one cell',
  },
} as const satisfies Record<NonNullable<Row['fault']>, RowFault>;

const PARSED: Readonly<Record<string, RowFault>> = {
  CSV_INVALID_CLOSING_QUOTE: {
    expected: 'a delimiter or the end of the row after a closing quote',
    received: 'more text',
    hint: QUOTING,
  },
  INVALID_OPENING_QUOTE: {
    expected: 'a quote only at the beginning of a cell',
    received: 'a quote inside a cell without quotes',
    hint: QUOTING,
  },
};

const UNREADABLE: RowFault = { expected: 'a row of CSV', received: 'text that is not CSV', hint: QUOTING };

/** The cells of each row, or why it has none, in order. */
export function readCells(rows: readonly Row[], delimiter: string): (string[] | RowFault)[] {
  const quoted = quotedCells(
    rows.filter((row) => row.quoted && !row.fault),
    delimiter,
  )[Symbol.iterator]();
  return rows.map((row) => {
    if (row.fault) return SCANNED[row.fault];
    return row.quoted ? quoted.next().value! : row.text.split(delimiter);
  });
}

/** Parses many rows at once, because each call of csv-parse is slow to start; one by one where a row is invalid. */
function quotedCells(rows: readonly Row[], delimiter: string): (string[] | RowFault)[] {
  if (rows.length === 0) return [];
  try {
    const cells = parsed(rows.map((row) => row.text).join('\n'), delimiter);
    if (cells.length === rows.length) return cells;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (rows.length === 1) return [PARSED[error.code] ?? UNREADABLE];
  }
  if (rows.length === 1) return [UNREADABLE];
  return rows.flatMap((row) => quotedCells([row], delimiter));
}

function parsed(text: string, delimiter: string): string[][] {
  return parse(text, {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: false,
  });
}
