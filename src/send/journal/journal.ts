import { diskReason } from '../../domain/errors.js';
import type { Clock } from '../clock.js';
import { type JournalFile, openJournalFile } from './file.js';
import type { JournalHeader, JournalRecord, JournalSession, SettledRecord } from './format.js';
import type { JournalContent } from './read.js';
import { JournalWriter } from './writer.js';

/** A session by what a journal knows it by. */
export interface MarkedSession {
  readonly key: string;
  readonly mark: string;
}

/** Where a delivery writes down what it does. */
export interface Ledger {
  /** Gives the request's number when it may leave. */
  sending(request: {
    readonly attempt: number;
    readonly organization: string;
    readonly sessions: readonly MarkedSession[];
  }): number | Promise<number>;
  settled(request: number, settled: Omit<SettledRecord, 'kind' | 'request' | 'at'>): void | Promise<void>;
  /** A session was refused for good, and is in the dead letters. */
  refused(session: JournalSession, saw: string, answer: string): void | Promise<void>;
}

/** A delivery without a journal. */
export const NO_LEDGER: Ledger = {
  sending: () => 0,
  settled: () => {},
  refused: () => {},
};

/** The journal could not be written: nothing may be sent any more. */
export class JournalFailure extends Error {
  override readonly name = 'JournalFailure';

  constructor(override readonly cause: NodeJS.ErrnoException) {
    super(diskReason(cause));
  }
}

export interface JournalOptions {
  readonly clock: Clock;
  /** Unix seconds. */
  readonly now: () => number;
}

/** A journal that is open for one run. */
export class Journal implements Ledger {
  readonly #writer: JournalWriter;
  readonly #file: JournalFile;
  readonly #now: () => number;
  #request: number;

  constructor(file: JournalFile, { length, lastRequest }: JournalContent, { clock, now }: JournalOptions) {
    this.#file = file;
    this.#writer = new JournalWriter(file, length, clock);
    this.#request = lastRequest;
    this.#now = now;
  }

  /** Begins a run: the header, where the file has none yet, and the run's record are on the disk when it resolves. */
  async begin(header: Omit<JournalHeader, 'kind' | 'at'> | null, sessions: number): Promise<void> {
    const at = this.#now();
    if (header) void this.#writer.append({ kind: 'journal', ...header, at }).catch(() => {});
    await this.#told(this.#writer.commit({ kind: 'run', at, sessions }));
  }

  async sending({ sessions, ...request }: Parameters<Ledger['sending']>[0]): Promise<number> {
    this.#request += 1;
    const number = this.#request;
    const record: JournalRecord = {
      kind: 'sending',
      request: number,
      at: this.#now(),
      ...request,
      sessions: sessions.map(({ key, mark }) => [key, mark]),
    };
    await this.#told(this.#writer.commit(record));
    return number;
  }

  async settled(request: number, settled: Parameters<Ledger['settled']>[1]): Promise<void> {
    await this.#told(this.#writer.append({ kind: 'settled', request, at: this.#now(), ...settled }));
  }

  async refused(session: JournalSession, saw: string, answer: string): Promise<void> {
    await this.#told(this.#writer.append({ kind: 'refused', at: this.#now(), session, saw, answer }));
  }

  /** Ends the run: everything is on the disk when it resolves. */
  async end(why: string): Promise<void> {
    try {
      await this.#told(this.#writer.commit({ kind: 'end', at: this.#now(), why }));
    } finally {
      await this.#file.close();
    }
  }

  async #told(written: Promise<void>): Promise<void> {
    await written.catch((error: NodeJS.ErrnoException) => {
      throw new JournalFailure(error);
    });
  }
}

/** Opens a journal's file for a run. @param content What `readJournal` gave of it. */
export async function openJournal(
  path: string,
  content: JournalContent,
  options: JournalOptions,
): Promise<Journal> {
  const file = await openJournalFile(path, content.length).catch((error: NodeJS.ErrnoException) => {
    throw new JournalFailure(error);
  });
  return new Journal(file, content, options);
}
