import { CLIP, type Example, ORGANIZATION, SESSION } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';

export const eventResent = defineRule({
  id: 'event-resent',
  level: 'session',
  needs: 'ids',
  severity: 'info',
  title: 'An earlier file holds the same events',
  why: 'Exports overlap, and retries are stored twice. Such an event is counted once.',
  mend: 'Nothing needs fixing. If a file was given by mistake, leave it out.',
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
        'bare events and rows: an event has the same seven fields and Source as an event in an earlier file, or a table of sessions has two equal rows of one session. Such events count once. One finding per session. Two equal events in one file are a seq-duplicate instead',
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
    received: `${resent} of this session ${resent === 1 ? 'is' : 'are'} the same as in an earlier file: counted once`,
  });
}
