import { CLIP, type Example, exampleBody, MINUTE, ORGANIZATION } from '../guide/guide.js';
import { defineRule } from './define.js';

/** What the readers could not parse; they report it themselves, as `SyntaxRecord`s. */
export const syntax = defineRule({
  id: 'syntax',
  level: 'syntax',
  severity: 'error',
  title: 'A document, line or row cannot be parsed',
  why: 'What cannot be read cannot be checked or sent: its listening would be lost.',
  mend: 'Write the file with a JSON or CSV library instead of by hand, and check that it was copied whole.',
  reference: '',
  guide: () => {
    const text = `${JSON.stringify(exampleBody(MINUTE))}\n`;
    return {
      firesWhen:
        'a document, line or CSV row cannot be parsed; the rest of an NDJSON or CSV input is still read',
      inferred: 'The document asks for a JSON body; of files it says nothing.',
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
      code: `const body = JSON.stringify({ Source: 'CustomWeb', Events: queue, Completed: true });`,
    };
  },
});

/** Judged by the cells of a table, while they are read (`src/table/plausibility`). */
export const digitsLost = defineRule({
  id: 'digits-lost',
  level: 'table',
  severity: 'error',
  title: 'Digits of the numbers in a column of a table are lost',
  why: 'A spreadsheet that writes 1.77E+09 moves listening by weeks: which day it was nobody can tell any more.',
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
        'tables only: a column holds numbers written like 1.77E+09 (a decimal point, a sign, two digits), none of its cells has more than 7 digits before the E, and in none do they reach the unit that is needed',
      inferred: null,
      broken: table('1.76E+09'),
      fixed: table('1762228871'),
      shows: [],
    };
  },
});

/** Judged by the rows of a table, while they are read (`src/table/plausibility`). */
export const tableUnit = defineRule({
  id: 'table-unit',
  level: 'table',
  severity: 'error',
  title: 'A column of a table is in another unit than it is read in',
  why: 'Minutes read as seconds are a sixtieth of the listening, milliseconds a thousand times as much: everything sent would be wrong, and no way to delete is documented.',
  mend: 'Name the unit: --duration-unit, --position-unit or --clip-duration-unit with s, ms or min.',
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
        'tables only: (a) an interval has over 30 h of audio, and neither the known duration of its clip nor its own clock holds it; (b, c) the reach of sessions lies far beyond the durations of their clips, or at a 60th or 1,000th of them; (d) the ratio of audio to clock is that of another unit in most rows',
      inferred: 'The thresholds: no false error in 20,000 valid tables.',
      broken: table(1_834_000, ''),
      fixed: table(1834, ''),
      shows: [],
    };
  },
});
