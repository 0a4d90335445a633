import { capture, MINUTE, sent } from '../data.js';
import type { RuleGuide } from '../define.js';

export const organizationParameter: RuleGuide = {
  firesWhen: 'HAR and mock: no query parameter is named organizationId (letter case aside), or it is no GUID',
  inferred: 'What happens without it.',
  broken: capture(sent(MINUTE, { query: '' })),
  mended: capture(sent(MINUTE)),
  shows: [],
  code: `const url = new URL('https://traffic.omny.fm/api/consumption/events');
url.searchParams.set('organizationId', OrganizationId);`,
};
