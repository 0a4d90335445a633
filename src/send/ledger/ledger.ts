import { unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { shellWords } from '../../domain/text.js';
import type { DeliveryLog, LoggedSession, Settled } from '../outcome.js';
import { LedgerLost, writeFailure } from './failures.js';
import {
  differenceOf,
  type FileChange,
  type FileIdentity,
  forgetHolder,
  type Holder,
  identityOf,
  reportHolder,
} from './ledger-file.js';
import type { LockedFile } from './open-file.js';
import { LedgerReader, RowWriter } from './rows.js';
import type { LedgerState } from './schema.js';
import { type Database, SqliteFailure } from './sqlite.js';

export interface RunStart {
  /** Without credentials. */
  readonly command: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds that `--shift-to now` moves times by; null without it. */
  readonly shift: number | null;
}

export interface RunEnd {
  readonly exitCode: number;
  /** How the run ended, in words. */
  readonly why: string;
}

/** What the next run needs to know about the latest run. */
export interface LastRun {
  readonly run: number;
  /** Null if the run was killed. */
  readonly exitCode: number | null;
  readonly shift: number | null;
}

interface Queued {
  readonly work: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A ledger that is open for one run. All writes requested in one turn of the event loop are committed in one transaction. Each
 * promise resolves when its write is on the disk.
 */
export class Ledger implements DeliveryLog {
  readonly path: string;
  readonly real: string;
  readonly isNew: boolean;
  readonly #database: Database;
  readonly #endpoint: string;
  readonly #now: () => number;
  #identity: FileIdentity;
  #lost: LedgerLost | null = null;
  #queue: Queued[] = [];
  #run = 0;
  #rows: RowWriter | null = null;
  #request = 0;
  readonly #open = new Map<number, readonly LoggedSession[]>();

  /** @param endpoint Its key (`endpointKey`). @param now Unix seconds. */
  constructor(path: string, file: LockedFile, endpoint: string, now: () => number) {
    this.path = path;
    this.real = file.real;
    this.isNew = file.isNew;
    this.#database = file.database;
    this.#identity = file.identity;
    this.#endpoint = endpoint;
    this.#now = now;
  }

  /** Writes the file beside the ledger that names the run using it. */
  announce(holder: Holder): void {
    reportHolder(this.real, holder);
  }

  /** A reader that looks sessions up. Make it before `begin`; it works for the whole run. */
  reader(): LedgerReader {
    return new LedgerReader(this.path, this.#database, this.#endpoint);
  }

  /** The latest run in the ledger; null if it holds no run. */
  get lastRun(): LastRun | null {
    const row = this.#database
      .prepare('SELECT run, exit_code, shift FROM run ORDER BY run DESC LIMIT 1')
      .get();
    if (row === undefined) return null;
    return {
      run: Number(row.run),
      exitCode: row.exit_code as number | null,
      shift: row.shift as number | null,
    };
  }

  /** Starts a run: when the promise resolves, the ledger has recorded the run as not ended. @throws LedgerFailure */
  async begin({ command, host, pid, shift }: RunStart): Promise<void> {
    await this.#commit(() => {
      this.#run = (this.lastRun?.run ?? 0) + 1;
      this.#database
        .prepare('INSERT INTO run (run, began, command, host, pid, shift) VALUES (?, ?, ?, ?, ?, ?)')
        .run(this.#run, this.#seconds(), command, host, pid, shift);
      this.#rows = new RowWriter(this.#database, this.#endpoint, this.#run);
    });
  }

  async sending({ organization, sessions }: Parameters<DeliveryLog['sending']>[0]): Promise<number> {
    this.#request += 1;
    const request = this.#request;
    await this.#commit(() => {
      const at = this.#seconds();
      for (const session of sessions) this.#writer.inFlight(session, organization, at);
    });
    this.#open.set(request, sessions);
    return request;
  }

  async settled(request: number, { outcome, status, saw, answer }: Settled): Promise<void> {
    const sessions = this.#open.get(request) ?? [];
    this.#open.delete(request);
    await this.#commit(() => {
      const at = this.#seconds();
      const states = sessions.map(({ doubtful }) => stateAfter(outcome, doubtful));
      const answerId = states.includes('ambiguous') ? this.#writer.answerNumber(status, saw, answer) : null;
      sessions.forEach(({ key }, i) => {
        const state = states[i]!;
        this.#writer.settle(key, state, at, state === 'ambiguous' ? answerId : null);
      });
    });
  }

  async refused(session: LoggedSession, status: number | null, saw: string, answer: string): Promise<void> {
    await this.#commit(() => {
      const answerId = this.#writer.answerNumber(status, saw, answer);
      this.#writer.settle(session.key, 'refused', this.#seconds(), answerId);
    });
  }

  /** Records that these changed sessions are in the dead letters. */
  async changed(sessions: readonly Pick<LoggedSession, 'key' | 'mark'>[]): Promise<void> {
    await this.#commit(() => {
      for (const { key, mark } of sessions) this.#writer.addChanged(key, mark);
    });
  }

  /** Ends the run. @throws LedgerFailure */
  async end({ exitCode, why }: RunEnd): Promise<void> {
    await this.#commit(() => {
      this.#database
        .prepare('UPDATE run SET ended = ?, exit_code = ?, why = ? WHERE run = ?')
        .run(this.#seconds(), exitCode, why, this.#run);
    });
  }

  /** Releases the lock. */
  close(): void {
    if (!this.#lost && differenceOf(this.#identity, identityOf(this.path)) === null) {
      forgetHolder(this.real);
      // No run started, so this run removes the ledger that it made.
      if (this.isNew && this.#run === 0) unlinkSync(this.real);
      try {
        // This removes the empty rollback journal, so that a closed ledger is a single file.
        this.#database.exec('PRAGMA journal_mode = DELETE');
      } catch {}
    }
    this.#database.close();
  }

  get #writer(): RowWriter {
    if (this.#rows === null) throw new Error('the run was not started');
    return this.#rows;
  }

  #seconds(): number {
    return Math.floor(this.#now());
  }

  #commit(work: () => void): Promise<void> {
    return new Promise((done, failed) => {
      this.#queue.push({ work, done, failed });
      if (this.#queue.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    try {
      this.#checkFile();
      this.#write(queue);
    } catch (error) {
      this.#rows?.forget();
      const failure = writeFailure(this.path, error);
      for (const { failed } of queue) failed(failure);
      return;
    }
    for (const { done } of queue) done();
  }

  #write(queue: readonly Queued[]): void {
    this.#database.exec('BEGIN');
    try {
      for (const { work } of queue) work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    const identity = identityOf(this.path);
    if (identity === null || identity.inode !== this.#identity.inode)
      this.#lose(identity ? 'replaced' : 'gone');
    this.#identity = identity;
  }

  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch (error) {
      // A full disk may have rolled it back already.
      if (!(error instanceof SqliteFailure)) throw error;
    }
  }

  /** @throws LedgerLost if the file at the path was moved, replaced or changed since the last commit */
  #checkFile(): void {
    if (this.#lost) throw this.#lost;
    const change = differenceOf(this.#identity, identityOf(this.path));
    if (change !== null) this.#lose(change);
  }

  #lose(change: FileChange): never {
    this.#lost = new LedgerLost(this.path, change, this.#adviceAfter(change));
    throw this.#lost;
  }

  #adviceAfter(change: FileChange): string {
    const find = `find ${shellWords([dirname(this.real)])} -xdev -inum ${this.#identity.inode}`;
    switch (change) {
      case 'gone':
      case 'replaced':
        return `If the ledger was moved, ${find} finds it: move it back. Otherwise restore it from a copy, and check in Omny Studio what was sent after the copy was made`;
      case 'linked':
        return `${find} prints the other name: delete that name, and run the same command again`;
      case 'written':
        return 'Make sure that no other program writes to the ledger. If it is damaged, restore it from a copy. Then run the same command again';
    }
  }
}

function stateAfter(outcome: Settled['outcome'], doubtful: boolean): LedgerState {
  if (outcome === 'delivered') return 'delivered';
  return outcome === 'ambiguous' || doubtful ? 'ambiguous' : 'unsent';
}
