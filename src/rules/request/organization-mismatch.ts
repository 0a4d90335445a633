import { guidKey } from '../../domain/guid.js';
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
    const at = session.events.find(
      (event) => event.organizationId !== null && guidKey(event.organizationId) !== guidKey(organizationId),
    );
    if (at?.organizationId) {
      report({ at, expected: `the request’s organization ${organizationId}`, received: at.organizationId });
    }
  },
});
