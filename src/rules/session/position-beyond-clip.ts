import { ID_WORDS } from '../../domain/event-batch.js';
import { toMs } from '../../domain/listening.js';
import { readGuid } from '../../domain/guid-words.js';
import { defineRule } from '../define.js';
import { secs } from '../words.js';

const TOLERANCE_MS = 1000;

export const positionBeyondClip = defineRule({
  id: 'position-beyond-clip',
  level: 'session',
  needs: 'order',
  severity: 'warning',
  title: 'A Position lies past the end of the clip',
  why: 'Position is a place on the clip’s timeline; past its end there is none. Ads put in while streaming shift the timeline.',
  mend: 'Report the position in the clip as Omny knows it, without what the player puts around it, and reset it for the next clip.',
  reference: 'API-11',
  check(session, report, { clipDurations }) {
    if (clipDurations.size === 0 && session.clipDuration === undefined) return;
    const { keptCount, kept, positionsMs } = session.listening;
    if (keptCount === 0) return;
    const duration = clipDurations.get(readGuid(session.ids, ID_WORDS.clip)) ?? session.clipDuration;
    if (duration === undefined) return;
    let farthest = 0;
    for (let n = 1; n < keptCount; n += 1) if (positionsMs[n]! > positionsMs[farthest]!) farthest = n;
    const positionMs = positionsMs[farthest]!;
    if (positionMs - toMs(duration) <= TOLERANCE_MS) return;
    report(kept[farthest]!, () => ({
      expected: `a Position of at most ${duration} s, the clip’s duration`,
      received: secs(positionMs),
    }));
  },
});
