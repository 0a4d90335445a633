import { allChanged, body, MINUTE, OTHER_ORGANIZATION, OTHER_SESSION, requests } from '../data.js';
import type { RuleGuide } from '../define.js';

const OTHERS = allChanged(MINUTE, () => ({
  OrganizationId: OTHER_ORGANIZATION,
  SessionId: OTHER_SESSION,
}));

export const organizationMismatch: RuleGuide = {
  firesWhen:
    'a well-formed OrganizationId of an event is not the request’s: the URL’s where it is known, else the first well-formed one in Events (one finding a session; events without a usable SessionId aside)',
  inferred: 'What happens to listening of another organization.',
  broken: requests(body([...MINUTE, ...OTHERS])),
  mended: requests(body(MINUTE), body(OTHERS)),
  shows: ['OrganizationId', 'SessionId', 'Type'],
  code: `for (const [id, Events] of Map.groupBy(queue, (event) => event.OrganizationId)) {
  send(\`\${url}?organizationId=\${id}\`, { Source: 'CustomWeb', Events, Completed: true });
}`,
};
