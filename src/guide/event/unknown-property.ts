import { body, changed, MINUTE, requests } from '../data.js';
import type { RuleGuide } from '../define.js';

export const unknownProperty: RuleGuide = {
  firesWhen:
    'a body or an event has a property that the document does not define (Source in a bare event is ours, no finding), unless it differs only in case from one that is absent: then the finding of that one names it',
  inferred: 'That further properties are of no use; what happens to them is not documented.',
  broken: requests(body(changed(MINUTE, 1, { Duration: 1312 }))),
  mended: requests(body(MINUTE)),
  shows: ['Type', 'Position', 'SeqNumber'],
};
