import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { shellWords } from '../../send/curl.js';
import type { Cli } from '../cli.js';
import { isBelow } from './below.js';

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

const WRITABLE_BY_OTHERS = 0o002;
const ROOT = 0;

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
  const ofMine = ({ uid }: Ownership) => uid === me || uid === ROOT;
  // Containers of CI check out as one user and run as another.
  const accepted = isCi(env) && isBelow(treeOf(cwd()), real);
  for (const [what, status] of [...places, ['the link to it', { uid: link.uid, mode: 0 }] as const]) {
    if (!ofMine(status) && !accepted)
      throw refusal(name, `${what} belongs to another user (uid ${status.uid})`);
    if ((status.mode & WRITABLE_BY_OTHERS) !== 0) throw refusal(name, `any user may write ${what}`);
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
