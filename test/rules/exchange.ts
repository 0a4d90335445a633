import fc from 'fast-check';
import type { Exchange } from '../../src/domain/record.js';
import { NOW, ORGANIZATIONS, PAST } from './listening.js';
import { ZEROS } from './naive-json.js';

const pick = fc.constantFrom;

/** How a request went over the wire. */
export const exchange: fc.Arbitrary<Exchange> = fc
  .record({
    host: fc.constant('traffic.omny.fm'),
    path: pick(
      '/api/consumption/events',
      '/api/consumption/events',
      '/api/consumption/events',
      '/api/consumption/events',
      '/api/consumption/events/',
      '/API/Consumption/events',
    ),
    organizationParameter: fc.oneof(
      { weight: 6, arbitrary: pick(ORGANIZATIONS[0]!, ORGANIZATIONS[0]!.toUpperCase()) },
      { weight: 1, arbitrary: pick(ORGANIZATIONS[1]!, ZEROS, '', null) },
    ),
    mediaType: pick('application/json', 'application/json', 'application/json', 'text/plain', null),
    beganAt: pick(
      PAST + 300,
      PAST + 900,
      NOW,
      NOW + 0.04,
      NOW + 0.5,
      NOW + 1.039,
      NOW + 1.04,
      NOW + 1.5,
      NOW + 60,
      null,
    ),
    fromMock: pick(true, false),
    page: pick('page_1', 'page_1', 'page_1', 'page_1', 'page_2', null),
    store: fc.constant(null),
    answer: fc.option(
      fc.record({
        after: pick(0, 0.04, 0.04, 0.5, null),
        enabled: pick(true, true, false, false, false, null),
      }),
      { freq: 12 },
    ),
  })
  .map(({ answer, ...rest }) => {
    const { beganAt } = rest;
    if (!answer) return { ...rest, answer: null };
    const at = beganAt === null || answer.after === null ? null : beganAt + answer.after;
    return { ...rest, answer: { at, enabled: answer.enabled } };
  });
