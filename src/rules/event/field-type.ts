import { changeOne, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { type EventField, FIELD_DOCUMENTED } from '../../wire/event.js';
import { defineRule } from '../define.js';
import { pointerTo, ROWS_OR_FIX, shown } from '../words.js';

const ROWS_HINT =
  'To read rows of a database unchanged, add --shape events. A player must write numbers without quotes.';
const FIXED_HINT = `${ROWS_OR_FIX} turns it into a number. A player must write numbers without quotes.`;

/** Whether a text is a number or a time as databases write them. */
function isCellText(value: unknown): boolean {
  return typeof value === 'string' && /^-?\d[\d.:TZUCGM +-]*$/i.test(value);
}

/**
 * Whether the meaning of the text is certain: a number with all its digits, or for Timestamp a time with an offset.
 */
function isFixed(field: EventField, value: unknown): boolean {
  const text = String(value).trim();
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return text.replace(/\D/g, '').length <= 15;
  return field === 'Timestamp' && /:\d\d(?:\.\d+)? ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$/i.test(text);
}

export const fieldType = defineRule({
  id: 'field-type',
  level: 'event',
  sees: 'json',
  severity: 'error',
  title: 'A field has another JSON type than documented',
  why: 'The document gives each field its JSON type; a number in quotes or a null is not what it describes.',
  mend: 'Ids and Type are strings; Position, SeqNumber and Timestamp are numbers, without quotes. Look for a value that is not known yet when the event is made.',
  reference: 'API-8..13',
  check({ value, fields, faults, bare }, report) {
    if (!fields) {
      report({ pointer: '', expected: 'an event that is a JSON object', received: shown(value) });
      return;
    }
    for (const { kind, field, value: found } of faults) {
      if (kind !== 'type') continue;
      const { type, reference } = FIELD_DOCUMENTED[field];
      report({
        pointer: pointerTo(field),
        expected: `${field} to be a ${type}`,
        received: shown(found),
        reference,
        ...(bare && isCellText(found) && { hint: isFixed(field, found) ? FIXED_HINT : ROWS_HINT }),
      });
    }
    if (
      bare &&
      Object.hasOwn(fields, 'Source') &&
      fields.Source !== null &&
      typeof fields.Source !== 'string'
    ) {
      report({
        pointer: pointerTo('Source'),
        expected: 'Source to be a string',
        received: shown(fields.Source),
        reference: 'API-4',
      });
    }
  },
  guide: () => ({
    firesWhen:
      'a field has another JSON type than documented ("4.5", null), or the event itself is not an object',
    inferred: null,
    broken: eventsExample(changeOne(MINUTE, 1, { Position: '61.25' })),
    ...FIXED_AS_MINUTE,
    cites: ['const emit'],
  }),
});
