import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../../domain/errors.js';
import { KEY_WORDS } from '../../sessions/key-slots.js';
import { KeyTable } from '../../sessions/key-table.js';
import { type MemoryBudget, memoryBudget } from '../../sessions/memory.js';
import { type BatchSettings, batches } from '../../write/batches.js';
import type { EncodedSession } from '../../write/encoded-session.js';
import { isFileName } from '../options/input.js';
import { openAppended, whyNotAppended } from '../written-files.js';

/**
 * The file for sessions that are not sent, which the user can fix and send later. Without a name, it is next to the
 * input if there is only one and it is a file, else in the working folder.
 */
export function deadLetterPath(named: string | undefined, inputs: readonly string[]): string {
  const [only] = inputs;
  const base = inputs.length === 1 && only && isFileName(only) ? only : 'omny-consume';
  return named ?? `${base}.refused`;
}

/** The dead-letter file of a run. Each run appends request bodies and removes none. */
export class DeadLetters {
  /** The digests of the bodies in the file; null until the first write. */
  #known: KnownBodies | null = null;

  constructor(
    readonly path: string,
    readonly settings: BatchSettings,
    private readonly memory?: MemoryBudget,
  ) {}

  /**
   * Appends sessions and waits until they are on disk. A body that an earlier run wrote is not written again.
   * @throws UserError of kind `output` when the file cannot be written
   */
  async append(
    sessions: Iterable<EncodedSession>,
    { maxSessions }: Pick<BatchSettings, 'maxSessions'> = this.settings,
  ): Promise<void> {
    try {
      const { handle: file, regular } = await openAppended(this.path);
      try {
        this.#known ??= await openKnownBodies(regular ? file : null, this.memory);
        const known = this.#known;
        for await (const batch of batches(sessions, { ...this.settings, maxSessions })) {
          for (const piece of batch.pieces()) known.update(piece);
          if (!known.end()) continue;
          // A small body and its line end are one write. The parts of a large body are not joined, to save memory.
          const line =
            batch.bytes < LARGE_BYTES ? [Buffer.concat([...batch.pieces(), NEWLINE])] : ended(batch.pieces());
          for (const piece of line) await file.appendFile(piece);
        }
        if (regular) await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      // The digests can now differ from the file: the next call reads the file again.
      this.close();
      if (error instanceof UserError) throw error;
      throw new UserError(
        'output',
        `${this.path}: the dead letters cannot be written: ${whyNotAppended(error)}`,
      );
    }
  }

  /** Deletes the temporary file of digests. */
  close(): void {
    this.#known?.close();
    this.#known = null;
  }
}

function* ended(pieces: Iterable<Buffer>): Generator<Buffer> {
  yield* pieces;
  yield NEWLINE;
}

const NEWLINE = Buffer.from('\n');
const LARGE_BYTES = 1024 * 1024;

/**
 * The bodies in a file, read in parts. If the last line is incomplete, as a full disk leaves it, ends it so that the
 * next body starts a line.
 */
async function openKnownBodies(file: FileHandle | null, memory?: MemoryBudget): Promise<KnownBodies> {
  const known = new KnownBodies(memory);
  if (file === null) return known;
  let ended = true;
  const chunks: AsyncIterable<Buffer> = file.createReadStream({ start: 0, autoClose: false });
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      known.update(chunk.subarray(from, to));
      known.end();
      from = to + NEWLINE.length;
    }
    known.update(chunk.subarray(from));
    ended = from === chunk.length;
  }
  if (ended) return known;
  known.end();
  await file.appendFile(NEWLINE);
  return known;
}

/** A set of bodies by 128 bits of their digests, in 27 to 53 bytes each: in memory up to a budget, then on disk. */
class KnownBodies {
  readonly #known: KeyTable;
  readonly #key = new Uint32Array(KEY_WORDS);
  readonly #digest = Buffer.from(this.#key.buffer);
  #hash = createHash('sha1');

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#known = new KeyTable(1, memory);
  }

  /** Adds the next part of a body. */
  update(piece: Uint8Array): void {
    this.#hash.update(piece);
  }

  /**
   * Ends the body and adds it. Returns whether it was new.
   * @throws UserError of kind `output` when the disk is full
   */
  end(): boolean {
    this.#hash.digest().copy(this.#digest);
    this.#hash = createHash('sha1');
    const at = this.#known.place(this.#key, 0);
    const known = this.#known.words[at] !== 0;
    this.#known.words[at] = 1;
    return !known;
  }

  /** Deletes the temporary file. */
  close(): void {
    this.#known.close();
  }
}
