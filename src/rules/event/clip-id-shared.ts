import { ABSENT_FLAG, ID_FIELDS, ID_WORDS, WORDS_PER_EVENT, writtenId } from '../../domain/event-batch.js';
import { sameGuid } from '../../domain/guid.js';
import { changeAll, eventsExample, MINUTE, ORGANIZATION } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo } from '../words.js';

const EITHER_ABSENT = ABSENT_FLAG.clip | ABSENT_FLAG.organization;

export const clipIdShared = defineRule({
  id: 'clip-id-shared',
  level: 'event',
  sees: 'columns',
  severity: 'error',
  title: 'ClipId is the organization’s id',
  why: 'GUIDs are unique, so a clip and an organization cannot have the same one. Listening with the wrong ClipId belongs to no clip.',
  mend: 'Write the id of the clip as ClipId. In a table, check which columns hold the two ids.',
  reference: 'API-8',
  check(events, from, to, report) {
    const { ids, flags } = events;
    for (let i = from; i < to; i += 1) {
      const at = i * WORDS_PER_EVENT;
      if (!sameGuid(ids, at + ID_WORDS.clip, ids, at + ID_WORDS.organization)) continue;
      if ((flags[i]! & EITHER_ABSENT) !== 0) continue;
      report(i, pointerTo(ID_FIELDS.clip), () => ({
        expected: 'the GUID of the clip',
        received: `the OrganizationId ${writtenId(events, i, 'clip')}`,
      }));
    }
  },
  guide: () => ({
    firesWhen: 'ClipId equals the event’s OrganizationId',
    inferred: null,
    broken: eventsExample(changeAll(MINUTE, () => ({ ClipId: ORGANIZATION }))),
    fixed: eventsExample(MINUTE),
    shows: ['OrganizationId', 'ClipId', 'Type'],
    cites: ['if (moves && !note)'],
  }),
});
