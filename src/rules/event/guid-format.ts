import { readGuidCell } from '../../domain/guid.js';
import { changeAll, eventsExample, MINUTE, SESSION } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo, shown } from '../words.js';

const FIXED_HINT =
  'omny-consume convert --fix writes it as 8-4-4-4-12 hexadecimal digits. A player must write ids like this; crypto.randomUUID() does.';

export const guidFormat = defineRule({
  id: 'guid-format',
  level: 'event',
  sees: 'json',
  severity: 'error',
  title: 'An id is not a GUID',
  why: 'The three ids are GUIDs. Any other text identifies no organization, clip or session.',
  mend: 'Write ids as 8-4-4-4-12 hexadecimal digits without braces: SessionId from crypto.randomUUID(), the other two as Omny Studio shows them.',
  reference: 'API-8',
  check({ faults }, report) {
    for (const { kind, field, value } of faults) {
      if (kind !== 'guid') continue;
      report({
        pointer: pointerTo(field),
        expected: `${field} to be a GUID (8-4-4-4-12 hexadecimal)`,
        received: shown(value),
        ...(readGuidCell(String(value)) !== undefined && { hint: FIXED_HINT }),
      });
    }
  },
  guide: () => ({
    firesWhen: 'an id is a string, but does not have the form of 8-4-4-4-12 hexadecimal digits',
    inferred: 'That GUIDs are written with dashes and without braces, as in the document’s example.',
    broken: eventsExample(changeAll(MINUTE, () => ({ SessionId: SESSION.replaceAll('-', '') }))),
    fixed: eventsExample(MINUTE),
    shows: ['SessionId', 'Type', 'Position'],
    cites: ['const SessionId'],
  }),
});
