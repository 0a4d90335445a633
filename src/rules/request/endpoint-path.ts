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
  why: `The document writes the path as ${ENDPOINT_PATH}. A server can treat letter case and a slash at the end as another path (inferred): then nothing arrives.`,
  mend: `Post to ${ENDPOINT_PATH}, in lower case and without a slash at the end.`,
  reference: 'API-1',
  check({ exchange }, report) {
    if (!exchange || exchange.path === ENDPOINT_PATH) return;
    report({ pointer: '', expected: `the path ${ENDPOINT_PATH}`, received: shown(exchange.path) });
  },
  guide: () => ({
    firesWhen:
      'HAR and mock: the path differs from the documented path only in letter case or by a slash at its end. The body is still checked',
    inferred: 'That a server can treat such paths as different.',
    broken: captureExample(exampleExchange(MINUTE, { path: `${ENDPOINT_PATH}/` })),
    fixed: captureExample(exampleExchange(MINUTE)),
    shows: [],
    cites: ['const url'],
  }),
});
