import { captureExample, exampleExchange, MINUTE } from '../../guide/guide.js';
import { ENDPOINT_PATH } from '../../wire/body.js';
import { defineRule } from '../define.js';
import { shown } from '../words.js';

export const endpointPath = defineRule({
  id: 'endpoint-path',
  level: 'request',
  severity: 'warning',
  ofTransport: true,
  title: 'The path differs from the document’s in letter case or a slash',
  why: `The document writes the path as ${ENDPOINT_PATH}. Servers may tell letter case and a slash at the end apart (inferred): then nothing that is sent arrives.`,
  mend: `Post to ${ENDPOINT_PATH}, in lower case and without a slash at the end.`,
  reference: 'API-1',
  check({ exchange }, report) {
    if (!exchange || exchange.path === ENDPOINT_PATH) return;
    report({ pointer: '', expected: `the path ${ENDPOINT_PATH}`, received: shown(exchange.path) });
  },
  guide: () => ({
    firesWhen:
      'HAR and mock: the path is the document’s but for letter case or a slash at its end; the body is judged as usual',
    inferred: 'That servers tell such paths apart.',
    broken: captureExample(exampleExchange(MINUTE, { path: `${ENDPOINT_PATH}/` })),
    fixed: captureExample(exampleExchange(MINUTE)),
    shows: [],
    code: `const url = new URL('https://traffic.omny.fm/api/consumption/events');
url.searchParams.set('organizationId', OrganizationId);`,
  }),
});
