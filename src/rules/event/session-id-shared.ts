import { guidKey, isGuid } from '../../domain/guid.js';
import { defineRule } from '../define.js';
import { pointerTo } from '../pointer.js';

export const sessionIdShared = defineRule({
  id: 'session-id-shared',
  level: 'event',
  severity: 'error',
  title: 'SessionId is the clip’s or the organization’s id',
  why: 'A SessionId is one play of one clip, globally unique: all listeners of the clip would be one session.',
  mend: 'Make a SessionId with crypto.randomUUID() each time playback of a clip begins.',
  reference: 'API-9',
  check({ fields }, report) {
    const id = fields?.SessionId;
    if (!fields || !isGuid(id)) return;
    const other = (['ClipId', 'OrganizationId'] as const).find((field) => {
      const value = fields[field];
      return isGuid(value) && guidKey(value) === guidKey(id);
    });
    if (other) {
      report({
        pointer: pointerTo('SessionId'),
        expected: 'a SessionId of its own',
        received: `the ${other} ${id}`,
      });
    }
  },
});
