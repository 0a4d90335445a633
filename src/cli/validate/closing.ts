import { pluralize } from '../../domain/text.js';
import type { ValidationReport } from '../../validate/validate.js';
import { span } from '../words.js';

/** The verdict in one line. */
export interface Closing {
  /** The worst that was found, an info aside. */
  readonly worst: 'error' | 'warning' | null;
  /** `✖ 1 error, 2 warnings`. */
  readonly verdict: string;
  /** What was checked. */
  readonly checked: string;
}

/** @param warningsFail Whether there are more warnings than the user lets pass. */
export function closingOf({ summary }: Pick<ValidationReport, 'summary'>, warningsFail = false): Closing {
  const { files, requests, sessions, events, errors, warnings, infos, playedSeconds } = summary;
  const held = [pluralize(sessions, 'session'), pluralize(events, 'event')];
  if (requests > 0) held.push(pluralize(requests, 'request'));
  if (files > 1) held.push(pluralize(files, 'file'));
  const infoText = infos === 0 ? '' : `, ${pluralize(infos, 'info')}`;
  const tooMany = warningsFail ? '; more warnings than --max-warnings' : '';
  const checked = `${infoText} in ${held.join(', ')}; ${span(playedSeconds)} played${tooMany}`;
  if (errors + warnings === 0) return { worst: null, verdict: '✔ No errors, no warnings', checked };
  const found = `${pluralize(errors, 'error')}, ${pluralize(warnings, 'warning')}`;
  return errors > 0 || warningsFail
    ? { worst: 'error', verdict: `✖ ${found}`, checked }
    : { worst: 'warning', verdict: `⚠ ${found}`, checked };
}

/** The verdict as plain text. */
export function closingText(report: Pick<ValidationReport, 'summary'>, warningsFail: boolean): string {
  const { verdict, checked } = closingOf(report, warningsFail);
  return `${verdict}${checked}`;
}
