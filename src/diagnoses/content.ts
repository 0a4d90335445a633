import { ID_WORDS } from '../domain/event-batch.js';
import { readGuid } from '../domain/guid.js';
import type { Listening } from '../domain/listening.js';
import type { RepeatedExport } from '../domain/record.js';
import { HASH_SEED } from '../sessions/key-slots.js';
import { defineDiagnosis, Examples, enough, sessionsOf } from './define.js';

const WORDS = 2 ** 32;
const SECOND_MS = 1000;

/** This many equal events cannot be a coincidence, even if all Positions are whole seconds. */
const MANY_EVENTS = 10;

const GUID_WORDS = 4;
const MAX_CONTENTS = 2 ** 18;
/** Contents are divided into this many groups by their hash; each group keeps one example. */
const BUCKETS = 2 ** 14;
/** An example: half of the hash, and the SessionId. */
const SAMPLE_WORDS = 1 + GUID_WORDS;

/** A hash of 64 bits, in two halves. */
export interface ContentHash {
  a: number;
  b: number;
}

/**
 * Computes a hash of a session's clip and events, without the SessionId.
 * @param clip A hash of the ClipId.
 * @param hash Receives the result.
 */
export function hashContents(
  { keptCount, stops, positionsMs, timestampsMs }: Listening,
  clip: number,
  hash: ContentHash,
): void {
  let a = clip;
  let b = ~clip;
  for (let i = 0; i < keptCount; i += 1) {
    const positionMs = positionsMs[i]!;
    const timestampMs = timestampsMs[i]!;
    const rest = (timestampMs / WORDS) ^ Math.imul(positionMs / WORDS, 31) ^ (stops[i]! << 30);
    a = mix(mix(a, positionMs), timestampMs ^ rest);
    b = remix(remix(b, positionMs), timestampMs ^ rest);
  }
  hash.a = a;
  hash.b = b;
}

/** A 52-bit hash of a session's clip, and of the time and Position of its first event. @param clip A hash of the ClipId. */
export function beginningHash({ positionsMs, timestampsMs }: Listening, clip: number): number {
  const positionMs = positionsMs[0]!;
  const firstMs = timestampsMs[0]!;
  const rest = (firstMs / WORDS) ^ Math.imul(positionMs / WORDS, 31);
  const a = mix(mix(clip, positionMs), firstMs ^ rest);
  const b = remix(remix(~clip, positionMs), firstMs ^ rest);
  return (a >>> 0) * 2 ** 20 + (b >>> 12);
}

/** A 32-bit hash of a text. */
export function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = mix(hash, text.charCodeAt(i));
  return hash;
}

/**
 * Whether two sessions are unlikely to have these events by chance: a Stop at a fraction of a second that is not the
 * farthest (which can be the clip's end), or ten events.
 */
export function isDistinctive({ keptCount, stops, positionsMs }: Listening): boolean {
  if (keptCount >= MANY_EVENTS) return true;
  let farthestMs = -1;
  for (let i = 0; i < keptCount; i += 1) {
    if (stops[i] === 1 && positionsMs[i]! > farthestMs) farthestMs = positionsMs[i]!;
  }
  for (let i = 0; i < keptCount; i += 1) {
    if (stops[i] === 1 && positionsMs[i] !== farthestMs && positionsMs[i]! % SECOND_MS !== 0) return true;
  }
  return false;
}

