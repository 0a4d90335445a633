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
  title: 'Source is not one of the five documented values',
  why: 'The portal separates listening by Source, and the document lists its values.',
  mend: 'Use MobileApp for apps, SmartSpeaker for speakers, CustomWeb for web players, Custom for the rest. Case matters.',
  reference: 'API-4',
  ...sourceChecks(
    (source) => !(SOURCES as readonly string[]).includes(source),
    `a Source of ${list(OURS, 'or')}`,
  ),
  guide: () => ({
    firesWhen:
      'Source is a string, but not one of the five documented values. In bare events and rows: one finding per session',
    inferred: 'That no other value is accepted: the document lists the available ones.',
    broken: bodiesExample(exampleBody(MINUTE, { Source: 'customweb' })),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: [],
  }),
});
