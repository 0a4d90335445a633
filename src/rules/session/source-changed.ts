import { changeAll, eventsExample, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { shown } from '../words.js';

export const sourceChanged = defineRule({
  id: 'source-changed',
  level: 'session',
  needs: 'valid',
  severity: 'error',
  title: 'Events of one session have different Sources',
  why: 'A session is sent in one request, and a request has one Source.',
  mend: 'Give every event of a session the same Source, or none.',
  reference: 'API-4',
  check(session, report) {
    if (session.request !== null || !session.mixed) return;
    let first: string | undefined;
    for (let at = 0; at < session.count; at += 1) {
      const source = session.sourceOf(at);
      if (source === undefined) continue;
      first ??= source;
      if (source === first) continue;
      const of = first;
      report(at, () => ({ expected: `the session’s Source ${shown(of)}`, received: shown(source) }));
      return;
    }
  },
  guide: () => ({
    firesWhen: 'bare events or rows of one session have different Sources',
    inferred: 'That a session has one Source: it is sent in one request, and a request has one.',
    broken: eventsExample(changeAll(MINUTE, (_, i) => ({ Source: i === 0 ? 'CustomWeb' : 'MobileApp' }))),
    fixed: eventsExample(changeAll(MINUTE, () => ({ Source: 'CustomWeb' }))),
    shows: ['SessionId', 'Type', 'SeqNumber'],
  }),
});