function mix(hash: number, word: number): number {
  let mixed = Math.imul(hash ^ word, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

function remix(hash: number, word: number): number {
  let mixed = Math.imul(hash + (word | 0), 0x27d4eb2f);
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x165667b1);
  return mixed ^ (mixed >>> 14);
}

/**
 * Finds sessions with the same contents, in at most 4 MiB. Both halves of a hash give its slot, and one half is stored there:
 * on average, one of 10,000 full tables takes two different contents for the same.
 */
export class ContentTable {
  /** How many sessions were compared. */
  seen = 0;
  /** How many of them had the same contents as an earlier one. */
  again = 0;
  /** Never initialize this array: untouched pages need no memory, and most inputs touch few. 0 is a free slot. */
  readonly #slots = new Uint32Array(2 * MAX_CONTENTS);
  #count = 0;
  /** For each bucket, the lowest hash of its contents, and the first session that has them. */
  readonly #lowest = new Uint32Array(BUCKETS * SAMPLE_WORDS);
  /** The sessions whose contents appear more than once, by bucket. */
  readonly #examples = new Map<number, Examples>();

  /** Whether there is no room for further contents. Then sessions with new contents are not counted. */
  get full(): boolean {
    return this.#count === MAX_CONTENTS;
  }

  /** The SessionIds of some sessions that have the same contents. */
  get examples(): readonly string[] {
    return this.#examples.get(Math.min(...this.#examples.keys()))?.ids ?? [];
  }

  /** @param words Holds the SessionId in four words, from index `at`. */
  add({ a, b }: ContentHash, words: Uint32Array, at: number): void {
    const mask = this.#slots.length - 1;
    const print = a >>> 0 || 1;
    let slot = mix(mix(HASH_SEED, a), b) & mask;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== print) slot = (slot + 1) & mask;
    if (this.#slots[slot] === print) {
      this.again += 1;
      this.#sample(a, b, words, at, true);
    } else if (this.full) {
      return;
    } else {
      this.#slots[slot] = print;
      this.#count += 1;
      this.#sample(a, b, words, at, false);
    }
    this.seen += 1;
  }

  #sample(a: number, b: number, words: Uint32Array, at: number, again: boolean): void {
    const bucket = a & (BUCKETS - 1);
    const from = bucket * SAMPLE_WORDS;
    const lowest = this.#lowest;
    const hash = b >>> 0 || 1;
    if (again) {
      if (lowest[from] !== hash) return;
      let examples = this.#examples.get(bucket);
      if (!examples) {
        examples = new Examples();
        examples.add(readGuid(lowest, from + 1));
        this.#examples.set(bucket, examples);
      }
      examples.add(readGuid(words, at));
    } else if (lowest[from] === 0 || hash < lowest[from]!) {
      lowest[from] = hash;
      for (let word = 0; word < GUID_WORDS; word += 1) lowest[from + 1 + word] = words[at + word]!;
      this.#examples.delete(bucket);
    }
  }
}

const THRESHOLD = { sessions: 3, share: 0.01 } as const;

export const sameListeningNewId = defineDiagnosis({
  id: 'same-listening-new-id',
  severity: 'info',
  title: 'The same play was reported under several SessionIds and is counted each time',
  sees: 'another session of the same clip has the same events, with the same Timestamps and Positions. Only sessions with ten events or more are compared, and sessions with a Stop whose Position is neither a whole number nor the farthest',
  threshold:
    'at least 3 sessions are repetitions, and at least 1 % of the sessions that can be compared (among the first 262,144)',
  mend: 'Make the SessionId when the play starts and keep it with the queued events: then a retry or a second export sends the same id. Send each session once.',
  rules: ['event-leaked'],
  watch() {
    const contents = new ContentTable();
    const hash = { a: 0, b: 0 };
    return {
      look(seen) {
        const { session, listening } = seen;
        if (!listening || !isDistinctive(listening)) return false;
        hashContents(listening, seen.clipHash, hash);
        contents.add(hash, session.ids, ID_WORDS.session);
        return false;
      },
      end({ whole }) {
        if (!whole) return null;
        const { again, seen, full } = contents;
        if (!enough(again, seen, THRESHOLD)) return null;
        const among = full ? ', among the first that were compared' : '';
        const evidence = `${sessionsOf(again, seen, 'with events that are unlikely to happen twice')} repeat another session of the same clip, event for event${among}.`;
        return { sessions: again, of: seen, evidence, examples: contents.examples };
      },
    };
  },
});

/** The reader of tables detects repeated rows (`src/table/plausibility`); this diagnosis only reports them. */
export const exportRepeated = defineDiagnosis({
  id: 'export-repeated',
  severity: 'warning',
  title: 'Rows of a table are repeated: the export was probably appended to itself',
  sees: 'tables: at least 20 different rows are repeated in the same order, or more rows are repeated exactly than chance explains',
  threshold:
    '20 rows are repeated in the same order, or half of the rows of a table with 6 rows or more. Or at least 3 rows are repeated exactly, and at least 1 % of the rows whose other cells are rare, and more rows than are nearly equal (with only a slightly different StartedAt)',
  mend: 'Export again into an empty file, or remove the second copy: rows without a SessionId count twice.',
  rules: [],
  watch: () => {
    const found: RepeatedExport[] = [];
    return {
      noteRepeatedExport: (repeated) => void found.push(repeated),
      end({ whole }) {
        const [first] = found;
        if (!first || !whole) return null;
        const rows = found.reduce((sum, repeated) => sum + repeated.rows, 0);
        const of = found.reduce((sum, repeated) => sum + repeated.of, 0);
        return { sessions: rows, of, evidence: `${first.message}.`, examples: [] };
      },
    };
  },
});
