import { isGuid } from '../../domain/guid.js';
import { captureExample, exampleExchange, MINUTE } from '../../guide/guide.js';
import { ORGANIZATION_PARAMETER } from '../../wire/body.js';
import { defineRule } from '../define.js';
import { shown } from '../words.js';

export const organizationParameter = defineRule({
  id: 'organization-parameter',
  level: 'request',
  severity: 'error',
  ofTransport: true,
  title: 'The URL names no organization',
  why: 'The document gives the URL of a request with the GUID of the organization in it; without it, the listening belongs to no organization (inferred).',
  mend: 'Post to /api/consumption/events?organizationId= and the GUID of the organization, the one in the OrganizationId of the events.',
  reference: 'API-1',
  check({ exchange }, report) {
    if (!exchange || isGuid(exchange.organizationParameter)) return;
    const { organizationParameter: value } = exchange;
    report({
      pointer: '',
      expected: `a URL parameter ${ORGANIZATION_PARAMETER} that is a GUID`,
      received: value === null ? 'a URL without it' : shown(value),
    });
  },
  guide: () => ({
    firesWhen:
      'HAR and mock: no query parameter is named organizationId (ignoring case), or it is not a GUID',
    inferred: 'What happens to a request without it.',
    broken: captureExample(exampleExchange(MINUTE, { query: '' })),
    fixed: captureExample(exampleExchange(MINUTE)),
    shows: [],
    cites: ['const url'],
  }),
});
