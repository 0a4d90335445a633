import { CLIP, ORGANIZATION } from '../data.js';
import type { Example, RuleGuide } from '../define.js';

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

export const positionBeyondClip: RuleGuide = {
  firesWhen:
    'the clip’s duration is known (--clips, a CSV column) and a Position is more than 1 s past it (one finding a session, the farthest)',
  inferred: 'That nothing lies past the end; the second of tolerance.',
  broken: rowThatEndsAt(1371.5),
  mended: rowThatEndsAt(1312),
  shows: [],
};
