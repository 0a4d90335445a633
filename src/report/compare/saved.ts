import { open, readFile, stat } from 'node:fs/promises';
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { UserError } from '../../domain/errors.js';
import type { Side } from './compare.js';

const count = z.int().check(z.minimum(0));
const share = z.number().check(z.minimum(0));

const SAVED = z.object({
  version: z.literal(1),
  minDuration: share,
  totals: z.object({
    verified: count,
    filtered: count,
    totalSeconds: share,
    // Reports of earlier versions do not have this number.
    unreadable: z._default(count, 0),
  }),
  // Reports of earlier versions do not have diagnoses.
  diagnoses: z.optional(z.array(z.unknown())),
  clips: z.array(
    z.object({
      clipId: z.string(),
      plays: count,
      filtered: count,
      totalSeconds: share,
      averageSeconds: share,
      duration: share,
      durationKnown: z.boolean(),
      completion: z.object({ average: share, max: share }),
    }),
  ),
});

/** Matches the beginning of a report as JSON, with any indentation. Listening data never begins like this. */
const BEGINS = /^\uFEFF?\s*\{\s*"version"\s*:\s*1\s*,/;
const HEAD = 256;
/** The largest saved report. It is held in memory as a whole, several times. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Reads a report that was saved as JSON; null where the file is not a report, or cannot be opened.
 * @throws UserError of kind `input` where the report is invalid.
 */
export async function readSaved(path: string): Promise<Side | null> {
  if (!BEGINS.test(await headOf(path))) return null;
  const { size } = await stat(path);
  if (size > MAX_BYTES) {
    throw new UserError(
      'input',
      `${path}: expected a saved report of at most ${MAX_BYTES / 2 ** 20} MiB, received ${Math.ceil(size / 2 ** 20)}`,
      'Use the input from which the report was made: it can have any size.',
    );
  }
  let value: unknown;
  try {
    value = JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UserError('input', `${path}: expected a report as JSON: ${(error as Error).message}`);
  }
  const { data, error } = SAVED.safeParse(value, { error: (issue) => en().localeError(issue) });
  if (data) {
    const diagnoses = data.diagnoses?.length ?? null;
    return { ...data, clips: data.clips.toSorted(byId), summary: null, behaviour: null, diagnoses };
  }
  const [issue] = error.issues;
  throw new UserError(
    'input',
    `${path}: expected a report as JSON: /${issue?.path.join('/')}: ${issue?.message}`,
  );
}

function byId(a: { readonly clipId: string }, b: { readonly clipId: string }): number {
  return a.clipId < b.clipId ? -1 : Number(a.clipId > b.clipId);
}

async function headOf(path: string): Promise<string> {
  const file = await open(path).catch(() => null);
  if (!file) return '';
  try {
    if (!(await file.stat()).isFile()) return '';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
