import { appendFile } from 'node:fs/promises';
import { UserError } from '../../domain/errors.js';
import type { Session } from '../../domain/session.js';
import { DEFAULT_SOURCE } from '../../wire/body.js';
import { batches } from '../../write/batches.js';
import type { BatchFlags } from '../options/output.js';

/** Where sessions go that are not sent, to be mended and sent alone: beside the input, where there is one with a name. */
export function deadLetterPath(named: string | undefined, inputs: readonly string[]): string {
  const [only] = inputs;
  const base = inputs.length === 1 && only && only !== '<stdin>' ? only : 'omny-consume';
  return named ?? `${base}.refused.ndjson`;
}

/** Appends sessions to the dead letters, as request bodies. */
export async function appendDeadLetters(
  path: string,
  sessions: readonly Session[],
  { batchSessions, batchBytes, source = DEFAULT_SOURCE }: BatchFlags,
): Promise<void> {
  const settings = { maxSessions: batchSessions, maxBytes: batchBytes, defaultSource: source };
  let text = '';
  for await (const { body } of batches(sessions, settings)) text += `${body.toString()}\n`;
  await appendFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw new UserError('output', `${path}: the dead letters cannot be written: ${error.message}`);
  });
}
