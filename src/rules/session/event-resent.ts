import { bodiesExample, eventsExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';

export const eventResent = defineRule({
  id: 'event-resent',
  level: 'session',
  needs: 'ids',
  severity: 'info',
  title: 'Events say the same as those of an earlier file',
  why: 'Exports overlap, and retries are stored twice: such an event counts once here.',
  mend: 'Nothing to mend: leave a file out where it was given by mistake.',
  reference: 'API-9',
  check(session, report) {
    const { count, resent } = session;
    if (resent === 0) return;
    report(count, () => ({
      expected: 'events that no earlier file has',
      received: `${resent} of this session ${resent === 1 ? 'says' : 'say'} the same in all fields: counted once`,
    }));
  },
  guide: () => ({
    firesWhen:
      'bare events and rows of several files: an event says in all seven fields (and Source) the same as one in an earlier file (one finding a session). It counts once. In one and the same file it stays what it is (seq-duplicate)',
    inferred: 'That equal events in two files are one event.',
    broken: bodiesExample(exampleBody(MINUTE)),
    mended: eventsExample(MINUTE),
    shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
  }),
});
