import { ABSENT_FLAG, ID_WORDS, WORDS_PER_EVENT } from '../../domain/event-batch.js';
import { sameGuid, writeGuid } from '../../domain/guid-words.js';
import { defineRule } from '../define.js';

export const organizationMismatch = defineRule({
  id: 'organization-mismatch',
  level: 'request',
  severity: 'warning',
  title: 'An event’s OrganizationId is not the request’s',
  why: 'A request is for one organization, named in its URL; listening of another may be filed wrongly (inferred: the document does not say what happens).',
  mend: 'Make one request an organization, with the organizationId of its events in the URL.',
  reference: 'API-1',
  unless: ['organization-changed'],
  checkSession({ session }, report, request) {
    const organizationId = request?.organizationId;
    if (!organizationId) return;
    writeGuid(organizationId, words, 0);
    for (let at = 0; at < session.count; at += 1) {
      if ((session.flags[at]! & ABSENT_FLAG.organization) !== 0) continue;
      if (sameGuid(session.ids, at * WORDS_PER_EVENT + ID_WORDS.organization, words, 0)) continue;
      report(at, () => ({
        expected: `the request’s organization ${organizationId}`,
        received: session.idOf(at, 'organization')!,
      }));
      return;
    }
  },
});

const words = new Uint32Array(4);
