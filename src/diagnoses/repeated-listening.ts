import { ID_WORDS } from '../domain/event-batch.js';
import type { RepeatedExport } from '../domain/record.js';
import { ContentTable, hashContents, isDistinctive } from './content.js';
import { defineDiagnosis, enough, sessionsOf } from './define.js';

const LEAST = { sessions: 3, share: 0.01 } as const;

export const sameListeningNewId = defineDiagnosis({
  id: 'same-listening-new-id',
  severity: 'info',
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
        if (!listening || !isDistinctive(listening)) return false;
        hashContents(listening, seen.clipHash, hash);
        contents.add(hash, session.ids, ID_WORDS.session);
        return false;
      },
      end({ whole }) {
        if (!whole) return null;
        const { again, seen, full } = contents;
        if (!enough(again, seen, LEAST)) return null;
        const among = full ? ', among the first that were looked at' : '';
        const evidence = `${sessionsOf(again, seen, 'with events that hardly happen twice')} repeat another session of the same clip, event for event${among}.`;
        return { sessions: again, of: seen, evidence, examples: contents.examples };
      },
    };
  },
});

/** Rows of a table stand twice: judged by the rows themselves, while they are read (`src/table/plausibility`). */
export const exportRepeated = defineDiagnosis({
  id: 'export-repeated',
  severity: 'warning',
  title: 'Rows of a table stand twice: the export was probably appended to itself',
  sees: 'tables: 20 different rows or more stand a second time in the same order, or more rows stand twice word for word than chance explains',
  threshold:
    'In the same order: 20 rows, or half of a table of 6 rows or more. Word for word: at least 3 rows and 1 % of those whose other cells are rare, and more than rows that differ only in a near StartedAt explain.',
  mend: 'Export again into an empty file, or leave the second copy out: rows without a SessionId count twice.',
  rules: [],
  watch: () => {
    const found: RepeatedExport[] = [];
    return {
      noteRepeatedExport: (repeated) => void found.push(repeated),
      end({ whole }) {
        const [first] = found;
        if (!first || !whole) return null;
        const rows = found.reduce((sum, repeated) => sum + repeated.rows, 0);
        const of = found.reduce((sum, repeated) => sum + repeated.of, 0);
        return { sessions: rows, of, evidence: `${first.message}.`, examples: [] };
      },
    };
  },
});
