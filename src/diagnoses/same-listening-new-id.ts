import { ID_WORDS } from '../domain/event-batch.js';
import { ContentTable, hashContents, isDistinctive } from './content.js';
import { defineDiagnosis, enough, sessionsOf } from './define.js';

const LEAST = { sessions: 3, share: 0.01 } as const;

export const sameListeningNewId = defineDiagnosis({
  id: 'same-listening-new-id',
  title: 'The same listening stands there under several SessionIds, and counts as often',
  sees: 'another session of the same clip has the same events, to the second and the thousandth of a second of audio; of sessions with a Stop that is at no whole second and not the farthest, or with ten events',
  threshold:
    '3 sessions more than there should be, and 1 % of those in which it could be seen (of the first 262,144)',
  mend: 'Make the SessionId when the play begins and keep it with the queued events: a retry or an export run again sends the same id. Send each session once.',
  rules: ['event-leaked'],
  watch() {
    const contents = new ContentTable();
    const hash = { a: 0, b: 0 };
    return {
      look(seen) {
        const { session, listening } = seen;
        if (!listening || !isDistinctive(listening)) return;
        hashContents(listening, seen.clipHash, hash);
        contents.add(hash, session.ids, ID_WORDS.session);
      },
      end() {
        const { again, seen, full } = contents;
        if (!enough(again, seen, LEAST)) return null;
        const among = full ? ', among the first that were looked at' : '';
        const evidence = `${sessionsOf(again, seen, 'with events that hardly happen twice')} repeat another session of the same clip, event for event${among}.`;
        return { sessions: again, of: seen, evidence, examples: contents.examples };
      },
    };
  },
});
