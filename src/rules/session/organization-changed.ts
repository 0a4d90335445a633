import { defineRule } from '../define.js';
import { firstChange } from './first-change.js';

export const organizationChanged = defineRule({
  id: 'organization-changed',
  level: 'session',
  needs: 'ids',
  severity: 'error',
  title: 'A session holds events of more than one organization',
  why: 'A session is one play of one clip, and a clip belongs to one organization.',
  mend: 'Take OrganizationId from the clip that plays, once, when the session begins.',
  reference: 'API-9',
  check(session, report) {
    const change = firstChange(session, 'organization');
    if (!change) return;
    report(change.at, () => ({
      expected: `the session’s organization ${change.first()}`,
      received: change.other(),
    }));
  },
});
