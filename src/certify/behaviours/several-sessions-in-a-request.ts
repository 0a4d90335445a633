import type { RuleId } from '../../domain/finding.js';
import { pluralize } from '../../domain/text.js';
import { defineBehaviour } from '../define.js';

/** Rules with a finding if sessions are combined wrongly in a request. */
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
  right: 'a request has two sessions or more, all without errors',
  wrong:
    'a request has two sessions or more, and one of them belongs to another organization (`organization-mismatch`), was in an earlier request with other events (`session-split`), has several clips (`clip-changed`), or has wrong SeqNumbers (`seq-start`, `seq-duplicate`)',
  fix: 'Put whole sessions of one organization into a request. Each needs its own SessionId, and SeqNumbers from 1.',
  limits: null,
  needs: 'requests',
  diagnoses: [],
  lookAtRequest({ note, sessions }, found) {
    if (sessions.length < 2) return;
    const rule = WRONG.find((id) => sessions.some(({ fired }) => fired.includes(id)));
    if (rule)
      found.wrongRequest(
        note,
        () => `The request has ${pluralize(sessions.length, 'session')}, and one of them breaks ${rule}.`,
      );
    else if (sessions.every(({ flawed }) => !flawed))
      found.rightRequest(note, () => `The request has ${pluralize(sessions.length, 'session')}.`);
  },
});
