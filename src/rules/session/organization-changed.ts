import { changeOne, eventsExample, MINUTE, OTHER_ORGANIZATION } from '../../guide/guide.js';
import { defineRule, firstChange } from '../define.js';

export const organizationChanged = defineRule({
  id: 'organization-changed',
  level: 'session',
  needs: 'ids',
  severity: 'error',
  title: 'A session holds events of more than one organization',
  why: 'A session is one play of one clip, and a clip belongs to one organization.',
  mend: 'Take OrganizationId from the clip that plays, once, when the session starts.',
  reference: 'API-9',
  check(session, report) {
    const change = firstChange(session, 'organization');
    if (!change) return;
    report(change.at, () => ({
      expected: `the session’s organization ${change.first()}`,
      received: change.other(),
    }));
  },
  guide: () => ({
    firesWhen:
      'the session has events with more than one OrganizationId. Then organization-mismatch is not reported for this session',
    inferred: 'That a clip belongs to one organization.',
    broken: eventsExample(changeOne(MINUTE, 1, { OrganizationId: OTHER_ORGANIZATION })),
    fixed: eventsExample(MINUTE),
    shows: ['OrganizationId', 'SessionId', 'SeqNumber'],
    cites: ['if (moves && !note)', 'return (id'],
  }),
});
