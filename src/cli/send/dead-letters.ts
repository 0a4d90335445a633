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

/** Where sessions go that are not sent, to be fixed and sent alone: beside the input, where there is one with a name. */
export function deadLetterPath(named: string | undefined, inputs: readonly string[]): string {
  const [only] = inputs;
  const base = inputs.length === 1 && only && isFileName(only) ? only : 'omny-consume';
  return named ?? `${base}.refused`;
}

/** The dead letters of a run: request bodies, only ever appended to. */
export class DeadLetters {
  /** By their digests, the bodies that stand there: read when the first is written. */
  #known: KnownBodies | null = null;

  constructor(
    readonly path: string,
    readonly settings: BatchSettings,
    private readonly memory?: MemoryBudget,
  ) {}

  /**
   * Appends sessions, and waits until they are on the disk. A body that stands there already, from an earlier run, is not written again.
   * @throws UserError of kind `output` where it cannot be written
   */
  async append(
    sessions: Iterable<EncodedSession>,
    { maxSessions }: Pick<BatchSettings, 'maxSessions'> = this.settings,
  ): Promise<void> {
    try {
      const { handle: file, regular } = await openAppended(this.path);
      try {
        this.#known ??= await begun(regular ? file : null, this.memory);
        const known = this.#known;
        for await (const batch of batches(sessions, { ...this.settings, maxSessions })) {
          for (const piece of batch.pieces()) known.update(piece);
          if (!known.end()) continue;
          // A large one is not held whole. A line without an end is ended when the next is written.
          const line =
            batch.bytes < LARGE_BYTES ? [Buffer.concat([...batch.pieces(), NEWLINE])] : ended(batch.pieces());
          for (const piece of line) await file.appendFile(piece);
        }
        if (regular) await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      // How much of it stands there is read before the next.
      this.close();
      if (error instanceof UserError) throw error;
      throw new UserError(
        'output',
        `${this.path}: the dead letters cannot be written: ${whyNotAppended(error)}`,
      );
    }
  }

  /** Lets go of what is known of them. */
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
 * The bodies that stand in a file, none of them held as a whole. One whose end is missing, as a full disk leaves it, is ended: the next
 * begins a line.
 */
async function begun(file: FileHandle | null, memory?: MemoryBudget): Promise<KnownBodies> {
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

/** Bodies by 128 bits of their digests, in 27 to 53 bytes each: in memory up to a budget, on disk beyond it. */
class KnownBodies {
  readonly #known: KeyTable;
  readonly #key = new Uint32Array(KEY_WORDS);
  readonly #digest = Buffer.from(this.#key.buffer);
  #hash = createHash('sha1');

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#known = new KeyTable(1, memory);
  }

  /** Takes the next piece of a body. */
  update(piece: Uint8Array): void {
    this.#hash.update(piece);
  }

  /** Ends the body. Whether it was not known yet; it is from now on. @throws UserError of kind `output` where the disk cannot hold it */
  end(): boolean {
    this.#hash.digest().copy(this.#digest);
    this.#hash = createHash('sha1');
    const at = this.#known.place(this.#key, 0);
    const known = this.#known.words[at] !== 0;
    this.#known.words[at] = 1;
    return !known;
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#known.close();
  }
}
