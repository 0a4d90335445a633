import { bare, changed, MINUTE, OTHER_ORGANIZATION } from '../data.js';
import type { RuleGuide } from '../define.js';
import { PLAY } from '../snippets.js';

export const organizationChanged: RuleGuide = {
  firesWhen:
    'the session has events with more than one OrganizationId (then no organization-mismatch for this session)',
  inferred: 'That a clip belongs to one organization.',
  broken: bare(changed(MINUTE, 1, { OrganizationId: OTHER_ORGANIZATION })),
  mended: bare(MINUTE),
  shows: ['OrganizationId', 'SessionId', 'SeqNumber'],
  code: PLAY,
};
