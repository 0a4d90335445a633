import { listen } from '../domain/listening.js';
import { isSound } from '../domain/session.js';
import { toWire } from '../wire/event.js';
import { defineMend } from './define.js';

/**
 * Sessions that end with a Start, where they are to be closed: a Stop at that Start's position and time, which are all that is known. It adds
 * nothing to what was heard.
 */
export const sessionOpen = defineMend({
  rule: 'session-open',
  mend({ events, fired, session }, { closeOpen }) {
    if (!closeOpen || !fired.has('session-open') || !isSound(session)) return null;
    const last = listen(session.events).kept.at(-1)?.event;
    if (!last) return null;
    const { place, source } = last;
    const SeqNumber = (session.events.at(-1)?.sound.seqNumber ?? 0) + 1;
    const bare = session.request === null && source !== undefined;
    const fields = { ...toWire(last.sound), Type: 'Stop', SeqNumber, ...(bare && { Source: source }) };
    const { sessionId } = last.sound;
    return {
      events: [...events, { fields, place }],
      changes: [{ rule: 'session-open', what: 'Stop added', place, sessionId, before: null, after: fields }],
    };
  },
});
