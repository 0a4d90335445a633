import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../domain/clock.js';
import { ofShard, type Shard, siblingsOf } from '../shard.js';
import { KnownSessions } from './known-sessions.js';
import { Ledger } from './ledger.js';
import { type Holder, isOneFile, LedgerHeld } from './ledger-file.js';
import { type OnSlow, openLocked } from './open-file.js';
import { type KnownFile, openKnown } from './open-known.js';
import { LedgerReader } from './rows.js';
import type { Sqlite } from './sqlite.js';

/** Which ledgers a run reads and writes. */
export interface LedgerNames {
  /** Of the run's own ledger, without its shard. */
  readonly base: string;
  readonly shard: Shard;
  /** Those of `--known`. */
  readonly known: readonly string[];
}

export interface OpenLedgers {
  /** Null in a run that writes nothing and has none yet. */
  readonly ledger: Ledger | null;
  readonly known: KnownSessions;
  /** Those that are read besides. */
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
 * Opens a run's own ledger alone for it, and all others that count for it. Its own comes first: of two runs that read each other's one sees
 * the other.
 * @throws LedgerHeld where another run has one of them; UserError as `openLocked` and `openKnown`
 */
export function openLedgers(names: LedgerNames, settings: OpenSettings): OpenLedgers {
  const { sqlite, endpoint, now, holder, onSlow } = settings;
  const path = ofShard(names.base, names.shard);
  const ledger = new Ledger(path, openLocked(path, sqlite, onSlow), endpoint, now);
  try {
    const read = openOthers(names, ledger.real, settings);
    ledger.tell(holder);
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

/** The same for a run that sends nothing: nothing is locked against other such runs, or written. */
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
    // Nothing in this process may open the ledger itself.
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
  /** Milliseconds; infinite without `--deadline`. */
  readonly mostMs: number;
  readonly signal: AbortSignal;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Told at first, and once a minute. */
  readonly onWait: (held: LedgerHeld) => void;
}

const TRY_EVERY_MS = 500;
const TELL_EVERY_MS = 60_000;

/** Opens, and tries again while another run has a ledger. @throws LedgerHeld once the time is up; what the signal was aborted with */
export async function waitFor<T>(open: () => T, { mostMs, signal, random, onWait }: Waiting): Promise<T> {
  const began = systemClock.nowMs();
  let told = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    try {
      return open();
    } catch (error) {
      const now = systemClock.nowMs();
      if (!(error instanceof LedgerHeld) || now - began >= mostMs) throw error;
      if (now - told >= TELL_EVERY_MS) {
        told = now;
        onWait(error);
      }
    }
    // Of two that wait for each other's ledgers, one soon comes first.
    await setTimeout(TRY_EVERY_MS * (0.5 + random()), undefined, { signal }).catch(() => {});
  }
}
