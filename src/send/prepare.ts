import { type Finding, isTableRule } from '../domain/finding.js';
import type { InputRecord } from '../domain/record.js';
import { memoryBudget, shareOf } from '../sessions/memory.js';
import { blocksSending } from '../validate/findings.js';
import { Inspector } from '../validate/inspect.js';
import { type Inspected, type Summary, Tally } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
import { FindingList } from '../validate/validate.js';
import { type Classified, type ClassifyOptions, SessionClassifier } from './session-classifier.js';

/** What the first pass of a delivery found: everything is read and checked before a byte is sent. */
export interface Prepared extends Classified {
  /** Events that belong to no session. */
  readonly strayEvents: number;
  /** How many sessions are outside `within`: no other count includes them. */
  readonly keptOut: number;
  /** The findings of severity error that prevent sending, in output order, at most a fixed number. */
  readonly errors: readonly Finding[];
  /** How many more of them there are. */
  readonly errorsOmitted: number;
  /** How many findings of severity error are only about how a capture's requests were made: their sessions can be sent. */
  readonly transportErrors: number;
  /** How many findings of severity error are about a table as a whole: nothing from that input is sent. */
  readonly tableErrors: number;
  /** How many rows and events were left out because their clips are not in the clip map. */
  readonly unmappedPlaces: number;
  readonly summary: Summary;
  /** Deletes the sessions' temporary files. */
  close(): void;
}

export interface PrepareOptions
  extends InspectOptions,
    Pick<ClassifyOptions, 'host' | 'shard' | 'movedMs' | 'firstLook'> {
  /** Called with everything that inspection finds. */
  readonly onInspected?: ((inspected: Inspected) => void) | undefined;
  /** Awaited from time to time, so that the caller can do other work; an error from it ends the preparation. */
  readonly between?: (() => Promise<void>) | undefined;
}

const MAX_ERRORS = 10_000;
/** How many items are taken before other work gets a turn. */
const SESSIONS_PER_TURN = 128;

/** The share of the memory for grouping bare events; the findings get the rest. */
const GROUPING_SHARE = 0.75;

/** Reads and checks a whole input for `deliver`. Keeps sessions in memory up to `memory`, the others on disk. */
export async function prepare(
  records: AsyncIterable<readonly InputRecord[]>,
  options: PrepareOptions,
): Promise<Prepared> {
  const { between, memory = memoryBudget() } = options;
  const tally = new Tally();
  const errors = new FindingList(MAX_ERRORS);
  let strayEvents = 0;
  let transportErrors = 0;
  let tableErrors = 0;
  const grouping = shareOf(memory, GROUPING_SHARE);
  const inspector = new Inspector({ ...options, memory: grouping });
  const classifier = new SessionClassifier(options);
  const take = (inspected: Inspected): void => {
    tally.add(inspected);
    options.onInspected?.(inspected);
    classifier.add(inspected);
    if (inspected.kind === 'stray') strayEvents += 1;
    if (inspected.kind !== 'finding' || inspected.finding.severity !== 'error') return;
    if (isTableRule(inspected.finding.rule)) tableErrors += 1;
    if (blocksSending(inspected.finding.rule)) errors.add(inspected.finding);
    else transportErrors += 1;
  };
  try {
    for await (const chunk of records) {
      await between?.();
      for (const record of chunk) for (const inspected of inspector.take(record)) take(inspected);
    }
    let taken = 0;
    for (const inspected of inspector.end()) {
      take(inspected);
      taken += 1;
      if (taken % SESSIONS_PER_TURN === 0) await between?.();
    }
  } catch (error) {
    classifier.close();
    throw error;
  } finally {
    inspector.close();
  }
  return {
    ...classifier.result(),
    strayEvents,
    keptOut: tally.keptOut,
    errors: errors.sorted(),
    errorsOmitted: errors.omitted,
    transportErrors,
    tableErrors,
    unmappedPlaces: tally.unmapped,
    summary: tally.summary(),
    close: () => classifier.close(),
  };
}
