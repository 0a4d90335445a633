import { EVENT_FIELDS } from '../wire/event.js';
import { defineMend } from './define.js';
import { rename } from './rename.js';

/** Field names in another letter case. */
export const missingField = defineMend({
  rule: 'missing-field',
  spell(event) {
    const renamed = rename(event, EVENT_FIELDS, 'missing-field', 'field renamed');
    return renamed && { event: renamed.object, changes: renamed.changes };
  },
});
