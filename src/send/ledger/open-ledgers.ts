import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../domain/clock.js';
import { UserError } from '../../domain/errors.js';
import { ofShard, type Shard, siblingsOf } from '../shard.js';
import { checkContents, emptyFile, openFailure } from './failures.js';
import { KnownSessions } from './known-sessions.js';
import { Ledger } from './ledger.js';
import { type Holder, holderOf, isOneFile, LedgerHeld } from './ledger-file.js';
import { type OnSlow, openLocked } from './open-file.js';
import { LedgerReader } from './rows.js';
import { type Database, type Sqlite, SqliteFailure } from './sqlite.js';

/** Which ledgers a run reads and writes. */
export interface LedgerNames {
  /** The name of the run's own ledger, without its shard. */
  readonly base: string;
  readonly shard: Shard;
  /** The ledgers of `--known`. */
  readonly known: readonly string[];
}

export interface OpenLedgers {
  /** The run's own ledger; null in a run that only reads. */
  readonly ledger: Ledger | null;
  readonly known: KnownSessions;
  /** The paths of the other ledgers that are read. */
  readonly others: readonly string[];
  close(): void;
}

export interface OpenSettings {
  readonly sqlite: Sqlite;
  /** The endpoint's key (`endpointKey`). */
  readonly endpoint: string;
  /** Unix seconds. */
  readonly now: () => number;
  readonly holder: Holder;
  readonly onSlow?: OnSlow;
}

/**
 * Opens a run's own ledger for this run only, then reads all other ledgers that can know its sessions. The order matters: if
 * two runs read each other's ledger, at least one of them finds the other's lock.
 * @throws LedgerHeld if another run uses one of them; UserError as `openLocked` and `openKnown` do
 */
export function openLedgers(names: LedgerNames, settings: OpenSettings): OpenLedgers {
  const { sqlite, endpoint, now, holder, onSlow } = settings;
  const path = ofShard(names.base, names.shard);
  const ledger = new Ledger(path, openLocked(path, sqlite, onSlow), endpoint, now);
  try {
    const read = openOthers(names, ledger.real, settings);
    ledger.announce(holder);
    return {
      ledger,
      known: new KnownSessions([ledger.reader(), ...read.readers]),
      others: read.files.map((file) => file.path),
      close() {
        for (const file of read.files) file.close();
        ledger.close();
      },
    };
  } catch (error) {
    ledger.close();
    throw error;
  }
}

