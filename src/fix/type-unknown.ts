import { EVENT_TYPES } from '../wire/event.js';
import { defineMend } from './define.js';

/** Types in another letter case. */
export const typeUnknown = defineMend({
  rule: 'type-unknown',
  spell(event) {
    const { Type: before } = event;
    if (typeof before !== 'string') return null;
    const after = EVENT_TYPES.find((type) => type.toLowerCase() === before.toLowerCase());
    if (after === undefined || after === before) return null;
    return {
      event: { ...event, Type: after },
      changes: [{ rule: 'type-unknown', what: 'Type respelled', before, after }],
    };
  },
});
