import { toMs } from '../../domain/listening.js';
import { captureExample, changeAll, exampleExchange, MINUTE, OTHER_SESSION } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { secs } from '../words.js';

/** A request that started this soon after the response can have been on its way already. */
const GRACE_MS = 1000;

export const sentAfterDisabled = defineRule({
  id: 'sent-after-disabled',
  level: 'request',
  severity: 'warning',
  ofTransport: true,
  title: 'A request follows the answer Enabled: false',
  why: 'The document says that on false the client stops submitting events for the rest of its run.',
  mend: 'Read Enabled from the answer and stop recording and sending when it is false, until the page or app is started again.',
  reference: 'API-6',
  check({ exchange, organizationId, disabledAt }, report) {
    if (!exchange || exchange.beganAt === null || disabledAt === null) return;
    const after = toMs(exchange.beganAt) - toMs(disabledAt);
    if (after < GRACE_MS) return;
    report({
      pointer: '',
      expected: `no request for organization ${organizationId} after it was answered Enabled: false`,
      received: `a request ${secs(after)} later`,
      ...(exchange.page === null && { hint: PAGE_UNKNOWN }),
    });
  },
  guide: () => {
    const later = changeAll(MINUTE, (event) => ({
      SessionId: OTHER_SESSION,
      Timestamp: Number(event.Timestamp) + 300,
    }));
    return {
      firesWhen:
        'HAR and mock: a request starts at least 1 s after another request for the same organization was answered with Enabled: false. In a HAR, both must have the same pageref',
      inferred: 'The tolerance of 1 s, for requests that were already on their way.',
      broken: captureExample(
        exampleExchange(MINUTE, { enabled: false }),
        exampleExchange(later, { at: 400, enabled: false }),
      ),
      fixed: captureExample(exampleExchange(MINUTE, { enabled: false })),
      shows: [],
      cites: ['if (answer.status', 'if (wait'],
    };
  },
});

const PAGE_UNKNOWN =
  'If the page or app was restarted in between, nothing is wrong; the data does not show that. Otherwise, read Enabled from the answer and stop recording and sending when it is false.';
