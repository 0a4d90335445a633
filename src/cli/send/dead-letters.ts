import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { diskReason } from '../../domain/disk-reason.js';
import { UserError } from '../../domain/errors.js';
import { GuidTable } from '../../sessions/guid-table.js';
import { type BatchSettings, batches } from '../../write/batches.js';
import type { BatchSession } from '../../write/packed.js';

/** Where sessions go that are not sent, to be mended and sent alone: beside the input, where there is one with a name. */
export function deadLetterPath(named: string | undefined, inputs: readonly string[]): string {
  const [only] = inputs;
  const base = inputs.length === 1 && only && only !== '<stdin>' ? only : 'omny-consume';
  return named ?? `${base}.refused.ndjson`;
}

/** The dead letters of a run: request bodies, only ever appended to. */
export class DeadLetters {
  /** By their digests, the bodies that stand there: read when the first is written. */
  #known: GuidTable | null = null;

  constructor(
    readonly path: string,
    readonly settings: BatchSettings,
  ) {}

  /**
   * Appends sessions, and waits until they are on the disk. A body that stands there already, from an earlier run, is not written again.
   * @throws UserError of kind `output` where it cannot be written
   */
  async append(
    sessions: Iterable<BatchSession>,
    { maxSessions }: Pick<BatchSettings, 'maxSessions'> = this.settings,
  ): Promise<void> {
    try {
      const file = await open(this.path, 'a');
      try {
        const regular = (await file.stat()).isFile();
        this.#known ??= regular ? await bodiesIn(this.path) : new GuidTable();
        const known = this.#known;
        for await (const { body } of batches(sessions, { ...this.settings, maxSessions })) {
          const its = digest(body);
          if (known.find(its) >= 0) continue;
          await file.appendFile(Buffer.concat([body, NEWLINE]));
          known.add(its);
        }
        if (regular) await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new UserError('output', `${this.path}: the dead letters cannot be written: ${diskReason(error)}`);
    }
  }
}

const NEWLINE = Buffer.from('\n');

async function bodiesIn(path: string): Promise<GuidTable> {
  const known = new GuidTable();
  for await (const line of createInterface({ input: createReadStream(path) })) known.add(digest(line));
  return known;
}

/** 128 bits of a body's hash, in the form of a GUID. */
function digest(body: string | Buffer): string {
  const hex = createHash('sha1').update(body).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
