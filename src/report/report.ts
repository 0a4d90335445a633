import { ABSENT_FLAG, ID_WORDS, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { GuidCache, guidKey } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import type { EventsRecord, InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { inspect } from '../validate/inspect.js';
import type { Inspected, InspectedSession } from '../validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../validate/options.js';
import { ClipStats } from './clip-stats.js';
import type { Report, ReportTotals } from './figures.js';
import { orderOf, Play } from './play.js';

export interface ReportOptions extends InspectOptions {
  /** Seconds of audio a bin; whole milliseconds. */
  readonly bin: number;
  /** Take in what intervals sessions with errors have. */
  readonly includeInvalid: boolean;
  /** Is told everything that inspection tells, as it becomes known. */
  readonly onInspected?: ((inspected: Inspected) => void) | undefined;
}

export const REPORT_DEFAULTS = { ...INSPECT_DEFAULTS, bin: 1, includeInvalid: false } as const;

const DEFAULT_SOURCE = 'Custom';

/**
 * The portal's figures (OBS-4), computed from what readers give before it is sent.
 * @param records What `readInputs` gives.
 * @param options `now`, in unix seconds, is needed; the rest has defaults. `clipDurations` are the durations that are known beforehand.
 * @throws UserError of kind `usage` where a clip has more than 200,000 bins.
 */
export async function report(
  records: AsyncIterable<readonly InputRecord[]>,
  options: Partial<ReportOptions> & Pick<ReportOptions, 'now'>,
): Promise<Report> {
  const settings = { ...REPORT_DEFAULTS, ...options };
  const durations = new Durations(settings.clipDurations);
  const builder = new ReportBuilder(settings, durations);
  for await (const chunk of inspect(durations.watch(records), settings)) {
    for (const inspected of chunk) {
      settings.onInspected?.(inspected);
      if (inspected.kind === 'session' && inspected.occurrence === 'first') builder.add(inspected);
    }
  }
  return builder.report();
}

/** What is known of clips' durations, in milliseconds: from a catalogue, or else from the rows of the input. */
class Durations {
  readonly #catalogue = new Map<string, number>();
  /** Of one clip the longest that a row gives, so that their order does not matter. */
  readonly #longest = new Map<string, { ms: number }>();
  readonly #rows = new GuidCache((clipId) => {
    const longest = this.#longest.get(clipId) ?? { ms: 0 };
    this.#longest.set(clipId, longest);
    return longest;
  });

  constructor(catalogue: ReadonlyMap<string, number>) {
    for (const [clipId, seconds] of catalogue) this.#catalogue.set(guidKey(clipId), toMs(seconds));
  }

  /** Notes, on the way, what rows tell. */
  async *watch(chunks: AsyncIterable<readonly InputRecord[]>): AsyncGenerator<readonly InputRecord[]> {
    for await (const records of chunks) {
      for (const record of records) if (record.kind === 'events') this.#note(record);
      yield records;
    }
  }

  /** A clip's duration once everything is read; null where nothing tells it. */
  of(clipId: string): number | null {
    return this.#catalogue.get(clipId) ?? this.#longest.get(clipId)?.ms ?? null;
  }

  /** What is certain of a clip's duration when a session comes; undefined where a row may still tell it. */
  whenSessionComes(clipId: string, { request }: Session): number | null | undefined {
    // Sessions of bare events come when all is read; behind a request, a row may still tell a duration.
    return request === null ? this.of(clipId) : this.#catalogue.get(clipId);
  }

  #note({ events: { durations, flags, ids }, from, to }: EventsRecord): void {
    if (durations === null) return;
    for (let i = from; i < to; i += 1) {
      const seconds = durations[i]!;
      if (Number.isNaN(seconds) || (flags[i]! & ABSENT_FLAG.clip) !== 0) continue;
      const longest = this.#rows.get(ids, i * WORDS_PER_EVENT + ID_WORDS.clip);
      longest.ms = Math.max(longest.ms, toMs(seconds));
    }
  }
}

/** Sums sessions up as they come, each SessionId once. */
class ReportBuilder {
  readonly #options: ReportOptions;
  readonly #durations: Durations;
  readonly #clips = new Map<string, ClipStats>();
  readonly #recentClips = new GuidCache((clipId) => this.#statsOf(clipId));
  readonly #sources = new Map<string, number>();
  readonly #play = new Play();
  #sessions = 0;
  #invalidSessions = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReportOptions, durations: Durations) {
    this.#options = options;
    this.#durations = durations;
  }

  add({ session, unsound }: InspectedSession): void {
    this.#sessions += 1;
    const source = sourceOf(session) ?? DEFAULT_SOURCE;
    this.#sources.set(source, (this.#sources.get(source) ?? 0) + 1);
    const play = this.#play;
    if ((unsound && !this.#options.includeInvalid) || !play.read(session)) {
      this.#invalidSessions += 1;
      return;
    }
    this.#firstMs = Math.min(this.#firstMs, play.firstTimestampMs);
    this.#lastMs = Math.max(this.#lastMs, play.lastTimestampMs);
    const stats = this.#recentClips.get(session.ids, play.clipWords);
    stats.add(play, this.#durations.whenSessionComes(stats.clipId, session));
  }

  report(): Report {
    const stats = [...this.#clips.values()].toSorted(
      (a, b) => b.plays - a.plays || (a.clipId < b.clipId ? -1 : 1),
    );
    const totals = this.#totals(stats);
    const clips = stats.map((clip) => clip.figures(this.#durations.of(clip.clipId)));
    const { bin, minDuration } = this.#options;
    return { version: 1, bin, minDuration, totals, clips };
  }

  #statsOf(clipId: string): ClipStats {
    const known = this.#clips.get(clipId);
    if (known) return known;
    const stats = new ClipStats(clipId, toMs(this.#options.bin), toMs(this.#options.minDuration));
    this.#clips.set(clipId, stats);
    return stats;
  }

  #totals(clips: readonly ClipStats[]): ReportTotals {
    const sum = (of: (clip: ClipStats) => number): number =>
      clips.reduce((total, clip) => total + of(clip), 0);
    const seconds = (ms: number): number | null => (Number.isFinite(ms) ? ms / 1000 : null);
    const heardMs = sum((clip) => clip.heardMs);
    return {
      sessions: this.#sessions,
      verified: sum(({ plays }) => plays),
      verified60: sum(({ verified60 }) => verified60),
      filtered: sum(({ filtered }) => filtered),
      invalidSessions: this.#invalidSessions,
      totalSeconds: Math.min(heardMs, Number.MAX_VALUE) / 1000,
      clips: clips.length,
      firstTimestamp: seconds(this.#firstMs),
      lastTimestamp: seconds(this.#lastMs),
      sources: Object.fromEntries([...this.#sources].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}

/** The Source of a session, whatever the order in which its events arrived. */
function sourceOf(session: Session): string | undefined {
  const order = session.request === null ? orderOf(session) : undefined;
  const tellsSource = order?.find((i) => session.sourceOf(i) !== undefined);
  return tellsSource === undefined ? session.source : session.sourceOf(tellsSource);
}
