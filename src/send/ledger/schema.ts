import { readGuid, writeGuid } from '../../domain/guid.js';

/** `omny` in ASCII: marks a SQLite file as a ledger. */
export const APPLICATION_ID = 0x6f6d6e79;
export const LEDGER_VERSION = 1;

/**
 * The state of a session in the ledger. `in-flight`: a request with it was sent, or was about to be, and no result is recorded.
 * `unsent`: it was certainly not counted, and may be sent.
 */
export const LEDGER_STATES = ['delivered', 'in-flight', 'ambiguous', 'refused', 'unsent'] as const;
export type LedgerState = (typeof LEDGER_STATES)[number];

/** The number of a state in the column `state`. Never change a number: ledgers on disk hold it. */
export const STATE_CODES: Readonly<Record<LedgerState, number>> = {
  delivered: 1,
  'in-flight': 2,
  ambiguous: 3,
  refused: 4,
  unsent: 5,
};

export function stateOf(code: number): LedgerState {
  return LEDGER_STATES[code - 1]!;
}

/** Documented in `docs/ledger.md`; a test checks that the two agree. */
export const SCHEMA = `
CREATE TABLE run (
  run       INTEGER PRIMARY KEY,
  began     INTEGER NOT NULL,  -- Unix seconds
  ended     INTEGER,           -- null while it runs, or if it was killed
  exit_code INTEGER,
  why       TEXT,              -- how it ended, in words
  command   TEXT NOT NULL,     -- without credentials
  host      TEXT NOT NULL,
  pid       INTEGER NOT NULL,
  shift     INTEGER            -- milliseconds that --shift-to now moved times by
) STRICT;

CREATE TABLE endpoint (
  endpoint INTEGER PRIMARY KEY,
  key      TEXT NOT NULL UNIQUE  -- scheme, host, port and path, or mock
) STRICT;

CREATE TABLE organization (
  organization INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE  -- in lower case
) STRICT;

CREATE TABLE answer (
  answer  INTEGER PRIMARY KEY,
  status  INTEGER,        -- HTTP; null without an answer
  saw     TEXT NOT NULL,  -- what happened, in words
  excerpt TEXT NOT NULL,  -- the answer's first characters
  UNIQUE (saw, excerpt)
) STRICT;

CREATE TABLE session (
  endpoint     INTEGER NOT NULL,
  session      BLOB NOT NULL,     -- the 16 bytes of the SessionId as sent
  state        INTEGER NOT NULL,  -- 1 delivered, 2 in flight, 3 ambiguous, 4 refused, 5 not sent
  mark         BLOB NOT NULL,     -- 8 bytes: a hash of its events
  organization INTEGER NOT NULL,
  run          INTEGER NOT NULL,  -- the run that changed the state last
  at           INTEGER NOT NULL,  -- Unix seconds of that
  answer       INTEGER,           -- null if the answer was 2xx with "Enabled": true
  shift        INTEGER,           -- milliseconds that --shift-to now moved its times by
  PRIMARY KEY (endpoint, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE changed (
  endpoint INTEGER NOT NULL,
  session  BLOB NOT NULL,
  mark     BLOB NOT NULL,     -- of the changed events, which were not sent
  run      INTEGER NOT NULL,  -- the run that saw them first
  PRIMARY KEY (endpoint, session, mark)
) STRICT, WITHOUT ROWID;

CREATE TABLE settlement (
  settlement INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  who        TEXT NOT NULL,     -- user and host
  verdict    TEXT NOT NULL      -- delivered or not-sent
) STRICT;

CREATE TABLE settled (
  endpoint   INTEGER NOT NULL,
  session    BLOB NOT NULL,
  settlement INTEGER NOT NULL,
  PRIMARY KEY (endpoint, session, settlement)
) STRICT, WITHOUT ROWID;

PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${LEDGER_VERSION};
`;

/** Bytes of a SessionId in a ledger. */
export const KEY_BYTES = 16;

const words = new Uint32Array(4);

/** The 16 bytes of a SessionId, in the order of its digits. @param guid In either letter case. */
export function sessionKey(guid: string): Buffer {
  writeGuid(guid, words, 0);
  const bytes = Buffer.allocUnsafe(KEY_BYTES);
  for (let word = 0; word < 4; word += 1) bytes.writeUInt32BE(words[word]!, 4 * word);
  return bytes;
}

/** The SessionId of 16 bytes, in lower case. */
export function sessionIdOf(key: Uint8Array): string {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  for (let word = 0; word < 4; word += 1) words[word] = bytes.readUInt32BE(4 * word);
  return readGuid(words, 0);
}
