import { CLIP, type Example, exampleBody, MINUTE, ORGANIZATION } from '../guide/guide.js';
import { defineRule } from './define.js';

/** Input that the readers could not parse. They report it themselves, as `SyntaxRecord`s. */
export const syntax = defineRule({
  id: 'syntax',
  level: 'syntax',
  severity: 'error',
  title: 'A document, line or row cannot be parsed',
  why: 'Data that cannot be read cannot be checked or sent, so its listening would be lost.',
  mend: 'Write the file with a JSON or CSV library instead of by hand, and check that it was copied completely.',
  reference: '',
  guide: () => {
    const text = `${JSON.stringify(exampleBody(MINUTE))}\n`;
    return {
      firesWhen:
        'a document, line or CSV row cannot be parsed; the rest of an NDJSON or CSV input is still read',
      inferred: 'The document asks for a JSON body. It does not mention files.',
      broken: {
        kind: 'text',
        format: 'json',
        text: text.replace(']', ',]'),
        shown: '{"Source": "CustomWeb", "Events": [{…}, {…},], "Completed": true}',
      },
      fixed: {
        kind: 'text',
        format: 'json',
        text,
        shown: '{"Source": "CustomWeb", "Events": [{…}, {…}], "Completed": true}',
      },
      shows: [],
      cites: ['const kept = { [key]', 'const json = `{'],
    };
  },
});

/** Checked while a table's cells are read (`src/table/plausibility`). */
export const digitsLost = defineRule({
  id: 'digits-lost',
  level: 'table',
  severity: 'error',
  title: 'A spreadsheet has rounded the numbers in a column',
  why: 'A time written as 1.77E+09 is wrong by up to weeks, and the lost digits cannot be restored.',
  mend: 'Export the column as text, or as a time in ISO 8601.',
  reference: 'API-13',
  guide: () => {
    function table(time: string): Example {
      return {
        kind: 'text',
        format: 'csv',
        text: `OrganizationId,ClipId,StartedAt,ListenedSeconds\n${ORGANIZATION},${CLIP},${time},61.25\n`,
        shown: `StartedAt,ListenedSeconds\n${time},61.25`,
      };
    }
    return {
      firesWhen:
        'tables only: a column has numbers such as 1.77E+09 (with a decimal point, a sign and two digits). No cell has more than 7 digits before the E, and no cell has all the digits that the column needs',
      inferred: null,
      broken: table('1.76E+09'),
      fixed: table('1762228871'),
      shows: [],
    };
  },
});

/** Checked while a table's rows are read (`src/table/plausibility`). */
export const tableUnit = defineRule({
  id: 'table-unit',
  level: 'table',
  severity: 'error',
  title: 'A column is not in the expected unit',
  why: 'Minutes read as seconds give 1/60 of the listening; milliseconds give 1,000 times as much. Everything sent would be wrong, and no way to delete is documented.',
  mend: 'Give the unit: --duration-unit, --position-unit or --clip-duration-unit with s, ms or min; or export numbers without thousands separators.',
  reference: 'API-11',
  guide: () => {
    function table(seconds: number, flag: string): Example {
      const row = `${ORGANIZATION},${CLIP},2025-11-04T04:01:11Z,${seconds}\n`;
      return {
        kind: 'text',
        format: 'csv',
        text: `OrganizationId,ClipId,StartedAt,ListenedSeconds\n${row}`,
        shown: `StartedAt,ListenedSeconds\n2025-11-04T04:01:11Z,${seconds}${flag}`,
      };
    }
    return {
      firesWhen:
        'tables only: (a) an interval has over 30 h of audio, and neither the duration of its clip nor its own clock explains that; (b) sessions reach far beyond the end of their clips; (c) sessions end at 1/60 or 1/1,000 of the duration of their clips; (d) in most rows the audio is more than 10 times as long as the time by the clock, or less than a tenth of it (if there are no end times: only if most rows show the same factor, since there can be pauses); (e) numbers such as 1.834 appear next to whole numbers under 1,000, as with thousands separators',
      inferred: 'The thresholds: no false error in 20,000 valid tables.',
      broken: table(1_834_000, ''),
      fixed: table(1834, ''),
      shows: [],
    };
  },
});
