import { Chalk } from 'chalk';
import { BEHAVIOUR_IDS } from '../../../src/certify/define.js';
import type { Sheet, SheetLine } from '../../../src/certify/sheet.js';
import { SHEET_REPORTERS } from '../../../src/cli/certify/formats.js';
import type { SheetFormat } from '../../../src/cli/options/rules.js';

export const HOSTILE = '</style><img src=x onerror=alert(1)>|`**"&\u001b[2J]]>';
const NAME = `${HOSTILE}.har`;

function line(number: number, verdict: SheetLine['verdict'], required: boolean): SheetLine {
  const place = { input: { index: 0, name: NAME }, line: 3, column: 7, pointer: '', request: 1, entry: 4 };
  const observation = { session: 'a039f83d-1916-436b-a090-efbc08698506', place, evidence: `It ${HOSTILE}.` };
  return {
    behaviour: BEHAVIOUR_IDS[number]!,
    title: 'Plays',
    verdict,
    required,
    right: verdict === 'right' ? 3 : 0,
    wrong: verdict === 'wrong' ? 1 : 0,
    observations: verdict === 'not-seen' ? [] : [observation],
    possible: true,
    next: verdict === 'right' ? null : 'Do `this`.',
  };
}

/** One line of each verdict, required and not; names and evidence are hostile. */
export const SHEET: Sheet = {
  lines: (['right', 'wrong', 'not-seen'] as const).flatMap((verdict, i) => [
    line(2 * i, verdict, true),
    line(2 * i + 1, verdict, false),
  ]),
  sessions: 1200,
  requests: 2,
  notes: [`A note ${HOSTILE}`],
};

/** The sheet in a format, without colours. */
export function written(format: SheetFormat, sheet = SHEET): string {
  const look = { colors: new Chalk({ level: 0 }), columns: null, inputs: [NAME], now: 1_767_225_600 };
  return [...SHEET_REPORTERS[format](sheet, look)].join('');
}
