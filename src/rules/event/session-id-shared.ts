import {
  ABSENT_FLAG,
  ID_FIELDS,
  ID_WORDS,
  type IdName,
  WORDS_PER_EVENT,
  writtenId,
} from '../../domain/event-batch.js';
import { sameGuid } from '../../domain/guid.js';
import { CLIP, changeAll, eventsExample, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo } from '../words.js';

export const sessionIdShared = defineRule({
  id: 'session-id-shared',
  level: 'event',
  sees: 'columns',
  severity: 'error',
  title: 'SessionId is the clip’s or the organization’s id',
  why: 'A SessionId identifies one play of one clip. With this id, all listeners of the clip would be one session.',
  mend: 'Make a SessionId with crypto.randomUUID() each time playback of a clip starts.',
  reference: 'API-9',
  check(events, from, to, report) {
    const { ids, flags } = events;
    for (let i = from; i < to; i += 1) {
      const at = i * WORDS_PER_EVENT;
      const session = at + ID_WORDS.session;
      const clip = sameGuid(ids, session, ids, at + ID_WORDS.clip);
      if (!clip && !sameGuid(ids, session, ids, at + ID_WORDS.organization)) continue;
      const other = OTHERS.find(
        (name) =>
          (flags[i]! & (ABSENT_FLAG[name] | ABSENT_FLAG.session)) === 0 &&
          sameGuid(ids, session, ids, at + ID_WORDS[name]),
      );
      if (!other) continue;
      report(i, pointerTo(ID_FIELDS.session), () => ({
        expected: 'a new SessionId for each play',
        received: `the ${ID_FIELDS[other]} ${writtenId(events, i, 'session')}`,
      }));
    }
  },
  guide: () => ({
    firesWhen: 'SessionId equals the event’s ClipId or OrganizationId',
    inferred: null,
    broken: eventsExample(changeAll(MINUTE, () => ({ SessionId: CLIP }))),
    fixed: eventsExample(MINUTE),
    shows: ['ClipId', 'SessionId', 'Type'],
    cites: ['if (moves && !note)'],
  }),
});

const OTHERS = ['clip', 'organization'] as const satisfies readonly IdName[];
