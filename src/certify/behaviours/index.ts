import type { Behaviour, BehaviourId } from '../define.js';
import { aBA } from './a-b-a.js';
import { background } from './background.js';
import { lateDelivery } from './late-delivery.js';
import { leavePage } from './leave-page.js';
import { longPause } from './long-pause.js';
import { nextClip } from './next-clip.js';
import { pause } from './pause.js';
import { playToEnd } from './play-to-end.js';
import { recoverAfterKill } from './recover-after-kill.js';
import { replay } from './replay.js';
import { retryAfter503 } from './retry-after-503.js';
import { seekBack } from './seek-back.js';
import { seekForward } from './seek-forward.js';
import { seekWhilePaused } from './seek-while-paused.js';
import { severalSessionsInARequest } from './several-sessions-in-a-request.js';
import { speed } from './speed.js';
import { stall } from './stall.js';
import { stopWhenDisabled } from './stop-when-disabled.js';

/** Every behaviour by its id, in the order of the sheet. */
export const BEHAVIOURS: Readonly<Record<BehaviourId, Behaviour>> = {
  'play-to-end': playToEnd,
  pause,
  'long-pause': longPause,
  'seek-forward': seekForward,
  'seek-back': seekBack,
  'seek-while-paused': seekWhilePaused,
  speed,
  stall,
  replay,
  'next-clip': nextClip,
  'a-b-a': aBA,
  background,
  'leave-page': leavePage,
  'recover-after-kill': recoverAfterKill,
  'late-delivery': lateDelivery,
  'retry-after-503': retryAfter503,
  'stop-when-disabled': stopWhenDisabled,
  'several-sessions-in-a-request': severalSessionsInARequest,
};
