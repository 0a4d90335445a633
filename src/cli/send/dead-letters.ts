import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { UserError } from '../../domain/errors.js';
import { DEFAULT_SOURCE } from '../../wire/body.js';
import { type BatchSettings, batches } from '../../write/batches.js';
import type { WritableSession } from '../../write/writable.js';

/** Where sessions go that are not sent, to be mended and sent alone: beside the input, where there is one with a name. */
export function deadLetterPath(named: string | undefined, inputs: readonly string[]): string {
  const [only] = inputs;
  const base = inputs.length === 1 && only && only !== '<stdin>' ? only : 'omny-consume';
  return named ?? `${base}.refused.ndjson`;
}

/**
 * Appends sessions to the dead letters, as request bodies, and waits until they are on the disk. A body that stands there already, from an
 * earlier run, is not written again.
 */
export async function appendDeadLetters(
  path: string,
  sessions: Iterable<WritableSession>,
  {
    maxSessions,
    maxBytes,
    defaultSource = DEFAULT_SOURCE,
  }: Omit<BatchSettings, 'defaultSource'> & Partial<BatchSettings>,
): Promise<void> {
  try {
    const known = await bodiesIn(path);
    const file = await open(path, 'a');
    try {
      for await (const { body } of batches(sessions, { maxSessions, maxBytes, defaultSource })) {
        if (!known.has(digest(body))) await file.appendFile(`${body.toString()}\n`);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new UserError('output', `${path}: the dead letters cannot be written: ${(error as Error).message}`);
  }
}

async function bodiesIn(path: string): Promise<Set<string>> {
  const known = new Set<string>();
  const stream = createReadStream(path);
  try {
    for await (const line of createInterface({ input: stream })) known.add(digest(line));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return known;
}

function digest(body: string | Buffer): string {
  return createHash('sha1').update(body).digest('base64');
}
