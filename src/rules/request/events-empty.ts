import { bodiesExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo } from '../words.js';

export const eventsEmpty = defineRule({
  id: 'events-empty',
  level: 'request',
  severity: 'error',
  title: 'Events is empty',
  why: 'The document asks for at least one event per request.',
  mend: 'Send nothing when nothing was heard; check whether the queue was emptied before the body was built.',
  reference: 'API-3',
  check({ body }, report) {
    if (Array.isArray(body?.Events) && body.Events.length === 0) {
      report({ pointer: pointerTo('Events'), expected: 'at least one event in Events', received: '[]' });
    }
  },
  guide: () => ({
    firesWhen: 'Events is []',
    inferred: null,
    broken: bodiesExample(exampleBody([])),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: [],
    cites: ['if (!note)', 'if (over'],
  }),
});
