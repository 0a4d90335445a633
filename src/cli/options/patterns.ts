import { type Stats, statSync } from 'node:fs';
import { basename, isAbsolute, resolve, sep } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { shellWords } from '../../domain/text.js';

/** The file endings to read from a folder, or from a pattern that ends in a star. */
const ENDINGS = ['ndjson', 'jsonl', 'json', 'csv', 'tsv', 'har', 'parquet'];
const KNOWN_ENDING = new RegExp(`\\.(?:${ENDINGS.join('|')})(?:\\.gz)?$`, 'i');

/** Files next to inputs that are not inputs: those that `send` writes, and the config file. */
const NO_INPUT = /\.(?:refused|unreadable|unmapped|ledger)[^/]*$|^omny-consume\.config\.json$/i;

const MAGIC = /[*?[\]{}()!]/;

/**
 * The inputs of a command line. A folder means its files with known endings, a pattern means the files that match;
 * both are sorted. A file with exactly that name wins over a pattern. No file appears twice.
 * @throws UserError of kind `input` when a folder or a pattern matches no file
 */
export async function expandInputs(words: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  const seen = new Set<string>();
  for (const word of words) {
    const found = await filesOf(word);
    const others = found?.filter((file) => !seen.has(resolve(file))) ?? [word];
    for (const file of others) seen.add(resolve(file));
    files.push(...others);
  }
  return files;
}

/** Whether a pattern matches a folder. */
async function matchesFolder(pattern: string, word: string): Promise<boolean> {
  const { glob } = await import('tinyglobby');
  const options = { onlyDirectories: true, expandDirectories: false, absolute: isAbsolute(word) };
  return (await glob(pattern, options)).length > 0;
}

/** The files of a folder or pattern; null for the name of a file, or standard input. */
async function filesOf(word: string): Promise<readonly string[] | null> {
  if (word === '-') return null;
  const status = statusOf(word);
  if (status ? !status.isDirectory() : !MAGIC.test(word)) return null;
  const { convertPathToPattern, glob } = await import('tinyglobby');
  const pattern = status ? `${convertPathToPattern(word).replace(/\/+$/, '')}/*` : word.replaceAll(sep, '/');
  const ofAnyEnding = !/(?:^|\/)\*+$/.test(pattern);
  const matching = await glob(pattern, { expandDirectories: false, absolute: isAbsolute(word) });
  const files = matching
    .filter((file) => !NO_INPUT.test(basename(file)) && (ofAnyEnding || KNOWN_ENDING.test(file)))
    .toSorted();
  if (files.length > 0) return files;
  const why = status
    ? `a folder that holds no file to read (${ENDINGS.map((ending) => `.${ending}`).join(', ')})`
    : `no file matches this pattern${(await matchesFolder(pattern, word)) ? `, but a folder does: '${word.replace(/\/+$/, '')}/*'` : ''}`;
  throw new UserError(
    'input',
    `${word}: ${why}`,
    status ? `To read the folders below it: ${shellWords([`${word.replace(/[\\/]+$/, '')}/**`])}` : undefined,
  );
}

function statusOf(word: string): Stats | null {
  try {
    return statSync(word);
  } catch {
    return null;
  }
}
