import { changeOne, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { FIELD_DOCUMENTED } from '../../wire/event.js';
import { defineRule } from '../define.js';
import { columnLike, ROWS_OR_FIX } from '../words.js';

export const missingField = defineRule({
  id: 'missing-field',
  level: 'event',
  sees: 'json',
  severity: 'error',
  title: 'One of the seven fields is absent',
  why: 'All seven fields are required; without one, it is unknown what was heard, when or where.',
  mend: 'Send all seven fields with every event; JSON.stringify leaves out values that are undefined.',
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
            ? `The event has "${near}". ${ROWS_OR_FIX} renames it. A player must write "${field}".`
            : `The event has "${near}": write "${field}", names must match exactly.`,
        }),
      });
    }
  },
  guide: () => ({
    firesWhen: 'one of the seven fields is absent (one finding per field)',
    inferred: 'That all seven are required: the document’s model marks none as optional.',
    broken: eventsExample(changeOne(MINUTE, 1, { Position: undefined })),
    ...FIXED_AS_MINUTE,
    cites: ['const emit'],
  }),
});
