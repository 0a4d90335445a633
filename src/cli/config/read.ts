import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { shellWords } from '../../domain/text.js';
import { isJsonObject, type JsonObject } from '../../wire/json.js';
import type { Cli } from '../cli.js';

/** A config file after reading. */
export interface Config {
  /** The path to show, relative to the working folder. */
  readonly name: string;
  /** The folder that its relative paths start from. */
  readonly folder: string;
  readonly settings: JsonObject;
}

/** A config file to read. */
export interface ConfigPlace {
  /** Absolute. */
  readonly path: string;
  /** Whether `--config` names it. A file that was only found must belong to the user. */
  readonly named: boolean;
}

/**
 * @throws UserError of kind `usage` when the file cannot be read, cannot be trusted, or does not hold a JSON object
 */
export async function readConfig(place: ConfigPlace, cli: Cli): Promise<Config> {
  const name = relative(cli.cwd(), place.path);
  const text = textOf(place, name, cli);
  const settings = await parsed(text, name);
  if (isJsonObject(settings)) return { name, folder: dirname(place.path), settings };
  throw new UserError('usage', `${name}: expected an object, as {"maxWarnings": 0}`);
}

/** Parses JSON with comments. */
async function parsed(commented: string, name: string): Promise<unknown> {
  const { stripComments } = await import('jsonc-parser');
  const text = stripComments(commented, ' ');
  try {
    return JSON.parse(text);
  } catch {
    const { JsonText } = await import('../../read/json/text.js');
    const { line, column, expected, received } = new JsonText(text, { line: 1, column: 1 }).fault();
    throw new UserError('usage', `${name}:${line}:${column}: expected ${expected}, received ${received}`);
  }
}

/** Checks and reads the same open file, so that a rename in between changes nothing. */
function textOf({ path, named }: ConfigPlace, name: string, cli: Cli): string {
  const { O_RDONLY, O_NONBLOCK } = constants;
  let file: number | null = null;
  try {
    // A file that was only found could be a pipe, which would block.
    file = openSync(path, named ? O_RDONLY : O_RDONLY | O_NONBLOCK);
    const status = fstatSync(file);
    if (status.isDirectory()) throw new UserError('usage', `${name}: is a folder, expected a file`);
    if (!named) {
      if (!status.isFile())
        throw new UserError('usage', `${name}: is not a regular file`, 'Run without it: --no-config');
      refuseUntrusted({ path, name, file: status }, cli);
    }
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'is a folder, expected a file' : `cannot be read: ${message}`;
    throw new UserError('usage', `${name}: ${why}`);
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** The owner of a file, and who else can write it. */
export interface Ownership {
  readonly uid: number;
  readonly mode: number;
}

/** A config file that was found, and that `--config` does not name. */
export interface FoundConfig {
  /** Absolute. */
  readonly path: string;
  /** The path to show. */
  readonly name: string;
  readonly file: Ownership;
}

const WRITABLE_BY_OTHERS_BIT = 0o002;
const ROOT_UID = 0;

/**
 * Refuses a found config file that another user could have written: the file or a folder on its path belongs to
 * another user, or others can write it. A file that `--config` names is not checked.
 * @param me The user's id; null on systems without user ids, such as Windows.
 * @throws UserError of kind `usage` that says how to accept the file, and how to run without it
 */
export function refuseUntrusted(
  { path, name, file }: FoundConfig,
  { cwd, env }: Pick<Cli, 'cwd' | 'env'>,
  me = process.getuid?.() ?? null,
): void {
  if (me === null) return;
  const real = realpathSync(path);
  const link = lstatSync(path);
  const folders = new Set([dirname(path), dirname(real)]);
  const places = [
    ['it', file],
    ...[...folders].map((folder) => ['its folder', statSync(folder)] as const),
  ] as const;
  const ofMine = ({ uid }: Ownership) => uid === me || uid === ROOT_UID;
  // CI containers check out as one user and run as another.
  const accepted = isCi(env) && isBelow(treeOf(cwd()), real);
  for (const [what, status] of [...places, ['the link to it', { uid: link.uid, mode: 0 }] as const]) {
    if (!ofMine(status) && !accepted)
      throw refusal(name, `${what} belongs to another user (uid ${status.uid})`);
    if ((status.mode & WRITABLE_BY_OTHERS_BIT) !== 0) throw refusal(name, `any user can write to ${what}`);
  }
}

function refusal(name: string, why: string): UserError {
  return new UserError(
    'usage',
    `${name}: ${why}: its settings were not used`,
    `If you trust it: --config ${shellWords([name])}. To run without it: --no-config`,
  );
}

function isCi({ CI }: Cli['env']): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false';
}

/** The git working tree around a folder; the folder when there is no tree. */
function treeOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** The number of links that Linux follows in a path. */
const MAX_LINKS = 40;

/** Whether a path is inside a folder, with links followed. Neither has to exist. @param path Absolute. */
export function isBelow(folder: string, path: string): boolean {
  const from = targetOf(folder);
  const to = targetOf(path);
  if (from === null || to === null) return false;
  const way = relative(from, to);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The target of a path, even when nothing exists there yet; null when its links form a circle or cannot be read. */
function targetOf(path: string, links = MAX_LINKS): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || links === 0) return null;
  }
  const folder = dirname(path);
  if (folder === path) return path;
  const real = targetOf(folder, links);
  if (real === null) return null;
  const inside = join(real, basename(path));
  if (lstatSync(inside, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return inside;
  return targetOf(resolve(real, readlinkSync(inside)), links - 1);
}
