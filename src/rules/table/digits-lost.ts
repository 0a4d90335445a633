import { CLIP, type Example, ORGANIZATION } from '../../guide/guide.js';
import { defineRule } from '../define.js';

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
      mended: table('1762228871'),
      shows: [],
    };
  },
});
