import { bodiesExample, exampleBody, WITH_JUMP } from '../../guide/guide.js';
import { defineRule, occurrenceCheck } from '../define.js';

const checkSession = occurrenceCheck(
  ({ occurrence }) => occurrence === 'split',
  (id) => ({
    expected: `all events of session ${id} in one request`,
    received: 'other events than in an earlier request',
  }),
);

export const sessionSplit = defineRule({
  id: 'session-split',
  level: 'request',
  severity: 'error',
  title: 'An earlier request holds this SessionId with other events',
  why: 'A session is sent once, complete. Events in a second request could be lost, or counted as another session (inferred).',
  mend: 'Flush only when the session is over (not on pause), and make a new SessionId for every play.',
  reference: 'API-9, API-14',
  checkSession,
  guide: () => ({
    firesWhen:
      'an earlier request of this input has the same SessionId with other events. The seven fields are compared, in order, with the first request that has the SessionId',
    inferred: 'What Omny does with the second part.',
    broken: bodiesExample(exampleBody(WITH_JUMP.slice(0, 2)), exampleBody(WITH_JUMP.slice(2))),
    fixed: bodiesExample(exampleBody(WITH_JUMP)),
    shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
    cites: ['const over', 'if (over'],
  }),
});
