import { type Clock, systemClock } from '../../domain/clock.js';
import {
  batchesDue,
  type Due,
  type Pace,
  type Plan,
  planOf,
  schedule,
  scheduledSeconds,
} from '../../send/plan.js';
import {
  choose,
  noCounts,
  type PendingSession,
  pendingSession,
  type SelectionCounts,
  type SelectionSettings,
} from '../../send/selection.js';
import type { PreparedSessions } from '../../send/session-classifier.js';
import { type Batch, type BatchSettings, batchesInMemory } from '../../write/batches.js';

type Batches = Batch<PendingSession>;
type Planned = Iterable<Batches> | AsyncIterable<Batches>;

export interface LoadSettings {
  readonly selection: SelectionSettings;
  /** How many sessions are left out because they are already delivered. */
  readonly alreadyDelivered: number;
  readonly batches: BatchSettings;
  readonly rate: number | undefined;
  /** Null to send as fast as possible. */
  readonly pace: Pace | null;
  /** Called and awaited for each batch or session while planning. If it throws, planning ends. */
  readonly between: () => Promise<void>;
}

/** The sessions to send, and when. */
export interface Load {
  readonly plan: Plan;
  readonly counts: SelectionCounts;
  /** The batches, without delays. */
  all(): Planned;
  /** The batches, each at its time. */
  due(signal: AbortSignal, clock?: Clock): Planned;
}

/** Plans which of an input's sessions to send. Uses no network. */
export async function loadOf(sessions: PreparedSessions, settings: LoadSettings): Promise<Load> {
  const { selection, rate, pace } = settings;
  const counts = noCounts(settings.alreadyDelivered);
  const plan = (planned: Planned): Promise<Plan> => planOf(interrupted(planned, settings.between), rate);
  if (pace === null) {
    const chosen = new Chosen();
    const planned = await plan(
      batchesInMemory(
        chosen.noted(sessions, (session) => choose(session, selection, counts)),
        settings.batches,
      ),
    );
    // Planning chose the sessions, so this pass does not look them up in the ledger again.
    const again = (): Planned =>
      batchesInMemory(
        chosen.of(sessions, (session) => pendingSession(session, selection)),
        settings.batches,
      );
    return { plan: planned, counts, all: again, due: again };
  }
  const paced = await pacedLoad(sessions, settings, pace, counts);
  const planned = await plan(batchesDue(paced(), settings.batches));
  const seconds = Math.max(planned.seconds ?? 0, scheduledSeconds(paced()));
  return {
    plan: { ...planned, seconds },
    counts,
    all: () => batchesDue(paced(), settings.batches),
    due: (signal, clock = systemClock) => batchesDue(paced(), settings.batches, { clock, signal }),
  };
}

/**
 * The sessions and when to send each. Keeps only an address and an end time per session in memory, and reads a session
 * when it is due.
 */
async function pacedLoad(
  sessions: PreparedSessions,
  { selection, between }: LoadSettings,
  pace: Pace,
  counts: SelectionCounts,
): Promise<() => Generator<Due<PendingSession>>> {
  const addresses: number[] = [];
  const ends: number[] = [];
  for (const [address, session] of sessions.addressed()) {
    await between();
    if (!choose(session, selection, counts)) continue;
    addresses.push(address);
    ends.push(session.endedAt ?? Number.NEGATIVE_INFINITY);
  }
  const inOrder = Uint32Array.from(addresses.keys()).toSorted((a, b) => byTime(ends[a]!, ends[b]!));
  const endOf = (i: number) => (Number.isFinite(ends[i]) ? ends[i]! : null);
  return function* () {
    for (const { atMs, sessions: its } of schedule(inOrder, endOf, pace)) {
      yield { atMs, sessions: its.map((i) => pendingSession(sessions.at(addresses[i]!), selection)) };
    }
  };
}

/** Compares two times. Does not subtract them: the difference of infinite times is not a number. */
function byTime(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}

/** A set of chosen sessions by their index in the input, one bit each. */
class Chosen {
  #bits = new Uint8Array(1024);
  #last = -1;

  /** Yields the sessions that `pick` chooses, and remembers their indexes. */
  *noted<S, T>(sessions: Iterable<S>, pick: (session: S) => T | null): Generator<T> {
    let at = 0;
    for (const session of sessions) {
      const picked = pick(session);
      if (picked !== null) {
        this.#add(at);
        yield picked;
      }
      at += 1;
    }
  }

  /** Yields the chosen sessions. Stops reading after the last chosen session. */
  *of<S, T>(sessions: Iterable<S>, made: (session: S) => T): Generator<T> {
    let at = 0;
    if (this.#last < 0) return;
    for (const session of sessions) {
      if ((this.#bits[at >> 3]! >> (at & 7)) & 1) yield made(session);
      if (at === this.#last) return;
      at += 1;
    }
  }

  #add(at: number): void {
    if (at >> 3 >= this.#bits.length) {
      const larger = new Uint8Array(2 * (at >> 3));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    this.#bits[at >> 3]! |= 1 << (at & 7);
    this.#last = at;
  }
}

async function* interrupted(planned: Planned, between: () => Promise<void>): AsyncGenerator<Batches> {
  for await (const batch of planned) {
    await between();
    yield batch;
  }
}
