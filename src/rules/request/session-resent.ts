import { bodiesExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { defineRule, occurrenceCheck } from '../define.js';

const checkSession = occurrenceCheck(
  ({ occurrence, delivered }) => occurrence === 'resent' && !delivered,
  (id) => ({
    expected: `session ${id} in one request`,
    received: 'the same events again: a retry',
  }),
);

export const sessionResent = defineRule({
  id: 'session-resent',
  level: 'request',
  severity: 'info',
  title: 'An earlier request holds this session with the same events',
  why: 'A retry after a lost response looks like this. The session is counted once here; whether Omny does so is not documented.',
  mend: 'If it was a retry, nothing needs fixing. Otherwise, remove a session from the queue once it was sent.',
  reference: 'API-9',
  checkSession,
  guide: () => ({
    firesWhen: 'an earlier request of this input has the same SessionId with the same events, as in a retry',
    inferred: 'Whether Omny counts a retry once.',
    broken: bodiesExample(exampleBody(MINUTE), exampleBody(MINUTE)),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
  }),
});
