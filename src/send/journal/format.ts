import { crc32 } from 'node:zlib';
import type { OutcomeKind } from '../outcome.js';

/**
 * The journal of a delivery: NDJSON that is only ever appended to, a record a line, so that `jq` reads it.
 *
 * - `journal` is the first line, once: what the journal belongs to.
 * - `run` begins each run of the command.
 * - `sending` stands on the disk before its request leaves. Until it is settled, its sessions may have been counted.
 * - `settled` tells the answer. It may be lost with the power: then the sessions are ambiguous, which is safe.
 * - `refused` ends a session that the endpoint refuses for good; it is in the dead letters by then.
 * - `end` closes a run that was not killed.
 *
 * Every line carries `synced`, how many bytes of the file were surely on the disk when it was written, and ends in `sum`, the CRC-32 of
 * all bytes of the line before `,"sum"`. A line that cannot be read is the torn end of the file where no later line says that it was on
 * the disk, and damage where one does.
 */
export const JOURNAL_VERSION = 2;

/** A session in the journal: its SessionId, and its mark (`session-mark.ts`). */
export type JournalSession = readonly [sessionId: string, mark: string];

export interface JournalHeader {
  readonly kind: 'journal';
  readonly version: number;
  readonly endpoint: string;
  readonly organizations: readonly string[];
  /** Fingerprint of the input's bytes. */
  readonly input: string;
  readonly settings: JournalSettings;
  /** Unix seconds that the earliest time was moved to; null where times were not moved. */
  readonly shiftedTo: number | null;
  /** Unix seconds. */
  readonly at: number;
}

/** What changes the content of what is sent, and so may not change between runs. Null where it was not told. */
export type JournalSettings = Readonly<Record<string, string | null>>;

export interface RunRecord {
  readonly kind: 'run';
  readonly at: number;
  /** How many sessions this journal's input has to be delivered, those delivered before included. */
  readonly sessions: number;
}

export interface SendingRecord {
  readonly kind: 'sending';
  /** Unique in the journal. */
  readonly request: number;
  /** From 1. */
  readonly attempt: number;
  readonly at: number;
  readonly organization: string;
  readonly sessions: readonly JournalSession[];
}

/** `halved`: refused, and tried again in halves. `stopped`: it never left, since the run was stopped first. */
export type SettledOutcome = OutcomeKind | 'halved' | 'stopped';

export interface SettledRecord {
  readonly kind: 'settled';
  readonly request: number;
  readonly at: number;
  readonly outcome: SettledOutcome;
  readonly status: number | null;
  readonly saw: string;
  /** The answer's first characters. */
  readonly answer: string;
}

export interface RefusedRecord {
  readonly kind: 'refused';
  readonly at: number;
  readonly session: JournalSession;
  readonly saw: string;
  readonly answer: string;
}

export interface EndRecord {
  readonly kind: 'end';
  readonly at: number;
  readonly why: string;
}

export type JournalRecord =
  | JournalHeader
  | RunRecord
  | SendingRecord
  | SettledRecord
  | RefusedRecord
  | EndRecord;

/** A record as it was read. */
export type ReadRecord = JournalRecord & { readonly synced: number };

const SUM = ',"sum":"';
const SUM_LENGTH = SUM.length + 8 + '"}'.length;

/** A record as a line, its end included. @param synced How many bytes of the file are surely on the disk. */
export function encodeRecord(record: JournalRecord, synced: number): Buffer {
  const open = JSON.stringify({ ...record, synced }).slice(0, -1);
  return Buffer.from(`${open}${SUM}${checksum(Buffer.from(open))}"}\n`);
}

/** The record of a line without its end; null where the line is damaged. */
export function decodeRecord(line: Buffer): ReadRecord | null {
  const cut = line.length - SUM_LENGTH;
  if (cut <= 0) return null;
  const tail = line.toString('latin1', cut);
  if (tail !== `${SUM}${checksum(line.subarray(0, cut))}"}`) return null;
  return JSON.parse(`${line.toString('utf8', 0, cut)}}`) as ReadRecord;
}

/** What every journal begins with. */
export const JOURNAL_BEGINS = '{"kind":"journal",';

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
