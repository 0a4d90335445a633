import { guidKey } from '../../domain/guid.js';
import { toMs } from '../../domain/listening.js';
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
  check({ session, listening: { kept } }, report, { clipDurations }) {
    const [first] = kept;
    if (!first) return;
    const duration = clipDurations.get(guidKey(first.event.sound.clipId)) ?? session.clipDuration;
    if (duration === undefined) return;
    const farthest = kept.reduce((far, next) => (next.positionMs > far.positionMs ? next : far), first);
    if (farthest.positionMs - toMs(duration) > TOLERANCE_MS) {
      report({
        at: farthest.event,
        expected: `a Position of at most ${duration} s, the clip’s duration`,
        received: secs(farthest.positionMs),
      });
    }
  },
});
