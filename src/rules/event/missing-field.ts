import { changeOne, eventsExample, FIXED_AS_MINUTE, MINUTE, NOTE } from '../../guide/guide.js';
import { FIELD_DOCUMENTED } from '../../wire/event.js';
import { defineRule } from '../define.js';
import { columnLike, ROWS_OR_FIX } from '../words.js';

export const missingField = defineRule({
  id: 'missing-field',
  level: 'event',
  sees: 'json',
  severity: 'error',
  title: 'One of the seven fields is absent',
  why: 'All seven fields are required; an event without one says less than what was heard, when or where.',
  mend: 'Send all seven fields with every event; a value that is undefined in JavaScript is left out by JSON.stringify.',
  reference: 'API-8..13',
  check({ fields, faults, bare }, report) {
    for (const { kind, field } of faults) {
      if (kind !== 'missing') continue;
      const near = fields ? columnLike(fields, field) : undefined;
      report({
        pointer: '',
        expected: `${field}, a ${FIELD_DOCUMENTED[field].type}`,
        received: 'an event without it',
        reference: FIELD_DOCUMENTED[field].reference,
        ...(near && {
          hint: bare
            ? `The event has "${near}". ${ROWS_OR_FIX} renames it. A player has to write "${field}".`
            : `The event has "${near}": write "${field}", names must match to the letter.`,
        }),
      });
    }
  },
  guide: () => ({
    firesWhen: 'one of the seven fields is absent (one finding a field)',
    inferred: 'That all seven are required: the document’s model marks none as optional.',
    broken: eventsExample(changeOne(MINUTE, 1, { Position: undefined })),
    ...FIXED_AS_MINUTE,
    code: NOTE,
  }),
});
