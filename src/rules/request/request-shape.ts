import { bodiesExample, exampleBody, MINUTE } from '../../guide/guide.js';
import { BODY_PROPERTIES, PROPERTY_DOCUMENTED } from '../../wire/body.js';
import { jsonType } from '../../wire/json.js';
import { defineRule } from '../define.js';
import { columnLike, nearProperty, pointerTo, shown } from '../words.js';

const ARTICLE = { string: 'a string', array: 'an array', boolean: 'a boolean' } as const;

const ROW_OF_TABLE =
  'If each object is a row of an export, say what a row is: add --shape sessions (one listening session), --shape intervals (one interval of a session) or --shape events (one Start or Stop). A player must write {"Source": "CustomWeb", "Events": [...], "Completed": true}.';

export const requestShape = defineRule({
  id: 'request-shape',
  level: 'request',
  severity: 'error',
  title: 'Source, Events or Completed is missing or has another JSON type',
  why: 'The document names three body properties with their types; a body without them is not the documented request.',
  mend: 'Build the body as {"Source": "CustomWeb", "Events": [...], "Completed": true}.',
  reference: 'API-3',
  check({ value, body, exchange }, report) {
    if (!body) {
      report({ pointer: '', expected: 'a body that is a JSON object', received: shown(value) });
      return;
    }
    const mayBeRow = exchange === null && !BODY_PROPERTIES.some((name) => columnLike(body, name));
    for (const property of BODY_PROPERTIES) {
      const wanted = `${property}, ${ARTICLE[PROPERTY_DOCUMENTED[property]]},`;
      if (!Object.hasOwn(body, property)) {
        const near = nearProperty(body, property);
        report({
          pointer: '',
          expected: `${wanted} in the body`,
          received: 'a body without it',
          ...(mayBeRow && { hint: ROW_OF_TABLE }),
          ...(near && {
            hint: `The body has "${near}": property names are case-sensitive, write "${property}".`,
          }),
        });
      } else if (jsonType(body[property]) !== PROPERTY_DOCUMENTED[property]) {
        report({
          pointer: pointerTo(property),
          expected: `${property} to be ${ARTICLE[PROPERTY_DOCUMENTED[property]]}`,
          received: shown(body[property]),
        });
      }
    }
  },
  guide: () => ({
    firesWhen:
      'the body is not an object, or Source, Events or Completed is missing or of another JSON type (one finding per property)',
    inferred: null,
    broken: bodiesExample({ Events: MINUTE, Completed: true }),
    fixed: bodiesExample(exampleBody(MINUTE)),
    shows: [],
    cites: ['const json = `{'],
  }),
});
