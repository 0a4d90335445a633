import type { RuleId } from '../../domain/finding.js';
import { pluralize } from '../../domain/text.js';
import { defineBehaviour } from '../define.js';

/** What shows that sessions were put together wrongly. */
const WRONG = [
  'organization-mismatch',
  'session-split',
  'clip-changed',
  'seq-start',
  'seq-duplicate',
] as const satisfies readonly RuleId[];

export const severalSessionsInARequest = defineBehaviour({
  id: 'several-sessions-in-a-request',
  title: 'Sends several sessions in one request',
  how: 'Switch the network off, play and end two sessions, and switch the network on again.',
  right: 'a request holds two sessions or more, all without errors',
  wrong:
    'in a request with two sessions or more, one is of another organization (`organization-mismatch`), stood in an earlier request with other events (`session-split`), holds several clips (`clip-changed`), or is not counted from 1 (`seq-start`, `seq-duplicate`)',
  fix: 'Put whole sessions of one organization into a request, each with its own SessionId and counted from 1.',
  limits: null,
  needs: 'requests',
  diagnoses: [],
  lookAtRequest({ note, sessions }, found) {
    if (sessions.length < 2) return;
    const rule = WRONG.find((id) => sessions.some(({ fired }) => fired.includes(id)));
    if (rule)
      found.wrongRequest(
        note,
        () => `It holds ${pluralize(sessions.length, 'session')}, and one draws ${rule}.`,
      );
    else if (sessions.every(({ flawed }) => !flawed))
      found.rightRequest(note, () => `It holds ${pluralize(sessions.length, 'session')}.`);
  },
});
