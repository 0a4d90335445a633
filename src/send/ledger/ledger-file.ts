import { type BigIntStats, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { UserError } from '../../domain/errors.js';
import { isJsonObject } from '../../wire/json.js';

/**
 * The run that uses a ledger, as the file beside the ledger describes it. It is only for information: SQLite's lock decides.
 */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** Without credentials. */
  readonly command: string;
  /** The file that `--status` writes; null without the option. */
  readonly status: string | null;
}

/** Another run is using the ledger. */
export class LedgerHeld extends UserError {
  constructor(
    readonly path: string,
    readonly holder: Holder | null,
  ) {
    super(
      'usage',
      `${path}: another run is using this ledger, so nothing was sent${holder ? ` (${holderText(holder)})` : ''}`,
      'Wait until that run has ended',
    );
  }
}

export function holderText({ pid, host, since, command }: Holder): string {
  return `process ${pid} on ${host}, since ${since}: ${command}`;
}

export function holderPath(ledger: string): string {
  return `${ledger}.run`;
}

/** Writes the file that names the holder. Call it only while the lock is held. A failure to write is ignored. */
export function reportHolder(ledger: string, holder: Holder): void {
  try {
    writeFileSync(holderPath(ledger), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch {}
}

export function forgetHolder(ledger: string): void {
  try {
    rmSync(holderPath(ledger), { force: true });
  } catch {}
}

/** The holder that the file beside a ledger names; null if there is no readable file. */
export function holderOf(ledger: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(holderPath(ledger), 'utf8'));
    if (!isJsonObject(value)) return null;
    const { pid, host, since, command, status } = value;
    if (typeof pid !== 'number') return null;
    return {
      pid,
      host: String(host),
      since: String(since),
      command: String(command),
      status: typeof status === 'string' ? status : null,
    };
  } catch {
    return null;
  }
}

/** Identifies a ledger's file and its last change, to detect that it was replaced or written by another program. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly links: bigint;
  readonly size: bigint;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
}

/**
 * The identity of the file at a path; null without a file. Does not open the file: closing it again would release SQLite's
 * lock.
 */
export function identityOf(path: string): FileIdentity | null {
  const status = statusOf(path);
  if (!status) return null;
  const { dev, ino, nlink, size, mtimeNs } = status;
  return { device: dev, inode: ino, links: nlink, size, modified: mtimeNs };
}

/** What happened to a file since its earlier identity; null if nothing did. @param now Null if the file is gone. */
export function differenceOf(before: FileIdentity, now: FileIdentity | null): FileChange | null {
  if (now === null) return 'gone';
  if (now.device !== before.device || now.inode !== before.inode) return 'replaced';
  if (now.links !== before.links) return 'linked';
  if (now.size !== before.size || now.modified !== before.modified) return 'written';
  return null;
}

/** `linked`: it has another number of hard links. `written`: another process wrote to it. */
export type FileChange = 'gone' | 'replaced' | 'linked' | 'written';

/** Whether two paths lead to the same existing file. */
export function isOneFile(one: string, other: string): boolean {
  const [a, b] = [statusOf(one), statusOf(other)];
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function statusOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

/** File systems on which another machine may ignore this machine's lock, by Linux's type numbers (`man 2 statfs`). */
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

/** The type number of a folder's file system; null if the system does not report one. */
export type FileSystemType = (folder: string) => number | null;

const systemType: FileSystemType = (folder) => {
  if (platform() !== 'linux') return null;
  try {
    return statfsSync(folder).type;
  } catch {
    return null;
  }
};

/** @throws UserError of kind `usage` if the ledger would be on a network file system */
export function refuseRemoteFolder(ledger: string, folder: string, typeOf = systemType): void {
  const type = typeOf(folder);
  const name = type === null ? undefined : REMOTE.get(type >>> 0);
  if (name === undefined) return;
  throw new UserError(
    'usage',
    `${ledger}: is on ${name}, where another machine may not see its lock: nothing was sent`,
    'Name a file on a local disk with --ledger FILE; or add --ledger-anywhere if nobody else sends with this ledger.',
  );
}