/** Does the same for a run that sends nothing: writes nothing, and other runs that send nothing can read at the same time. */
export function readLedgers(names: LedgerNames, settings: OpenSettings): OpenLedgers {
  const own = ofShard(names.base, names.shard);
  const others = openOthers(names, null, settings);
  const files = [...others.files];
  const readers = [...others.readers];
  try {
    if (isOneFile(own, own)) {
      const file = openKnown(own, settings.sqlite);
      files.push(file);
      readers.unshift(new LedgerReader(own, file.database, settings.endpoint));
    }
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
  return {
    ledger: null,
    known: new KnownSessions(readers),
    others: others.files.map((file) => file.path),
    close() {
      for (const file of files) file.close();
    },
  };
}

function openOthers(
  { base, shard, known }: LedgerNames,
  real: string | null,
  { sqlite, endpoint }: Pick<OpenSettings, 'sqlite' | 'endpoint'>,
): { readonly files: readonly KnownFile[]; readonly readers: readonly LedgerReader[] } {
  const own = ofShard(base, shard);
  const realBase = real !== null && shard.count === 1 ? siblingsOf(real, shard) : [];
  const paths: string[] = [];
  for (const path of [...siblingsOf(base, shard), ...realBase, ...known]) {
    // A second descriptor of the run's own ledger would release its lock when it is closed.
    if (isOneFile(path, own) || paths.some((other) => isOneFile(path, other))) continue;
    paths.push(path);
  }
  const files: KnownFile[] = [];
  try {
    for (const path of paths) files.push(openKnown(path, sqlite));
    return { files, readers: files.map((file) => new LedgerReader(file.path, file.database, endpoint)) };
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}

export interface Waiting {
  /** How long to wait for a run that uses the ledger, in milliseconds; 0 to wait only for a run that is just beginning. */
  readonly mostMs: number;
  readonly signal: AbortSignal;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Called at the first failure, and then once a minute. */
  readonly onWait: (held: LedgerHeld) => void;
}

const TRY_EVERY_MS = 500;
/** How long a run that is just beginning has no file that names it, at most: it reads the other ledgers first. */
const BEGINNING_MS = 1000;
const REPORT_EVERY_MS = 60_000;

/**
 * Calls `open`, again and again while another run uses a ledger. @throws LedgerHeld once the time is up; the signal's reason if
 * it is aborted
 */
export async function waitFor<T>(open: () => T, { mostMs, signal, random, onWait }: Waiting): Promise<T> {
  const began = systemClock.nowMs();
  let reportedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    try {
      return open();
    } catch (error) {
      const now = systemClock.nowMs();
      if (!(error instanceof LedgerHeld)) throw error;
      // Two runs that begin at one moment, and read each other's ledger, could both find the other: one of them goes first.
      if (now - began >= (error.holder ? mostMs : Math.max(mostMs, BEGINNING_MS))) throw error;
      if (mostMs > 0 && now - reportedAt >= REPORT_EVERY_MS) {
        reportedAt = now;
        onWait(error);
      }
    }
    // A random wait: if two runs wait for each other's ledgers, one soon tries before the other.
    await setTimeout(TRY_EVERY_MS * (0.5 + random()), undefined, { signal }).catch(() => {});
  }
}

/** Another ledger, open for reading. No run can use that ledger until it is closed, unless a copy of it is open. */
export interface KnownFile {
  readonly path: string;
  readonly database: Database;
  readonly close: () => void;
}

/**
 * Opens another ledger for reading. Never writes to it: if its folder is read-only, or its last run was killed during a commit,
 * opens a copy of the ledger and its rollback journal.
 * @throws LedgerHeld if a run uses it; UserError if it does not exist, is damaged or is not a ledger
 */
export function openKnown(path: string, sqlite: Sqlite): KnownFile {
  if (!existsSync(path)) throw new UserError('usage', `${path}: no such ledger`);
  const status = statSync(path);
  if (!status.isFile())
    throw new UserError('usage', `${path}: is not a regular file, so it cannot be a ledger`);
  if (status.size === 0) throw emptyFile(path);
  const real = realpathSync(resolve(path));
  try {
    if (isWritable(dirname(real))) return inPlace(path, real, sqlite);
  } catch (error) {
    if (error instanceof SqliteFailure && error.problem === 'busy')
      throw new LedgerHeld(path, holderOf(real));
    const hot = error instanceof SqliteFailure && ['read-only', 'cannot-open'].includes(error.problem);
    if (!hot) throw openFailure(path, error);
  }
  return copied(path, real, sqlite);
}

function inPlace(path: string, real: string, sqlite: Sqlite): KnownFile {
  const database = sqlite.open(real, { readOnly: true });
  try {
    // An open transaction with a read keeps a shared lock until the connection is closed.
    database.exec('BEGIN');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    checkContents(database, path);
    return { path, database, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

function copied(path: string, real: string, sqlite: Sqlite): KnownFile {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
  const drop = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'ledger');
    const journal = `${real}-journal`;
    copyFileSync(real, copy);
    if (existsSync(journal)) copyFileSync(journal, `${copy}-journal`);
    const database = sqlite.open(copy, { readOnly: false });
    try {
      checkContents(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
    return {
      path,
      database,
      close() {
        database.close();
        drop();
      },
    };
  } catch (error) {
    drop();
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && !(error instanceof SqliteFailure))
      throw new UserError('output', `${path}: cannot be copied to ${tmpdir()} for reading: ${message}`);
    throw openFailure(path, error);
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
