import { changeAll, eventsExample, MINUTE, OTHER_CLIP, OTHER_SESSION, SESSION } from '../../guide/guide.js';
import { defineRule, firstChange } from '../define.js';

export const clipChanged = defineRule({
  id: 'clip-changed',
  level: 'session',
  needs: 'ids',
  severity: 'error',
  title: 'A session holds events of more than one clip',
  why: 'A session is one continuous play of one clip; clips A, B, A in a playlist are three sessions.',
  mend: 'End the session (Stop, send) before the player loads the next clip, and start the next one with a new SessionId.',
  reference: 'API-9',
  check(session, report) {
    const change = firstChange(session, 'clip');
    if (change)
      report(change.at, () => ({
        expected: `the session’s clip ${change.first()}`,
        received: change.other(),
      }));
  },
  guide: () => {
    const next = changeAll(MINUTE, (event) => ({
      ClipId: OTHER_CLIP,
      SessionId: OTHER_SESSION,
      Timestamp: Number(event.Timestamp) + 61,
    }));
    const both = [...MINUTE, ...changeAll(next, () => ({ SessionId: SESSION }))];
    return {
      firesWhen: 'the session has events with more than one ClipId',
      inferred: null,
      broken: eventsExample(changeAll(both, (_, i) => ({ SeqNumber: i + 1 }))),
      fixed: eventsExample([...MINUTE, ...next]),
      shows: ['ClipId', 'SessionId', 'SeqNumber'],
      cites: ['if (moves && !note)', 'return (id'],
    };
  },
});
