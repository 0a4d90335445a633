import { bodiesExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { RESERVED_SOURCE } from '../../wire/body.js';
import { defineRule, sourceChecks } from '../define.js';

export const sourceReserved = defineRule({
  id: 'source-reserved',
  level: 'request',
  severity: 'warning',
  title: 'Source is Web, which Omny’s own players use',
  why: 'The document gives Web to the Omny embed player and the Omny.fm site: a custom player’s numbers would mix with theirs.',
  mend: 'A custom web player sends CustomWeb, an app MobileApp, a speaker SmartSpeaker, anything else Custom.',
  reference: 'API-4',
  ...sourceChecks((source) => source === RESERVED_SOURCE, 'a Source for custom players'),
  guide: () => ({
    firesWhen:
      'Source is Web (of a body; for bare events and CSV rows that carry one: one finding a session)',
    inferred:
      'That it does harm. The document’s own cURL example passes Web, as Omny’s own player does: a player that copies the example gets this warning.',
    broken: bodiesExample(exampleBody(MINUTE, { Source: 'Web' })),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: [],
  }),
});
