import type { Outgoing } from '../../send/outgoing.js';
import { type Plan, planOf } from '../../send/plan.js';
import type { SendableSession } from '../../send/prepare.js';
import { noCounts, type SelectionCounts, type SelectionSettings, select } from '../../send/selection.js';
import { type Batch, type BatchSettings, batches } from '../../write/batches.js';

export type Planned = AsyncGenerator<Batch<Outgoing<SendableSession>>>;

/** What is to be sent, and how. */
export interface Load {
  readonly plan: Plan;
  readonly counts: SelectionCounts;
  /** The batches, from their beginning. */
  batches(): Planned;
}

/** Plans what is to be sent of an input's sessions. Touches no network. */
export async function loadOf(
  sessions: readonly SendableSession[],
  selection: SelectionSettings,
  settings: BatchSettings,
  rate: number | undefined,
): Promise<Load> {
  const planned = (counts?: SelectionCounts): Planned =>
    batches(select(sessions, selection, counts), settings);
  const counts = noCounts();
  const plan = await planOf(planned(counts), rate);
  return { plan, counts, batches: () => planned() };
}
