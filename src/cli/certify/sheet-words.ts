import type { ChalkInstance } from 'chalk';
import type { Observation } from '../../certify/define.js';
import { isPassed, type Sheet, type SheetLine, type Verdict } from '../../certify/sheet.js';
import { requestWords } from '../../domain/place.js';
import { escaped, formatNumber, pluralize } from '../../domain/text.js';

/** How a sheet is shown. */
export interface SheetLook {
  readonly colors: ChalkInstance;
  /** The width of the terminal; null without one. */
  readonly columns: number | null;
  /** The names of what was read. */
  readonly inputs: readonly string[];
  /** Unix seconds. */
  readonly now: number;
}

export type SheetReporter = (sheet: Sheet, look: SheetLook) => Iterable<string>;

export const MARKS: Readonly<Record<Verdict, string>> = { right: '✔', wrong: '✖', 'not-seen': '–' };

/** The verdict on the whole as one line, and whether it is a failure. */
export function verdictOf(sheet: Sheet): { readonly passed: boolean; readonly text: string } {
  const { lines, sessions, requests } = sheet;
  const count = (verdict: Verdict): number => lines.filter((line) => line.verdict === verdict).length;
  const required = lines.filter((line) => line.required);
  const met = required.filter(({ verdict }) => verdict === 'right').length;
  const passed = isPassed(sheet);
  const counts = [`${count('right')} right`, `${count('wrong')} wrong`, `${count('not-seen')} not seen`].join(
    ', ',
  );
  const read = [pluralize(sessions, 'session'), ...(requests > 0 ? [pluralize(requests, 'request')] : [])];
  const asked = required.length === 0 ? '' : `; ${met} of ${required.length} required seen right`;
  return { passed, text: `${passed ? '✔' : '✖'} ${counts} in ${read.join(', ')}${asked}` };
}

/** How often what is shown was seen. */
export function timesText({ verdict, right, wrong }: SheetLine): string {
  const times = verdict === 'wrong' ? wrong : right;
  const among = verdict === 'wrong' && right > 0 ? `, and right ${formatNumber(right)}` : '';
  return times + (among === '' ? 0 : right) < 2 ? '' : ` (${pluralize(times, 'time')}${among})`;
}

export function notSeenText({ required, possible }: SheetLine): string {
  const asked = required ? ', and required' : '';
  return possible ? `not seen${asked}` : `not seen${asked}: this input cannot show it`;
}

/** Where something was seen: `player.har:1:1, entry 3, session …`. */
export function placeText({ place, session }: Observation): string {
  const file = `${place.input.name}:${place.line}:${place.column}`;
  const about = [...requestWords({ ...place, pointer: null }), ...(session ? [`session ${session}`] : [])];
  return escaped([file, ...about].join(', '));
}

/**
 * The lines that say what to do next, those that are wrong first. Of what was not seen: where some behaviours are required, those alone; and not
 * what the input cannot show, which a note of the sheet names.
 */
export function toDoOf(lines: readonly SheetLine[]): readonly ToDo[] {
  const anyRequired = lines.some(({ required }) => required);
  const wrong: ToDo[] = [];
  const notSeen: ToDo[] = [];
  for (const { behaviour, verdict, next, required, possible } of lines) {
    if (next === null) continue;
    if (verdict === 'wrong') wrong.push({ behaviour, verdict, next });
    else if (possible && (required || !anyRequired)) notSeen.push({ behaviour, verdict, next });
  }
  return [...wrong, ...notSeen];
}

/** What to do next about a behaviour. */
export type ToDo = Pick<SheetLine, 'behaviour' | 'verdict'> & { readonly next: string };
