import { captureExample, exampleExchange, MINUTE } from '../../guide/guide.js';
import { defineRule, occurrenceCheck } from '../define.js';

const checkSession = occurrenceCheck(
  ({ occurrence, delivered }) => occurrence === 'resent' && delivered,
  (id) => ({
    expected: `session ${id} to be sent once, since it was answered Enabled: true`,
    received: 'the same events in another request',
  }),
);

export const sessionSentAgain = defineRule({
  id: 'session-sent-again',
  level: 'request',
  severity: 'warning',
  title: 'A session that was answered Enabled: true is sent again',
  why: 'A SessionId identifies one play, which is sent once. Whether Omny counts the second delivery is not documented.',
  mend: 'Remove a session from the queue once its request was answered, and check whether two event listeners (pagehide and visibilitychange) flush the same queue.',
  reference: 'API-9',
  checkSession,
  guide: () => ({
    firesWhen:
      'HAR and mock: a session is sent again, although its earlier request was answered with Enabled: true. Then session-resent is not reported',
    inferred: 'Whether Omny counts the second delivery.',
    broken: captureExample(exampleExchange(MINUTE), exampleExchange(MINUTE, { at: 201 })),
    fixed: captureExample(exampleExchange(MINUTE)),
    shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
    cites: ['const send'],
  }),
});
