import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Ledger } from '../../../src/send/ledger/ledger.js';
import { openLocked } from '../../../src/send/ledger/open-file.js';
import { LIBRARIES, type Library, loadSqlite, type Sqlite } from '../../../src/send/ledger/sqlite.js';
import type { LoggedSession } from '../../../src/send/outcome.js';

/** The libraries that this Node has. */
export const SQLITES: readonly { readonly library: Library; readonly sqlite: Sqlite }[] = (
  await Promise.all(
    LIBRARIES.map(async (library) => {
      const sqlite = await loadSqlite(library).catch(() => null);
      return sqlite ? [{ library, sqlite }] : [];
    }),
  )
).flat();

/** A folder until the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ledger-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export const ENDPOINT = 'https://traffic.example/api/consumption/events';
export const ORGANIZATION = '0a0a0a0a-0000-4000-8000-000000000001';
export const START = { command: 'send plays.csv', host: 'here', pid: 1, shift: null } as const;

/** A ledger that is open; the test closes it. */
export function opened(path: string, sqlite: Sqlite, now = 1_700_000_000): Ledger {
  return new Ledger(path, openLocked(path, sqlite), ENDPOINT, () => now);
}

export function sessionId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function mark(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(number, 4);
  return bytes;
}

export function logged(number: number, more: Partial<LoggedSession> = {}): LoggedSession {
  return { key: sessionId(number), mark: mark(number), doubtful: false, shift: null, ...more };
}
