import { statfsSync } from 'node:fs';
import { platform } from 'node:os';
import { UserError } from '../../domain/errors.js';

/** File systems on which a lock of one machine may not hold on another, by Linux's numbers (`man 2 statfs`). */
const REMOTE: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

/** The number of the file system that a folder lies on; null where the system cannot tell. */
export type FileSystemType = (folder: string) => number | null;

const systemType: FileSystemType = (folder) => {
  if (platform() !== 'linux') return null;
  try {
    return statfsSync(folder).type;
  } catch {
    return null;
  }
};

/** @throws UserError of kind `usage` where the ledger would lie on a network file system */
export function refuseRemoteFolder(ledger: string, folder: string, typeOf = systemType): void {
  const type = typeOf(folder);
  const name = type === null ? undefined : REMOTE.get(type >>> 0);
  if (name === undefined) return;
  throw new UserError(
    'usage',
    `${ledger}: lies on ${name}, where its lock may not hold on another machine: nothing was sent`,
    'Name a file on a local disk with --ledger FILE; --ledger-anywhere goes on, where surely nobody else sends with it.',
  );
}
