import { CLIP, type Example, ORGANIZATION } from '../../guide/guide.js';
import { defineRule } from '../define.js';

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
      mended: table(1834, ''),
      shows: [],
    };
  },
});
