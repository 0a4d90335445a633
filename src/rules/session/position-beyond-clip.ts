import { toMs } from '../../domain/listening.js';
import { CLIP, type Example, ORGANIZATION } from '../../guide/guide.js';
import { clipDurationOf, defineRule } from '../define.js';
import { secs } from '../words.js';

const TOLERANCE_MS = 1000;

export const positionBeyondClip = defineRule({
  id: 'position-beyond-clip',
  level: 'session',
  needs: 'order',
  severity: 'warning',
  title: 'A Position is past the end of the clip',
  why: 'Position is a place on the clip’s timeline; nothing is past its end. Ads inserted while streaming shift the timeline.',
  mend: 'Report the position in the clip itself, without ads that the player inserts, and reset it for the next clip.',
  reference: 'API-11',
  check(session, report, settings) {
    const duration = clipDurationOf(session, settings);
    const { keptCount, kept, positionsMs } = session.listening;
    if (keptCount === 0 || Number.isNaN(duration)) return;
    let farthest = 0;
    for (let n = 1; n < keptCount; n += 1) if (positionsMs[n]! > positionsMs[farthest]!) farthest = n;
    const positionMs = positionsMs[farthest]!;
    if (positionMs - toMs(duration) <= TOLERANCE_MS) return;
    report(kept[farthest]!, () => ({
      expected: `a Position of at most ${duration} s, the clip’s duration`,
      received: secs(positionMs),
    }));
  },
  guide: () => {
    function rowThatEndsAt(position: number): Example {
      const rest = `2025-11-04T04:01:11Z,600-${position},1312\n`;
      const head = 'OrganizationId,ClipId,StartedAt,Segments,ClipDuration\n';
      return {
        kind: 'text',
        format: 'csv',
        text: `${head}${ORGANIZATION},${CLIP},${rest}`,
        shown: `${head}${ORGANIZATION.slice(0, 8)}-…,${CLIP.slice(0, 8)}-…,${rest}`,
      };
    }
    return {
      firesWhen:
        'a Position is more than 1 s after the end of the clip. The duration must be known (--clips, or a column). One finding per session, at the farthest Position',
      inferred: 'That nothing is past the end; the tolerance of 1 s.',
      broken: rowThatEndsAt(1371.5),
      fixed: rowThatEndsAt(1312),
      shows: [],
    };
  },
});
