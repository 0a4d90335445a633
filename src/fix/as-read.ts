import { EVENT_FLAG, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { Session } from '../domain/session.js';
import { sessionKeyOf } from '../wire/event-columns.js';

/** The columns of one number an event that are the same before and after an event is respelled. */
const COLUMNS = [
  'flags',
  'positions',
  'seqNumbers',
  'timestamps',
  'sources',
  'lines',
  'columns',
  'elements',
  'inputNumbers',
] as const;

/** Whether an event of a session is one that was respelled when it was read. */
export function hasRespelled(session: Session): boolean {
  for (let i = 0; i < session.count; i += 1) if (isRespelled(session, i)) return true;
  return false;
}

/**
 * A session as it was read, before its events were respelled. One value at a time is read from where they are kept, however large the session.
 * @returns First the events that had no usable SessionId then, each as a session of one, then the session; each holds until the next.
 */
export function* asRead(
  session: Session,
): Generator<
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'stray'; readonly event: Session }
> {
  const whole = begun(session);
  const stray = begun(session);
  for (let i = 0; i < session.count; i += 1) {
    const respelled = isRespelled(session, i);
    if (respelled && sessionKeyOf(session.raw(i).original) === null) {
      stray.count = 0;
      put(session, i, stray, respelled);
      stray.settle();
      yield { kind: 'stray', event: stray };
    } else put(session, i, whole, respelled);
  }
  whole.mixed = session.mixed;
  whole.clipDuration = session.clipDuration;
  whole.settle();
  if (whole.count > 0) yield { kind: 'session', session: whole };
}

function isRespelled(session: Session, i: number): boolean {
  return session.isRaw(i) && session.raw(i).original !== undefined;
}

/** A session without events, whose values are those of another before they were respelled. */
function begun(of: Session): Session {
  const session = new Session();
  const origin = {
    raw: (i: number) => {
      const { value, original } = of.raw(i);
      return { value: original ?? value };
    },
    locate: (i: number) => of.placeOf(i),
    pointer: (i: number) => of.placeOf(i).pointer,
  };
  session.begin(origin, of.inputs, of.request, of.requestSource);
  return session;
}

function put(from: Session, i: number, to: Session, respelled: boolean): void {
  const at = to.push();
  for (const name of COLUMNS) to[name][at] = from[name][i]!;
  to.ids.set(from.ids.subarray(i * WORDS_PER_EVENT, (i + 1) * WORDS_PER_EVENT), at * WORDS_PER_EVENT);
  to.rows[at] = i;
  // Its number was given already.
  to.flags[at]! &= ~EVENT_FLAG.unnumbered;
  // Columns hold what it was respelled to: it is written from its value.
  if (respelled) to.flags[at]! |= EVENT_FLAG.invalid;
}
