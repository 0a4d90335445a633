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
import { shellWords } from '../../send/shell.js';
import { isJsonObject, type JsonObject } from '../../wire/json.js';
import type { Cli } from '../cli.js';

/** A config file that was read. */
export interface Config {
  /** As it is shown: from the working folder. */
  readonly name: string;
  /** The folder that its paths begin at. */
  readonly folder: string;
  readonly settings: JsonObject;
}

/** A config file that is to be read. */
export interface ConfigPlace {
  /** Absolute. */
  readonly path: string;
  /** Whether `--config` names it; else it was found, and must belong to whom it sets up. */
  readonly named: boolean;
}

/** @throws UserError of kind `usage` where it cannot be read, is not to be trusted, or is no JSON object. */
export async function readConfig(place: ConfigPlace, cli: Cli): Promise<Config> {
  const name = relative(cli.cwd(), place.path);
  const text = textOf(place, name, cli);
  const settings = await parsed(text, name);
  if (isJsonObject(settings)) return { name, folder: dirname(place.path), settings };
  throw new UserError('usage', `${name}: expected an object, as {"maxWarnings": 0}`);
}

/** JSON, in which comments may stand. */
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

/** What is looked at is what is read: one open file, whatever becomes of its name in between. */
function textOf({ path, named }: ConfigPlace, name: string, cli: Cli): string {
  const { O_RDONLY, O_NONBLOCK } = constants;
  let file: number | null = null;
  try {
    // One that was found may be a pipe, which must not be waited for.
    file = openSync(path, named ? O_RDONLY : O_RDONLY | O_NONBLOCK);
    const status = fstatSync(file);
    if (status.isDirectory()) throw new UserError('usage', `${name}: is a folder, expected a file`);
    if (!named) {
      if (!status.isFile())
        throw new UserError('usage', `${name}: is no regular file`, '--no-config does without.');
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

/** Whose a file is, and what others may do with it. */
export interface Ownership {
  readonly uid: number;
  readonly mode: number;
}

/** A config file that was found. */
export interface FoundConfig {
  /** Absolute. */
  readonly path: string;
  /** As it is shown. */
  readonly name: string;
  readonly file: Ownership;
}

const WRITABLE_BY_OTHERS_BIT = 0o002;
const ROOT_UID = 0;

/**
 * Refuses a config file that somebody else may have put there: it, or a folder that it lies in, belongs to another user, or others may
 * write there. What `--config` names is not asked about.
 * @param me The user's number; null where the system has none, as Windows.
 * @throws UserError of kind `usage`, telling both ways on
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
  // Containers of CI check out as one user and run as another.
  const accepted = isCi(env) && isBelow(treeOf(cwd()), real);
  for (const [what, status] of [...places, ['the link to it', { uid: link.uid, mode: 0 }] as const]) {
    if (!ofMine(status) && !accepted)
      throw refusal(name, `${what} belongs to another user (uid ${status.uid})`);
    if ((status.mode & WRITABLE_BY_OTHERS_BIT) !== 0) throw refusal(name, `any user may write ${what}`);
  }
}

function refusal(name: string, why: string): UserError {
  return new UserError(
    'usage',
    `${name}: ${why}: its settings are not taken`,
    `Where you trust it: --config ${shellWords([name])}; to do without: --no-config.`,
  );
}

function isCi({ CI }: Cli['env']): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false';
}

/** The working tree of git that a folder is part of; the folder itself where it is part of none. */
function treeOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** As many links as Linux follows in a path. */
const MAX_LINKS = 40;

/** Whether a path leads below a folder, links followed. Neither need be there. @param path Absolute. */
export function isBelow(folder: string, path: string): boolean {
  const from = whereTo(folder);
  const to = whereTo(path);
  if (from === null || to === null) return false;
  const way = relative(from, to);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Where a path leads, though nothing may be there yet; null where its links run in a circle, or may not be looked at. */
function whereTo(path: string, links = MAX_LINKS): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || links === 0) return null;
  }
  const folder = dirname(path);
  if (folder === path) return path;
  const real = whereTo(folder, links);
  if (real === null) return null;
  const inside = join(real, basename(path));
  if (lstatSync(inside, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return inside;
  return whereTo(resolve(real, readlinkSync(inside)), links - 1);
}
