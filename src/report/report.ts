import { Diagnoses } from '../diagnoses/diagnoses.js';
import { ABSENT_FLAG, ID_WORDS, WORDS_PER_EVENT } from '../domain/event-batch.js';
import type { Diagnosis } from '../domain/finding.js';
import { guidKey, writeGuid } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import type { EventsRecord, InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { KeyTable } from '../sessions/key-table.js';
import { type MemoryBudget, memoryBudget, shareOf } from '../sessions/memory.js';
import { inspect } from '../validate/inspect.js';
import type { Inspected, InspectedSession } from '../validate/inspected.js';
import { diagnosesInForce, INSPECT_DEFAULTS, type InspectOptions } from '../validate/options.js';
import { type ClipSums, ClipTable, type SortedClips } from './clip-table.js';
import type { Report, ReportTotals } from './output.js';
import { orderOf, Play } from './play.js';

export interface ReportOptions extends InspectOptions {
  /** The length of a bin in seconds of audio; a whole number of milliseconds. */
  readonly bin: number;
  /** Whether to also count the valid intervals of sessions with errors. */
  readonly includeInvalid: boolean;
  /** Whether to also look for the bugs behind the findings. This takes about 25 % more time. */
  readonly diagnose: boolean;
  /** Titles of clips, by ClipId in lower case. */
  readonly clipTitles?: ReadonlyMap<string, string> | undefined;
  /** Called with every item that inspection yields. */
  readonly onInspected?: ((inspected: Inspected) => void) | undefined;
}

export const REPORT_DEFAULTS = {
  ...INSPECT_DEFAULTS,
  bin: 1,
  includeInvalid: false,
  diagnose: false,
} as const;

const DEFAULT_SOURCE = 'Custom';

/** The shares of the memory for held sessions, for clips, and for clips' durations. */
const SHARES = { sessions: 0.5, clips: 0.4, durations: 0.1 } as const;

/** A report whose clips are computed when they are read. */
export interface StreamedReport extends Report<SortedClips> {
  /** Deletes temporary files: the clips can no longer be read. */
  close(): void;
}

/**
 * Computes the figures that the portal would show (OBS-4) from records, before they are sent.
 * @param records What `readInputs` yields.
 * @param options `now`, in unix seconds, is required; the rest has defaults. `clipDurations` are the durations that are
 * already known.
 * @throws UserError of kind `usage` where a clip has more than 200,000 bins.
 */
export async function report(
  records: AsyncIterable<readonly InputRecord[]>,
  options: Partial<ReportOptions> & Pick<ReportOptions, 'now'>,
): Promise<Report> {
  const streamed = await streamedReport(records, { diagnose: true, ...options });
  try {
    const { version, bin, minDuration, totals, clips, diagnoses } = streamed;
    return { version, bin, minDuration, totals, clips: [...clips], diagnoses };
  } finally {
    streamed.close();
  }
}

/** Like `report`, but within the memory limit of its options, for any number of clips. */
export async function streamedReport(
  records: AsyncIterable<readonly InputRecord[]>,
  options: Partial<ReportOptions> & Pick<ReportOptions, 'now'>,
): Promise<StreamedReport> {
  const settings = { ...REPORT_DEFAULTS, ...options };
  const memory = settings.memory ?? memoryBudget();
  const durations = new Durations(settings.clipDurations, shareOf(memory, SHARES.durations));
  const diagnoses = settings.diagnose ? new Diagnoses(settings) : undefined;
  const builder = new ReportBuilder(settings, durations, shareOf(memory, SHARES.clips));
  const close = (): void => {
    builder.close();
    durations.close();
  };
  try {
    const inspection = { ...settings, diagnoses, memory: shareOf(memory, SHARES.sessions) };
    for await (const chunk of inspect(durations.watch(records), inspection)) {
      for (const inspected of chunk) {
        settings.onInspected?.(inspected);
        if (inspected.kind === 'session' && inspected.occurrence === 'first') builder.add(inspected);
        if (inspected.kind === 'unreadable' || inspected.kind === 'unmapped')
          builder.addMissing(inspected.kind);
      }
    }
    return { ...builder.report(diagnosesInForce(diagnoses?.end() ?? [], settings)), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The size of a duration of a table in words: two for a double, and one that is never 0. */
const DURATION_WORDS = 3;

/** The known durations of clips, in milliseconds: from a catalogue, else from the rows of the input. */
export class Durations {
  readonly #catalogue = new Map<string, number>();
  /** The longest duration of each clip in any row, so that the order of rows does not matter. */
  readonly #longest: KeyTable;
  readonly #key = new Uint32Array(4);
  readonly #ms = new Float64Array(1);
  readonly #msWords = new Uint32Array(this.#ms.buffer);

  constructor(catalogue: ReadonlyMap<string, number>, memory: MemoryBudget) {
    for (const [clipId, seconds] of catalogue) this.#catalogue.set(guidKey(clipId), toMs(seconds));
    this.#longest = new KeyTable(DURATION_WORDS, memory);
  }

  /** Notes the durations in the rows of records, and passes the records on. */
  async *watch(chunks: AsyncIterable<readonly InputRecord[]>): AsyncGenerator<readonly InputRecord[]> {
    for await (const records of chunks) {
      for (const record of records) if (record.kind === 'events') this.#note(record);
      yield records;
    }
  }

  /** A clip's duration once everything is read; null if it is unknown. */
  of(clipId: string): number | null {
    return this.#catalogue.get(clipId) ?? this.#ofRows(clipId);
  }

  close(): void {
    this.#longest.close();
  }

  /** A clip's final duration at the time when a session is inspected; undefined if a later row can still change it. */
  whenSessionComes(clipId: string, { request }: Session): number | null | undefined {
    // Sessions of bare events are inspected after everything is read. After a request, a row with a duration can still
    // follow.
    return request === null ? this.of(clipId) : this.#catalogue.get(clipId);
  }

  #ofRows(clipId: string): number | null {
    if (this.#longest.size === 0) return null;
    writeGuid(clipId, this.#key, 0);
    const at = this.#longest.find(this.#key, 0);
    return at < 0 ? null : this.#msAt(at);
  }

  #note({ events: { durations, flags, ids }, from, to }: EventsRecord): void {
    if (durations === null) return;
    for (let i = from; i < to; i += 1) {
      const seconds = durations[i]!;
      if (Number.isNaN(seconds) || (flags[i]! & ABSENT_FLAG.clip) !== 0) continue;
      const at = this.#longest.place(ids, i * WORDS_PER_EVENT + ID_WORDS.clip);
      this.#ms[0] = Math.max(this.#msAt(at), toMs(seconds));
      this.#longest.words.set(this.#msWords, at);
      this.#longest.words[at + DURATION_WORDS - 1] = 1;
    }
  }

  #msAt(at: number): number {
    this.#msWords[0] = this.#longest.words[at]!;
    this.#msWords[1] = this.#longest.words[at + 1]!;
    return this.#ms[0]!;
  }
}

/** Sums up sessions, one at a time; each SessionId counts once. */
class ReportBuilder {
  readonly #options: ReportOptions;
  readonly #durations: Durations;
  readonly #clips: ClipTable;
  readonly #sources = new SourceCounts();
  readonly #play = new Play();
  #sessions = 0;
  #invalidSessions = 0;
  readonly #missing = { unreadable: 0, unmapped: 0 };
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReportOptions, durations: Durations, memory: MemoryBudget) {
    this.#options = options;
    this.#durations = durations;
    const [binMs, minPlayedMs] = [toMs(options.bin), toMs(options.minDuration)];
    this.#clips = new ClipTable({ binMs, minPlayedMs, memory });
  }

  add({ session, hasDataError }: InspectedSession): void {
    this.#sessions += 1;
    this.#sources.add(sourceOf(session) ?? DEFAULT_SOURCE);
    const play = this.#play;
    if ((hasDataError && !this.#options.includeInvalid) || !play.read(session)) {
      this.#invalidSessions += 1;
      return;
    }
    this.#firstMs = Math.min(this.#firstMs, play.firstTimestampMs);
    this.#lastMs = Math.max(this.#lastMs, play.lastTimestampMs);
    this.#clips.add(play, session.ids, play.clipWords, (clipId) =>
      this.#durations.whenSessionComes(clipId, session),
    );
  }

  /** Counts a row, line or value that could not be read, or that was left out because its clip is not in the clip map. */
  addMissing(kind: 'unreadable' | 'unmapped'): void {
    this.#missing[kind] += 1;
  }

  report(diagnoses: readonly Diagnosis[]): Report<SortedClips> {
    const { clips, sums } = this.#clips.end((clipId) => this.#durations.of(clipId));
    const { bin, minDuration, clipTitles = NO_TITLES } = this.#options;
    const totals = this.#totals(clips.length, sums);
    return { version: 1, bin, minDuration, totals, clips: titled(clips, clipTitles), diagnoses };
  }

  close(): void {
    this.#clips.close();
  }

  #totals(clips: number, { plays, verified60, filtered, heardMs }: ClipSums): ReportTotals {
    const seconds = (ms: number): number | null => (Number.isFinite(ms) ? ms / 1000 : null);
    return {
      sessions: this.#sessions,
      verified: plays,
      verified60,
      filtered,
      invalidSessions: this.#invalidSessions,
      unreadable: this.#missing.unreadable,
      ...(this.#missing.unmapped > 0 && { unmapped: this.#missing.unmapped }),
      totalSeconds: Math.min(heardMs, Number.MAX_VALUE) / 1000,
      clips,
      firstTimestamp: seconds(this.#firstMs),
      lastTimestamp: seconds(this.#lastMs),
      sources: this.#sources.sorted(),
    };
  }
}

const NO_TITLES: ReadonlyMap<string, string> = new Map();

/** Clips with their titles, where they have one. */
function titled(clips: SortedClips, titles: ReadonlyMap<string, string>): SortedClips {
  if (titles.size === 0) return clips;
  const { length, byId, durationsKnown } = clips;
  return {
    length,
    byId,
    ...(durationsKnown !== undefined && { durationsKnown }),
    *[Symbol.iterator]() {
      for (const { clipId, ...figures } of clips) {
        const title = titles.get(clipId);
        yield { clipId, ...(title !== undefined && { title }), ...figures };
      }
    },
  };
}

/**
 * At most this many Sources are counted separately, and their names are shortened, because an input can have any text
 * as its Source.
 */
const MAX_SOURCES = 1000;
const MAX_SOURCE_LENGTH = 200;
const OTHER_SOURCES = '(other)';

/** Counts sessions by Source, in bounded memory. */
class SourceCounts {
  readonly #counts = new Map<string, number>();

  add(source: string): void {
    const name = source.length > MAX_SOURCE_LENGTH ? `${source.slice(0, MAX_SOURCE_LENGTH)}…` : source;
    const known = this.#counts.get(name);
    if (known !== undefined) this.#counts.set(name, known + 1);
    else if (this.#counts.size < MAX_SOURCES) this.#counts.set(name, 1);
    else this.#counts.set(OTHER_SOURCES, (this.#counts.get(OTHER_SOURCES) ?? 0) + 1);
  }

  sorted(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** The Source of a session. The order in which its events arrived does not matter. */
function sourceOf(session: Session): string | undefined {
  const order = session.request === null ? orderOf(session) : undefined;
  const namesSource = order?.find((i) => session.sourceOf(i) !== undefined);
  return namesSource === undefined ? session.source : session.sourceOf(namesSource);
}
