import { GuidCache } from '../domain/guid.js';
import { type MemoryBudget, shareOf } from '../sessions/memory.js';
import { SpillLog } from '../sessions/spill-log.js';
import { ClipStats, type StoredClip } from './clip-stats.js';
import type { ClipFigures, ClipList } from './output.js';
import type { Play } from './play.js';

/** The share of the budget for sums in memory. Sums that are read back from disk take the rest. */
const HELD_SHARE = 0.75;
/** How many runs on disk are merged into one: each needs memory while merging. */
const MAX_RUNS = 64;

/** Clips sorted by plays, the most first; `byId` has them in order of ClipId. */
export interface SortedClips extends ClipList {
  readonly byId: Iterable<ClipFigures>;
}

/** The settings of a table. */
export interface ClipTableOptions {
  /** The length of a bin, and the played time below which a session is filtered; both in milliseconds. */
  readonly binMs: number;
  readonly minPlayedMs: number;
  readonly memory: MemoryBudget;
  /** As in `ClipStats`. */
  readonly leastLog?: number;
}

/** The duration of a clip in milliseconds once everything is read; null if it is unknown. */
export type DurationOf = (clipId: string) => number | null;

/** The sums over all clips. */
export interface ClipSums {
  plays: number;
  verified60: number;
  filtered: number;
  heardMs: number;
}

/**
 * Adds up sessions by clip, in memory up to a budget. Beyond it, sums are written to disk as a run in order of
 * ClipId, and the runs are merged at the end. In addition to the budget, a clip takes 20 bytes.
 */
export class ClipTable {
  readonly #options: ClipTableOptions;
  readonly #most: number;
  #clips = new Map<string, ClipStats>();
  #recent = this.#cache();
  #bytes = 0;
  #runs: SpillLog[] = [];
  /** The merged clips in order of ClipId; null where all clips are in memory. */
  #whole: SpillLog | null = null;

  constructor(options: ClipTableOptions) {
    this.#options = options;
    this.#most = options.memory.bytes * HELD_SHARE;
  }

