import type { MockSession } from '../../page-data.js';

/** Rules about a request: they leave what its sessions tell as it is. */
export const RULES_OF_REQUESTS: readonly string[] = [
  'request-shape',
  'source-unknown',
  'source-reserved',
  'events-empty',
  'not-completed',
  'organization-mismatch',
  'session-split',
  'session-resent',
  'session-sent-again',
  'sent-after-disabled',
  'content-type',
  'event-leaked',
  'organization-parameter',
];

/** Whether the session is a verified play as `report` has it: no error in its events or order, and long enough. */
export function countsAsPlay(
  { played, findings }: Pick<MockSession, 'played' | 'findings'>,
  minDuration: number,
): boolean {
  if (played === null || played < minDuration) return false;
  return !findings.some(({ severity, rule }) => severity === 'error' && !RULES_OF_REQUESTS.includes(rule));
}
