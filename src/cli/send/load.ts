import { type Clock, systemClock } from '../../send/clock.js';
import type { Outgoing } from '../../send/outgoing.js';
import { batchesDue, type Due, type Pace, schedule, scheduledSeconds } from '../../send/paced.js';
import { type Plan, planOf } from '../../send/plan.js';
import {
  choose,
  marked,
  noCounts,
  type SelectionCounts,
  type SelectionSettings,
  select,
} from '../../send/selection.js';
import type { SendableSession } from '../../send/sendable.js';
import type { PreparedSessions } from '../../send/sorting.js';
import { type Batch, type BatchSettings, batchesAtHand } from '../../write/batches.js';

type Batches = Batch<Outgoing<SendableSession>>;
type Planned = Iterable<Batches> | AsyncIterable<Batches>;

export interface LoadSettings {
  readonly selection: SelectionSettings;
  readonly batches: BatchSettings;
  readonly rate: number | undefined;
  /** Null: as fast as may be. */
  readonly pace: Pace | null;
  /** Waited for now and then while the load is planned; what it throws ends that. */
  readonly between: () => Promise<void>;
}

/** What is to be sent, and how. */
export interface Load {
  readonly plan: Plan;
  readonly counts: SelectionCounts;
  /** The batches at once. */
  all(): Planned;
  /** The batches, each when it is due. */
  due(signal: AbortSignal, clock?: Clock): Planned;
}

/** Plans what is to be sent of an input's sessions. Touches no network. */
export async function loadOf(sessions: PreparedSessions, settings: LoadSettings): Promise<Load> {
  const { selection, rate, pace } = settings;
  const counts = noCounts();
  const plan = (planned: Planned): Promise<Plan> =>
    planOf(interrupted(planned, settings.between), ({ of }) => of.playedSeconds ?? 0, rate);
  if (pace === null) {
    const planned = await plan(batchesAtHand(select(sessions, selection, counts), settings.batches));
    const again = (): Planned =>
      batchesAtHand(first(counts.chosen, select(sessions, selection)), settings.batches);
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

/** What is due when. Of each session its address and its end are held; it is read when it is due. */
async function pacedLoad(
  sessions: PreparedSessions,
  { selection, between }: LoadSettings,
  pace: Pace,
  counts: SelectionCounts,
): Promise<() => Generator<Due<Outgoing<SendableSession>>>> {
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
      yield { atMs, sessions: its.map((i) => marked(sessions.at(addresses[i]!), selection)) };
    }
  };
}

/** Later times behind earlier ones, infinite ones too. */
function byTime(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}

/** The first so many, without a look at what follows. */
function* first<T>(many: number, things: Iterable<T>): Generator<T> {
  let left = many;
  if (left === 0) return;
  for (const thing of things) {
    yield thing;
    left -= 1;
    if (left === 0) return;
  }
}

async function* interrupted(planned: Planned, between: () => Promise<void>): AsyncGenerator<Batches> {
  for await (const batch of planned) {
    await between();
    yield batch;
  }
}
