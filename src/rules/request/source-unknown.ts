import { SOURCES } from '../../domain/event-batch.js';
import { bodiesExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { RESERVED_SOURCE } from '../../wire/body.js';
import { defineRule, sourceChecks } from '../define.js';
import { list } from '../words.js';

const OURS = SOURCES.filter((source) => source !== RESERVED_SOURCE);

export const sourceUnknown = defineRule({
  id: 'source-unknown',
  level: 'request',
  severity: 'error',
  title: 'Source is none of the documented five',
  why: 'The portal tells listening apart by Source; the document lists the values there are.',
  mend: 'Use MobileApp for apps, SmartSpeaker for speakers, CustomWeb for web players, Custom for the rest. Letter case counts.',
  reference: 'API-4',
  ...sourceChecks(
    (source) => !(SOURCES as readonly string[]).includes(source),
    `a Source of ${list(OURS, 'or')}`,
  ),
  guide: () => ({
    firesWhen:
      'Source is a string other than the five (of a body; for bare events and CSV rows that carry one: one finding a session)',
    inferred: 'That no other value is taken: the document lists those that are available.',
    broken: bodiesExample(exampleBody(MINUTE, { Source: 'customweb' })),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: [],
  }),
});
