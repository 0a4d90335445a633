import {
  type DiagnosisWatch,
  type Evidence,
  ExampleCounter,
  Overview,
  type SeenSession,
  SessionProfile,
} from '../../src/diagnoses/define.js';
import { count, traitsOf } from '../../src/diagnoses/parts.js';
import { FactTable } from '../../src/diagnoses/session-facts.js';
import { EventBatch } from '../../src/domain/event-batch.js';
import type { RuleId } from '../../src/domain/finding.js';
import type { Listening } from '../../src/domain/listening.js';
import { NO_ORIGIN, Session } from '../../src/domain/session.js';
import { addEvent } from '../../src/wire/event-columns.js';

const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';

/** So many events, Starts and Stops by turns, each so many seconds after the other and further on. */
export function eventsApart(events: number, secondsApart: number): string {
  const each = (i: number) => `${i % 2 ? 'Stop' : 'Start'} ${i * secondsApart} @${i * secondsApart}`;
  return Array.from({ length: events }, (_, i) => each(i)).join(', ');
}

/** The key of the nth session of a test. */
export const keyOf = (n: number) => `a039f83d-1916-436b-a090-${n.toString(16).padStart(12, '0')}`;

export interface Given {
  /** The rules that fired for it. */
  readonly fired?: readonly RuleId[];
  readonly clipHash?: number;
  readonly request?: number;
}

/**
 * The nth session of a test, with the events of `Start 0 @5, Stop 12.5 @17 #4` (Position and Timestamp in seconds, SeqNumber; without
 * one, it is one more than before), as diagnoses see it.
 */
export function seenOf(
  events: string,
  n = 0,
  { fired = [], clipHash = 1, ...given }: Given = {},
): SeenSession {
  const session = sessionOf(events, n, given);
  const profile = new SessionProfile();
  profile.compute(session.listening);
  return { session, fired: new Set(fired), listening: session.listening, profile, clipHash };
}

/** What was listened to in a session with these events. */
export function listeningOf(events: string): Listening {
  return sessionOf(events, 0, {}).listening;
}

function sessionOf(events: string, n: number, { request }: Pick<Given, 'request'>): Session {
  const batch = new EventBatch();
  let SeqNumber = 0;
  for (const event of events.split(', ')) {
    const [, Type, position, timestamp, number] =
      /^(Start|Stop) ([\d.]+) @([\d.]+)(?: #(\d+))?$/.exec(event) ?? [];
    SeqNumber = number === undefined ? SeqNumber + 1 : Number(number);
    const value = {
      OrganizationId: ORGANIZATION,
      ClipId: CLIP,
      SessionId: keyOf(n),
      Type,
      Position: Number(position),
      SeqNumber,
      Timestamp: Number(timestamp),
    };
    addEvent(batch, value, { bare: request === undefined });
  }
  const session = new Session();
  session.begin(NO_ORIGIN, [], request ?? null);
  for (let i = 0; i < batch.count; i += 1) session.add(batch, i);
  session.settle();
  return session;
}

/** A watch that has looked at some sessions, as an input whose other counts are given. */
export class Looked {
  readonly #table = new FactTable();
  readonly #shown = new ExampleCounter();
  readonly #overview = new Overview();

  constructor(private readonly watch: DiagnosisWatch) {}

  look(seen: SeenSession): void {
    if (this.watch.look?.(seen)) this.#shown.add(seen.session.key);
    const traits = traitsOf(seen);
    count(this.#overview, traits);
    this.#table.add(seen, 0, traits, 0);
  }

  end(counts: Partial<Overview> = {}): Evidence | null {
    return this.watch.end({
      overview: Object.assign(new Overview(), this.#overview, counts),
      shown: this.#shown,
      facts: this.#table.inTime(),
      has: () => true,
      whole: true,
    });
  }
}
