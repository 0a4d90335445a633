import { ABSENT_FLAG, ID_WORDS, WORDS_PER_EVENT } from '../../domain/event-batch.js';
import { sameGuid, writeGuid } from '../../domain/guid.js';
import type { Session } from '../../domain/session.js';
import {
  bodiesExample,
  changeAll,
  exampleBody,
  MINUTE,
  OTHER_ORGANIZATION,
  OTHER_SESSION,
} from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';

export const organizationMismatch = defineRule({
  id: 'organization-mismatch',
  level: 'request',
  severity: 'warning',
  title: 'An event’s OrganizationId is not the request’s',
  why: 'A request is for one organization, named in its URL; listening of another organization could be counted wrongly (inferred: the document does not say what happens).',
  mend: 'Make one request per organization, with the OrganizationId of its events in the URL.',
  reference: 'API-1',
  unless: ['organization-changed'],
  checkSession({ session }, report, request) {
    const organizationId = request?.organizationId;
    if (!organizationId) return;
    writeGuid(organizationId, words, 0);
    for (let at = 0; at < session.count; at += 1) {
      if ((session.flags[at]! & ABSENT_FLAG.organization) !== 0) continue;
      if (sameGuid(session.ids, at * WORDS_PER_EVENT + ID_WORDS.organization, words, 0)) continue;
      report(at, problemAt(session, at, organizationId));
      return;
    }
  },
  guide: () => {
    const others = changeAll(MINUTE, () => ({
      OrganizationId: OTHER_ORGANIZATION,
      SessionId: OTHER_SESSION,
    }));
    return {
      firesWhen:
        'an event has another OrganizationId than the URL of its request. If the URL is unknown, the first valid OrganizationId in Events counts instead. One finding per session, except for events without a usable SessionId',
      inferred: 'What happens to listening of another organization.',
      broken: bodiesExample(exampleBody([...MINUTE, ...others])),
      fixed: bodiesExample(exampleBody(MINUTE), exampleBody(others)),
      shows: ['OrganizationId', 'SessionId', 'Type'],
      cites: ['const url', 'if (moves && !note)'],
    };
  },
});

const words = new Uint32Array(4);

function problemAt(session: Session, at: number, organizationId: string): () => Problem {
  return () => ({
    expected: `the request’s organization ${organizationId}`,
    received: session.idOf(at, 'organization')!,
  });
}
