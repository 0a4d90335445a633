import { defineRule } from '../define.js';
import { firstChange } from './first-change.js';

export const clipChanged = defineRule({
  id: 'clip-changed',
  level: 'session',
  needs: 'ids',
  severity: 'error',
  title: 'A session holds events of more than one clip',
  why: 'A session is one continuous play of one clip; clips A, B, A in a playlist are three sessions.',
  mend: 'End the session (Stop, send) before the player loads the next clip, and begin the next with a new SessionId.',
  reference: 'API-9',
  check(session, report) {
    const change = firstChange(session, 'clip');
    if (change)
      report(change.at, () => ({ expected: `the session’s clip ${change.first()}`, received: change.other() }));
  },
});
