import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The path of a file as its repository has it, with slashes: from the folder of the workflow's checkout where the file lies in that, else
 * from the working folder; as it is where it lies in neither.
 */
export function repositoryPath(name: string, workspace: string | undefined): string {
  for (const folder of workspace ? [workspace, '.'] : ['.']) {
    const path = relative(resolve(folder), resolve(name));
    const outside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
    if (!outside) return path.split(sep).join('/');
  }
  return resolve(name).split(sep).join('/');
}
