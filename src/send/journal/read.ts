import { createReadStream } from 'node:fs';
import { UserError } from '../../domain/errors.js';
import type { MemoryBudget } from '../../sessions/memory.js';
import {
  decodeRecord,
  JOURNAL_BEGINS,
  JOURNAL_VERSION,
  type JournalHeader,
  type ReadRecord,
} from './format.js';
import { type SessionState, SessionStates } from './session-states.js';

/** What a journal holds. */
export interface JournalContent {
  /** Null where the file is empty, or was cut within its first line. */
  readonly header: JournalHeader | null;
  readonly states: SessionStates;
  /** The highest number of a request. */
  readonly lastRequest: number;
  readonly runs: number;
  /** Requests that were begun, retries counted. */
  readonly requests: number;
  /** Of the last run. */
  readonly sessions: number;
  /** Why the last run ended; null where it was killed, or runs still. */
  readonly ended: string | null;
  /** Bytes that are sound: what follows is the torn end of a write. */
  readonly length: number;
  readonly tornBytes: number;
}

type Bytes = AsyncIterable<Buffer> | Iterable<Buffer>;

/** How long a journal is, up to a torn end, and how long that is. */
type Extent = Pick<JournalContent, 'length' | 'tornBytes'>;

/**
 * Reads a journal from its start, and drops a torn end. The states are the caller's to close.
 * @param memory For what is known of sessions; what is more goes to disk.
 * @throws UserError of kind `input`: damaged in its middle (with the line), of another version, no journal, or not to be read; of kind
 * `output`: the disk cannot hold the states
 */
export async function readJournal(path: string, memory?: MemoryBudget): Promise<JournalContent> {
  return contentOf((take) => eachRecord(path, take), memory);
}

/** The same, of bytes from anywhere. @param name For messages. */
export async function readJournalBytes(
  bytes: Bytes,
  name: string,
  memory?: MemoryBudget,
): Promise<JournalContent> {
  return contentOf((take) => eachOf(bytes, name, take), memory);
}

async function contentOf(
  read: (take: (record: ReadRecord) => void) => Promise<Extent>,
  memory?: MemoryBudget,
): Promise<JournalContent> {
  const replay = new Replay(new SessionStates(memory));
  try {
    const extent = await read((record) => replay.take(record));
    return { ...replay.result(), ...extent };
  } catch (error) {
    replay.states.close();
    throw error;
  }
}

/** Tells of each sound record of a journal, in order. @throws UserError of kind `input`, as `readJournal` */
export async function eachRecord(path: string, take: (record: ReadRecord) => void): Promise<Extent> {
  return eachOf(createReadStream(path, { highWaterMark: 1 << 18 }), path, take).catch(
    (error: NodeJS.ErrnoException) => {
      if (error instanceof UserError || error.code === undefined) throw error;
      if (error.code === 'ENOENT') throw new UserError('input', `${path}: no such file`);
      if (error.code === 'EISDIR') throw new UserError('input', `${path}: is a folder, expected a journal`);
      throw new UserError('input', `${path}: cannot be read: ${error.message}`);
    },
  );
}

async function eachOf(bytes: Bytes, name: string, take: (record: ReadRecord) => void): Promise<Extent> {
  let line = 0;
  let offset = 0;
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);
  let begins = '';
  let damage: { readonly line: number; readonly offset: number } | null = null;
  for await (const chunk of bytes) {
    if (begins.length < JOURNAL_BEGINS.length) {
      begins += chunk.toString('latin1', 0, JOURNAL_BEGINS.length);
      refuseForeign(begins.slice(0, JOURNAL_BEGINS.length), name);
    }
    size += chunk.length;
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = data.indexOf(10, from); end >= 0; end = data.indexOf(10, from)) {
      const record = decodeRecord(data.subarray(from, end));
      line += 1;
      if (record === null) damage ??= { line, offset };
      else if (damage && record.synced > damage.offset) throw damaged(name, damage.line);
      else if (!damage) {
        if (record.kind === 'journal') refuseOtherVersion(record, name);
        take(record);
      }
      offset += end + 1 - from;
      from = end + 1;
    }
    rest = data.subarray(from);
  }
  const length = damage?.offset ?? offset;
  return { length, tornBytes: size - length };
}

function refuseForeign(begins: string, name: string): void {
  if (JOURNAL_BEGINS.startsWith(begins) || /^\0+$/.test(begins)) return;
  throw new UserError('input', `${name}: is no journal of omny-consume: it is left as it is`);
}

function refuseOtherVersion({ version }: JournalHeader, name: string): void {
  if (version === JOURNAL_VERSION) return;
  throw new UserError(
    'input',
    `${name}: expected a journal of version ${JOURNAL_VERSION}, received version ${version}`,
    'Go on with the omny-consume that wrote it.',
  );
}

function damaged(name: string, line: number): UserError {
  return new UserError(
    'input',
    `${name}:${line}: this line of the journal is damaged, though it had been safely on the disk: what was delivered cannot be told for sure`,
    'Nothing was sent. Restore the file from a copy; do not delete it.',
  );
}

/** What became of each session, from records in order. */
class Replay {
  #header: JournalHeader | null = null;
  /** What is open, with what its sessions were before. */
  #open = new Map<number, { readonly marks: readonly string[]; readonly before: readonly SessionState[] }>();
  #lastRequest = 0;
  #runs = 0;
  #requests = 0;
  #sessions = 0;
  #ended: string | null = null;

  constructor(readonly states: SessionStates) {}

  take(record: ReadRecord): void {
    switch (record.kind) {
      case 'journal':
        this.#header ??= record;
        break;
      case 'run':
        // What an earlier run left open stays ambiguous.
        this.#open.clear();
        this.#runs += 1;
        this.#sessions = record.sessions;
        this.#ended = null;
        break;
      case 'sending': {
        const marks = record.sessions.map(([, mark]) => mark);
        const before = marks.map((mark) => this.states.get(mark));
        this.#open.set(record.request, { marks, before });
        this.#lastRequest = Math.max(this.#lastRequest, record.request);
        this.#requests += 1;
        for (const mark of marks) this.states.set(mark, 'ambiguous');
        break;
      }
      case 'settled': {
        const request = this.#open.get(record.request);
        this.#open.delete(record.request);
        request?.marks.forEach((mark, i) => {
          if (record.outcome === 'delivered') this.states.set(mark, 'delivered');
          else if (record.outcome !== 'ambiguous')
            this.states.set(mark, request.before[i] === 'ambiguous' ? 'ambiguous' : 'unsent');
        });
        break;
      }
      case 'refused':
        this.states.set(record.session[1], 'refused');
        break;
      case 'end':
        this.#ended = record.why;
        break;
    }
  }

  result(): Omit<JournalContent, 'length' | 'tornBytes'> {
    return {
      header: this.#header,
      states: this.states,
      lastRequest: this.#lastRequest,
      runs: this.#runs,
      requests: this.#requests,
      sessions: this.#sessions,
      ended: this.#ended,
    };
  }
}
