import { type Clock, systemClock } from '../../send/clock.js';
import type { Outgoing } from '../../send/outgoing.js';
import { batchesDue, type Pace, schedule, scheduledSeconds } from '../../send/paced.js';
import { type Plan, planOf } from '../../send/plan.js';
import type { SendableSession } from '../../send/prepare.js';
import { noCounts, type SelectionCounts, type SelectionSettings, select } from '../../send/selection.js';
import { type Batch, type BatchSettings, batches } from '../../write/batches.js';

type Planned = AsyncGenerator<Batch<Outgoing<SendableSession>>>;

export interface LoadSettings {
  readonly selection: SelectionSettings;
  readonly batches: BatchSettings;
  readonly rate: number | undefined;
  /** Null: as fast as may be. */
  readonly pace: Pace | null;
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
export async function loadOf(sessions: Iterable<SendableSession>, settings: LoadSettings): Promise<Load> {
  const { selection, rate, pace } = settings;
  const counts = noCounts();
  const chosen = (into?: SelectionCounts) => select(sessions, selection, into);
  if (pace === null) {
    const planned = (into?: SelectionCounts): Planned => batches(chosen(into), settings.batches);
    return { plan: await planOf(planned(counts), rate), counts, all: () => planned(), due: () => planned() };
  }
  const all: Outgoing<SendableSession>[] = [];
  for await (const session of chosen(counts)) all.push(session);
  const due = schedule(all, pace);
  const plan = await planOf(batchesDue(due, settings.batches), rate);
  const seconds = Math.max(plan.seconds ?? 0, scheduledSeconds(due));
  return {
    plan: { ...plan, seconds },
    counts,
    all: () => batchesDue(due, settings.batches),
    due: (signal, clock = systemClock) => batchesDue(due, settings.batches, { clock, signal }),
  };
}
