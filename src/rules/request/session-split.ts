import { bodiesExample, exampleBody, FLUSH, WITH_JUMP } from '../../guide/guide.js';
import { defineRule, occurrenceCheck } from '../define.js';

const checkSession = occurrenceCheck(
  ({ occurrence }) => occurrence === 'split',
  (id) => ({
    expected: `all events of session ${id} in one request`,
    received: 'other events of it than an earlier request held',
  }),
);

export const sessionSplit = defineRule({
  id: 'session-split',
  level: 'request',
  severity: 'error',
  title: 'The SessionId already stood in an earlier request, with other events',
  why: 'A session is sent once, complete: what a second request says of it may be lost or counted apart (inferred).',
  mend: 'Flush only when the session is over (not on pause), and make a new SessionId for every play.',
  reference: 'API-9, API-14',
  checkSession,
  guide: () => ({
    firesWhen:
      'the SessionId already stood in an earlier request of this input, with other events (compared with its first request: the seven fields, in order)',
    inferred: 'What becomes of the second part.',
    broken: bodiesExample(exampleBody(WITH_JUMP.slice(0, 2)), exampleBody(WITH_JUMP.slice(2))),
    fixed: bodiesExample(exampleBody(WITH_JUMP)),
    shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
    code: FLUSH,
  }),
});
