import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** As many links as Linux follows in a path. */
const MOST_LINKS = 40;

/** Whether a path leads below a folder, links followed. Neither need be there. @param path Absolute. */
export function isBelow(folder: string, path: string): boolean {
  const from = whereTo(folder);
  const to = whereTo(path);
  if (from === null || to === null) return false;
  const way = relative(from, to);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Where a path leads, though nothing may be there yet; null where its links run in a circle, or may not be looked at. */
function whereTo(path: string, links = MOST_LINKS): string | null {
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
