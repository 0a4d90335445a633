import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCells } from '../../../src/read/csv/cells.js';
import { locateCell, type Row, RowScanner } from '../../../src/read/csv/rows.js';
import { casesOf } from '../../cases.js';
import { eventsOf, readBytes } from './reading.js';

const LINE_ENDS = ['\n', '\r\n', '\r'] as const;

function scan(text: string, delimiter: string, cuts: readonly number[] = []): Row[] {
  const scanner = new RowScanner(delimiter);
  const rows: Row[] = [];
  const ends = [...new Set([...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort(
    (a, b) => a - b,
  );
  let from = 0;
  for (const end of ends) {
    scanner.push(text.slice(from, end));
    from = end;
    for (let row = scanner.next(); row; row = scanner.next()) rows.push(row);
  }
  const last = scanner.end();
  return last ? [...rows, last] : rows;
}

const messy = fc
  .array(fc.constantFrom('"', '"', ',', '\n', '\r', '\r\n', 'a', ' ', 'é', '""', ',"', '",', '"\n'), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(), { maxLength: 8 });

describe('rows of any text', () => {
  it('are those of csv-parse where that can read the text, and broken where it cannot', () => {
    fc.assert(
      fc.property(messy, cuts, (text, where) => {
        const rows = scan(text, ',', where).filter((row) => row.text !== '' || row.fault);
        const cells = readCells(rows, ',');
        let wanted: string[][] | undefined;
        try {
          wanted = parse(text, {
            relax_column_count: true,
            skip_empty_lines: true,
            record_delimiter: ['\r\n', '\n', '\r'],
          });
        } catch {}
        if (wanted) expect(cells).toEqual(wanted);
        else expect(cells.some((row) => !Array.isArray(row))).toBe(true);
      }),
      { numRuns: casesOf(3000) },
    );
  });

  it('begin at their line, and are the same wherever the text is cut', () => {
    fc.assert(
      fc.property(messy, cuts, (text, where) => {
        const whole = scan(text, ',');
        expect(scan(text, ',', where)).toEqual(whole);
        const lines = text.split(/\r\n|\r|\n/);
        for (const row of whole) {
          if (row.fault) continue;
          const span = row.text.split(/\r\n|\r|\n/);
          expect(lines.slice(row.line - 1, row.line - 1 + span.length)).toEqual(span);
        }
      }),
      { numRuns: casesOf(1000) },
    );
  });

  it('begin after the line ends before them, those in quotes too', () => {
    const cell = fc.stringMatching(/^[a"\r\n]{0,4}$/);
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, fc.constantFrom(...LINE_ENDS), cuts, (cells, record_delimiter, where) => {
        const rows = cells.map((row) =>
          stringify([row], { quoted: true, quoted_empty: true, record_delimiter }),
        );
        const lines = rows.map(
          (_, index) =>
            rows
              .slice(0, index)
              .join('')
              .split(/\r\n|\r|\n/).length,
        );
        const scanned = scan(rows.join(''), ',', where).filter((row) => row.text !== '');
        expect(scanned.map((row) => row.line)).toEqual(lines);
      }),
      { numRuns: casesOf(2000) },
    );
  });

  it('have each cell where it is located', () => {
    const cell = fc.stringMatching(/^[a ",\n]{0,5}$/);
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), fc.boolean(), (cells, quoted) => {
        const text = stringify([cells], { quoted, quoted_empty: quoted }).slice(0, -1);
        const row: Row = { line: 7, text, quoted: true, fault: null };
        const lines = text.split('\n');
        cells.forEach((value, index) => {
          const { line, column } = locateCell(row, ',', index);
          const rest = lines
            .slice(line - 7)
            .join('\n')
            .slice(column - 1);
          expect(rest.startsWith(stringify([[value]], { quoted, quoted_empty: quoted }).slice(0, -1))).toBe(
            true,
          );
        });
      }),
    );
  });
});

describe('rows that csv-stringify wrote', () => {
  const HEADER = [
    'OrganizationId',
    'ClipId',
    'SessionId',
    'Type',
    'Position',
    'SeqNumber',
    'Timestamp',
    'Title',
  ];
  const text = fc.oneof(fc.uuid(), fc.stringMatching(/^[ -~\n\ré€😀\t]{0,12}$/u));
  const event = fc.record(
    {
      OrganizationId: text,
      ClipId: text,
      SessionId: text,
      Type: fc.constantFrom('Start', 'Stop'),
      Position: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      SeqNumber: fc.nat(),
      Timestamp: fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e14, noNaN: true })),
    },
    { requiredKeys: [] },
  );

  it('come back with the same values, for every delimiter, quoting, line end and cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 8 }),
        fc.record({
          delimiter: fc.constantFrom(',', ';', '\t', '|'),
          quoted: fc.boolean(),
          bom: fc.boolean(),
          eof: fc.boolean(),
          record_delimiter: fc.constantFrom(...LINE_ENDS),
        }),
        fc.integer({ min: 1, max: 40 }),
        fc.string({ maxLength: 5 }),
        async (events, format, size, title) => {
          const present = events.map((each) =>
            Object.fromEntries(
              Object.entries(each).filter(([, value]) => value !== '' && !Object.is(value, -0)),
            ),
          );
          const rows = present.map((each) =>
            HEADER.map((name) => (name === 'Title' ? title : (each[name] ?? ''))),
          );
          // A row of empty cells is passed over.
          fc.pre(rows.every((cells) => cells.some((cell) => String(cell).trim() !== '')));
          const written = stringify([HEADER, ...rows], {
            ...format,
            quoted_match: /[\r\n]/,
            cast: { number: (value) => String(value) },
          });
          async function* bytes(): AsyncGenerator<Uint8Array> {
            const all = Buffer.from(written);
            for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
          }
          const records = await readBytes(bytes());
          expect(eventsOf(records)).toHaveLength(records.length);
          expect(eventsOf(records).map((record) => record.value)).toEqual(present);
        },
      ),
      { numRuns: casesOf(500) },
    );
  });
});
