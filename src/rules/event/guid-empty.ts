import { ABSENT_FLAG, ID_FIELDS, ID_WORDS, type IdName, WORDS_PER_EVENT } from '../../domain/event-batch.js';
import { EMPTY_GUID, isEmptyWords } from '../../domain/guid.js';
import { changeAll, eventsExample, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo } from '../words.js';

export const guidEmpty = defineRule({
  id: 'guid-empty',
  level: 'event',
  sees: 'columns',
  severity: 'error',
  title: 'An id is all zeros',
  why: 'A GUID of zeros usually means that the id was never set. It identifies nothing.',
  mend: 'Make events only once the clip and its organization are known, and make the SessionId when playback starts.',
  reference: 'API-8',
  check({ ids, flags }, from, to, report) {
    for (let i = from; i < to; i += 1) {
      const at = i * WORDS_PER_EVENT;
      if (!isEmptyWords(ids, at) && !isEmptyWords(ids, at + 4) && !isEmptyWords(ids, at + 8)) continue;
      for (const name of NAMES) {
        if (!isEmptyWords(ids, at + ID_WORDS[name]) || (flags[i]! & ABSENT_FLAG[name]) !== 0) continue;
        report(i, pointerTo(ID_FIELDS[name]), () => ({
          expected: `${ID_FIELDS[name]} to be a real id`,
          received: EMPTY_GUID,
        }));
      }
    }
  },
  guide: () => ({
    firesWhen: 'an id is all zeros',
    inferred: 'That a GUID of zeros identifies nothing: the document does not mention it.',
    broken: eventsExample(changeAll(MINUTE, () => ({ ClipId: EMPTY_GUID }))),
    fixed: eventsExample(MINUTE),
    shows: ['ClipId', 'Type', 'Position'],
  }),
});

const NAMES = ['organization', 'clip', 'session'] as const satisfies readonly IdName[];
