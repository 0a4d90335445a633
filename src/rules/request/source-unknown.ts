import { SOURCES } from '../../domain/event-batch.js';
import { RESERVED_SOURCE } from '../../wire/body.js';
import { defineRule } from '../define.js';
import { list } from '../words.js';
import { sourceChecks } from './source.js';

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
});
