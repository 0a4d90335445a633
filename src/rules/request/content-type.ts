import { captureExample, exampleExchange, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { shown } from '../words.js';

const WANTED = 'application/json';

export const contentType = defineRule({
  id: 'content-type',
  level: 'request',
  severity: 'error',
  ofTransport: true,
  title: 'The Content-Type is not application/json',
  why: 'The document says that Content-Type must be application/json. What happens to other requests is not documented.',
  mend: 'sendBeacon(url, text) sends text/plain: pass new Blob([text], { type: "application/json" }) instead. With fetch or XMLHttpRequest set the Content-Type header.',
  reference: 'API-2, OBS-1',
  check({ exchange }, report) {
    if (!exchange || exchange.mediaType === WANTED) return;
    const received = exchange.mediaType === null ? 'no Content-Type header' : shown(exchange.mediaType);
    report({ pointer: '', expected: `a Content-Type of ${WANTED}`, received });
  },
  guide: () => ({
    firesWhen: 'HAR and mock: the media type is not application/json',
    inferred: null,
    broken: captureExample(exampleExchange(MINUTE, { contentType: 'text/plain;charset=UTF-8' })),
    fixed: captureExample(exampleExchange(MINUTE)),
    shows: [],
    cites: ['const body', 'if (navigator.sendBeacon'],
  }),
});
