import { CLIP, type Example, ORGANIZATION, SESSION } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';

export const eventResent = defineRule({
  id: 'event-resent',
  level: 'session',
  needs: 'ids',
  severity: 'info',
  title: 'An earlier file holds the same events',
  why: 'Exports overlap, and retries are stored twice: such an event counts once here.',
  mend: 'Nothing to mend: leave a file out where it was given by mistake.',
  reference: 'API-9',
  check(session, report) {
    const { count, resent } = session;
    if (resent === 0) return;
    report(count, problemWith(resent));
  },
  guide: () => {
    function table(rows: number): Example {
      const row = `${ORGANIZATION},${CLIP},${SESSION},1762228871,61.25\n`;
      return {
        kind: 'text',
        format: 'csv',
        text: `OrganizationId,ClipId,SessionId,StartedAt,ListenedSeconds\n${row.repeat(rows)}`,
        shown: [
          'SessionId,StartedAt,ListenedSeconds',
          ...Array(rows).fill(`${SESSION},1762228871,61.25`),
        ].join('\n'),
      };
    }
    return {
      firesWhen:
        'bare events and rows of several files: an event says in all seven fields (and Source) the same as one in an earlier file (one finding a session). It counts once. So does a second row of one session in a table of sessions. In one and the same file of events it stays what it is (seq-duplicate)',
      inferred: 'That equal events in two files are one event.',
      broken: table(2),
      fixed: table(1),
      shows: [],
    };
  },
});

function problemWith(resent: number): () => Problem {
  return () => ({
    expected: 'events that were not read before',
    received: `${resent} of this session that ${resent === 1 ? 'says' : 'say'} the same in all fields as one before: counted once`,
  });
}