  /**
   * Adds a session.
   * @param ids The ClipId, as four words from `at`.
   * @param durationOf The clip's duration; null if it is unknown; undefined if it can still become known.
   * @throws UserError of kind `usage` if the clip has too many bins, of kind `output` if the disk is full
   */
  add(
    play: Play,
    ids: Uint32Array,
    at: number,
    durationOf: (clipId: string) => number | null | undefined,
  ): void {
    const stats = this.#recent.get(ids, at);
    const before = stats.bytes;
    stats.add(play, durationOf(stats.clipId));
    this.#bytes += stats.bytes - before;
    if (this.#bytes > this.#most) this.#toDisk();
  }

  /**
   * The clips, sorted by plays (the most first), then by ClipId. No session can be added afterwards.
   * @throws UserError of kind `usage` where a clip has too many bins.
   */
  end(durationOf: DurationOf): { readonly clips: SortedClips; readonly sums: ClipSums } {
    const sums = { plays: 0, verified60: 0, filtered: 0, heardMs: 0 };
    const clips = this.#runs.length === 0 ? this.#inMemory(durationOf, sums) : this.#onDisk(durationOf, sums);
    return { clips, sums };
  }

  /** Deletes temporary files: the clips can no longer be read. */
  close(): void {
    for (const run of this.#runs) run.close();
    this.#whole?.close();
  }

  #inMemory(durationOf: DurationOf, sums: ClipSums): SortedClips {
    const clips = [...this.#clips.values()].toSorted(
      (a, b) => b.plays - a.plays || (a.clipId < b.clipId ? -1 : 1),
    );
    let durationsKnown = true;
    for (const stats of clips) {
      const durationMs = durationOf(stats.clipId);
      addTo(sums, stats, durationMs);
      durationsKnown &&= durationMs !== null;
    }
    return {
      length: clips.length,
      durationsKnown,
      *[Symbol.iterator]() {
        for (const stats of clips) yield stats.figures(durationOf(stats.clipId));
      },
      byId: {
        *[Symbol.iterator]() {
          const sorted = clips.toSorted((a, b) => (a.clipId < b.clipId ? -1 : 1));
          for (const stats of sorted) yield stats.figures(durationOf(stats.clipId));
        },
      },
    };
  }

  #onDisk(durationOf: DurationOf, sums: ClipSums): SortedClips {
    this.#toDisk();
    const whole = new SpillLog(shareOf(this.#options.memory, 1 - HELD_SHARE));
    this.#whole = whole;
    const plays: number[] = [];
    const addresses: number[] = [];
    let durationsKnown = true;
    for (const stats of this.#merged(durationOf)) {
      const durationMs = durationOf(stats.clipId);
      addTo(sums, stats, durationMs);
      durationsKnown &&= durationMs !== null;
      plays.push(stats.plays);
      addresses.push(whole.add(encoded(stats.stored())));
    }
    for (const run of this.#runs) run.close();
    this.#runs = [];
    const order = Uint32Array.from(plays.keys()).sort((a, b) => plays[b]! - plays[a]! || a - b);
    const figuresAt = (address: number): ClipFigures => {
      const stored = decoded(whole.at(address));
      const durationMs = durationOf(stored.clipId);
      const stats = this.#statsOf(stored.clipId);
      stats.addStored(stored, durationMs);
      return stats.figures(durationMs);
    };
    return {
      length: order.length,
      durationsKnown,
      *[Symbol.iterator]() {
        for (const i of order) yield figuresAt(addresses[i]!);
      },
      byId: {
        *[Symbol.iterator]() {
          for (const address of addresses) yield figuresAt(address);
        },
      },
    };
  }

  #toDisk(): void {
    if (this.#runs.length === MAX_RUNS) {
      const runs = this.#runs;
      this.#runs = [this.#written(this.#merged(() => undefined))];
      for (const run of runs) run.close();
    }
    const clips = [...this.#clips.values()].sort((a, b) => (a.clipId < b.clipId ? -1 : 1));
    this.#runs.push(this.#written(clips));
    this.#clips = new Map();
    this.#recent = this.#cache();
    this.#bytes = 0;
  }

  #written(clips: Iterable<ClipStats>): SpillLog {
    const run = new SpillLog({ ...this.#options.memory, bytes: 0 });
    for (const stats of clips) run.add(encoded(stats.stored()));
    return run;
  }

  /** The clips of all runs in order of ClipId. */
  *#merged(durationOf: (clipId: string) => number | null | undefined): Generator<ClipStats> {
    const cursors = this.#runs.map((run) => new RunCursor(run));
    for (;;) {
      let least: string | null = null;
      for (const { clip } of cursors)
        if (clip && (least === null || clip.clipId < least)) least = clip.clipId;
      if (least === null) return;
      const stats = this.#statsOf(least);
      const durationMs = durationOf(least);
      for (const cursor of cursors) {
        if (cursor.clip?.clipId !== least) continue;
        stats.addStored(cursor.clip, durationMs);
        cursor.next();
      }
      yield stats;
    }
  }

  #cache(): GuidCache<ClipStats> {
    return new GuidCache((clipId) => {
      const known = this.#clips.get(clipId);
      if (known) return known;
      const stats = this.#statsOf(clipId);
      this.#clips.set(clipId, stats);
      this.#bytes += stats.bytes;
      return stats;
    });
  }

  #statsOf(clipId: string): ClipStats {
    const { binMs, minPlayedMs, leastLog } = this.#options;
    return new ClipStats(clipId, binMs, minPlayedMs, leastLog);
  }
}

function addTo(sums: ClipSums, stats: ClipStats, durationMs: number | null): void {
  stats.check(durationMs);
  sums.plays += stats.plays;
  sums.verified60 += stats.verified60;
  sums.filtered += stats.filtered;
  sums.heardMs += stats.heardMs;
}

/**
 * Encodes a clip as JSON. (`node:v8` releases its memory only between turns of the event loop, and there is no turn
 * while clips are written and merged.)
 */
function encoded({ clipId, numbers, farthest, log, counted }: StoredClip): Buffer {
  const counts = counted && {
    bins: counted[0].map((values) => Array.from(values)),
    durationMs: counted[1].durationMs,
    numbers: counted[1].numbers.map(jsonNumber),
    maps: counted[1].maps.map((map) => [...map]),
  };
  return Buffer.from(
    JSON.stringify([clipId, farthest, numbers.map(jsonNumber), log.map(jsonNumber), counts]),
  );
}

function decoded(bytes: Buffer): StoredClip {
  const [clipId, farthest, numbers, log, counts] = JSON.parse(bytes.toString());
  return {
    clipId,
    farthest,
    numbers: numbers.map(Number),
    log: log.map(Number),
    counted: counts && [
      counts.bins.map((values: readonly number[]) => Int32Array.from(values)),
      {
        durationMs: counts.durationMs,
        numbers: counts.numbers.map(Number),
        maps: counts.maps.map((entries: readonly [number, number][]) => new Map(entries)),
      },
    ],
  };
}

/** JSON cannot hold Infinity. */
function jsonNumber(number: number): number | string {
  return Number.isFinite(number) ? number : String(number);
}

/** Reads the clips of a run one by one. */
class RunCursor {
  /** The current clip; null after the last. */
  clip: StoredClip | null = null;
  readonly #records: Iterator<Buffer>;

  constructor(run: SpillLog) {
    this.#records = run[Symbol.iterator]();
    this.next();
  }

  next(): void {
    const { done, value } = this.#records.next();
    this.clip = done ? null : decoded(value);
  }
}
