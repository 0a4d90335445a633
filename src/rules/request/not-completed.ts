import { bodiesExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo } from '../words.js';

export const notCompleted = defineRule({
  id: 'not-completed',
  level: 'request',
  severity: 'error',
  title: 'Completed is false',
  why: 'The document says that Completed must be true: sessions are sent once, when no further event is possible.',
  mend: 'Keep events in the local queue until the session has ended (a pause does not end it), then send them with Completed true.',
  reference: 'API-3',
  check({ body }, report) {
    if (body?.Completed === false) {
      report({ pointer: pointerTo('Completed'), expected: 'Completed to be true', received: 'false' });
    }
  },
  guide: () => ({
    firesWhen: 'Completed is false',
    inferred: null,
    broken: bodiesExample(exampleBody(MINUTE, { Completed: false })),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: [],
    cites: ['const json = `{'],
  }),
});
