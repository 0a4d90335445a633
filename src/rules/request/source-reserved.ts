import { bodiesExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { RESERVED_SOURCE } from '../../wire/body.js';
import { defineRule, sourceChecks } from '../define.js';

export const sourceReserved = defineRule({
  id: 'source-reserved',
  level: 'request',
  severity: 'warning',
  title: 'Source is Web, which Omny’s own players use',
  why: 'The document says that the Omny embed player and the Omny.fm site use Web. The numbers of a custom player would be mixed with theirs.',
  mend: 'A custom web player sends CustomWeb, an app MobileApp, a speaker SmartSpeaker, anything else Custom.',
  reference: 'API-4',
  ...sourceChecks((source) => source === RESERVED_SOURCE, 'a Source for custom players'),
  guide: () => ({
    firesWhen: 'Source is Web. In bare events and rows: one finding per session',
    inferred:
      'That it does harm. The document’s cURL example uses Web, so a player that copies the example gets this warning.',
    broken: bodiesExample(exampleBody(MINUTE, { Source: 'Web' })),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: [],
  }),
});
