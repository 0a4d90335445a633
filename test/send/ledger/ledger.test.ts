import {
  appendFileSync,
  existsSync,
  linkSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pragma } from '../../../src/send/ledger/failures.js';
import { KnownSessions } from '../../../src/send/ledger/known-sessions.js';
import type { Ledger } from '../../../src/send/ledger/ledger.js';
import { LedgerHeld } from '../../../src/send/ledger/ledger-file.js';
import { createLedger, openLocked } from '../../../src/send/ledger/open-file.js';
import { sessionKey } from '../../../src/send/ledger/schema.js';
import { folder, logged, mark, ORGANIZATION, opened, SQLITES, START, sessionId } from './libraries.js';

const DELIVERED = { outcome: 'delivered', status: 200, saw: '200 OK', answer: '' } as const;

function stateOf(ledger: Ledger, number: number): string | undefined {
  return ledger.reader().find(sessionKey(sessionId(number)))?.state;
}

test('this Node has a library', () => expect(SQLITES.length).toBeGreaterThan(0));

describe.each(SQLITES)('a ledger with $library', ({ sqlite }) => {
  test('is made whole, readable by its owner alone, and is one file at rest', async () => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    expect(ledger.isNew).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await ledger.begin(START);
    await ledger.end({ exitCode: 0, why: 'finished' });
    ledger.close();
    expect(readdirSync(join(path, '..'))).toEqual(['a.ledger']);
  });

  test('writes synchronously, and without a write-ahead log', () => {
    const path = join(folder(), 'a.ledger');
    const { database } = openLocked(path, sqlite);
    expect([pragma(database, 'journal_mode'), pragma(database, 'synchronous')]).toEqual(['truncate', 2]);
    database.close();
  });

  test('keeps each outcome', async () => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    await ledger.begin(START);
    const outcomes = ['delivered', 'ambiguous', 'not-sent', 'halved', 'stopped', 'disabled'] as const;
    for (const [i, outcome] of outcomes.entries()) {
      const request = await ledger.sending({ organization: ORGANIZATION, sessions: [logged(i)] });
      expect(stateOf(ledger, i)).toBe('in-flight');
      await ledger.settled(request, { outcome, status: null, saw: 'seen', answer: 'text' });
    }
    const states = ['delivered', 'ambiguous', 'unsent', 'unsent', 'unsent', 'unsent'];
    expect(outcomes.map((_, i) => stateOf(ledger, i))).toEqual(states);
    await ledger.end({ exitCode: 0, why: 'finished' });
    ledger.close();
    const again = opened(path, sqlite);
    expect(again.isNew).toBe(false);
    expect(outcomes.map((_, i) => stateOf(again, i))).toEqual(states);
    expect(again.lastRun).toEqual({ run: 1, exitCode: 0, shift: null });
    again.close();
  });

  test('keeps in doubt what was in doubt before, whatever comes', async () => {
    const ledger = opened(join(folder(), 'a.ledger'), sqlite);
    await ledger.begin(START);
    const sessions = [logged(1, { doubtful: true }), logged(2)];
    const request = await ledger.sending({ organization: ORGANIZATION, sessions });
    await ledger.settled(request, { outcome: 'refused', status: 400, saw: 'seen', answer: '' });
    expect([stateOf(ledger, 1), stateOf(ledger, 2)]).toEqual(['ambiguous', 'unsent']);
    ledger.close();
  });

  test('keeps the shift that a session was first given', async () => {
    const ledger = opened(join(folder(), 'a.ledger'), sqlite);
    await ledger.begin({ ...START, shift: 5000 });
    for (const shift of [5000, 6000]) {
      const request = await ledger.sending({ organization: ORGANIZATION, sessions: [logged(1, { shift })] });
      await ledger.settled(request, { ...DELIVERED, outcome: 'not-sent' });
    }
    expect(ledger.reader().find(sessionKey(sessionId(1)))?.shift).toBe(5000);
    expect(ledger.lastRun?.shift).toBe(5000);
    ledger.close();
  });

  test('knows a changed session by its mark', async () => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    await ledger.begin(START);
    await ledger.changed([{ key: sessionId(1), mark: mark(9) }]);
    const known = new KnownSessions([ledger.reader()]);
    expect(known.knowsChange(sessionKey(sessionId(1)), mark(9))).toBe(true);
    expect(known.knowsChange(sessionKey(sessionId(1)), mark(8))).toBe(false);
    ledger.close();
  });

  test('is one process’s alone', async () => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    ledger.announce({ pid: 42, host: 'here', since: '2026-01-01T00:00:00Z', command: 'send', status: null });
    for (const other of SQLITES) {
      expect(() => openLocked(path, other.sqlite)).toThrow(LedgerHeld);
      expect(() => openLocked(path, other.sqlite)).toThrow(/process 42 on here/);
    }
    ledger.close();
    expect(existsSync(`${path}.run`)).toBe(false);
    opened(path, sqlite).close();
  });

  test('with two names is refused, and a name that a killed process left is not one', () => {
    const path = join(folder(), 'a.ledger');
    createLedger(path, sqlite);
    linkSync(path, `${path}.new-1`);
    opened(path, sqlite).close();
    linkSync(path, `${path}.other`);
    expect(() => openLocked(path, sqlite)).toThrow(/2 names/);
  });

  const CHANGES: Readonly<Record<string, (path: string) => void>> = {
    deleted: (path) => rmSync(path),
    moved: (path) => renameSync(path, `${path}.b`),
    replaced: (path) => {
      renameSync(path, `${path}.b`);
      writeFileSync(path, 'something else');
    },
    truncated: (path) => truncateSync(path, 4096),
    overwritten: (path) => writeFileSync(path, 'text'),
    'appended to': (path) => appendFileSync(path, '\n'),
    linked: (path) => linkSync(path, `${path}.b`),
  };
  test.each(Object.keys(CHANGES))('that is %s while a run has it stops that run', async (change) => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    await ledger.begin(START);
    CHANGES[change]!(path);
    const sending = () => ledger.sending({ organization: ORGANIZATION, sessions: [logged(1)] });
    await expect(sending()).rejects.toMatchObject({ name: 'LedgerLost' });
    await expect(sending()).rejects.toMatchObject({ name: 'LedgerLost' });
    await expect(ledger.end({ exitCode: 3, why: '' })).rejects.toMatchObject({ name: 'LedgerLost' });
    ledger.close();
  });

  test.each([
    ['empty', (path: string) => truncateSync(path, 0), /empty/],
    ['text', (path: string) => writeFileSync(path, 'a,b,c\n'.repeat(1000)), /damaged/],
    ['cut short', (path: string) => truncateSync(path, 8192), /damaged/],
  ] as const)('that is %s is damaged, and left as it is', (_, damage, message) => {
    const path = join(folder(), 'a.ledger');
    createLedger(path, sqlite);
    damage(path);
    const before = statSync(path).size;
    expect(() => openLocked(path, sqlite)).toThrow(message);
    expect(statSync(path).size).toBe(before);
  });

  test('of another application or version is left alone', () => {
    const path = join(folder(), 'a.ledger');
    createLedger(path, sqlite, (database) => database.exec('PRAGMA user_version = 99'));
    expect(() => openLocked(path, sqlite)).toThrow(/version 1, received version 99/);
    const other = join(folder(), 'b.ledger');
    createLedger(other, sqlite, (database) => database.exec('PRAGMA application_id = 7'));
    expect(() => openLocked(other, sqlite)).toThrow(/not a delivery ledger/);
  });

  test('is checked as a whole after a run that did not end', async () => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    await ledger.begin(START);
    ledger.close();
    const told: string[] = [];
    openLocked(path, sqlite, (what) => told.push(what)).database.close();
    expect(told).toEqual([expect.stringContaining('did not end cleanly')]);
  });

  test('commits together what comes together', async () => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    await ledger.begin(START);
    const change = () => statSync(path, { bigint: true }).mtimeNs;
    const before = change();
    const requests = [1, 2, 3].map((n) =>
      ledger.sending({ organization: ORGANIZATION, sessions: [logged(n)] }),
    );
    expect(change()).toBe(before);
    await requests[0];
    const after = change();
    await Promise.all(requests);
    expect(change()).toBe(after);
    ledger.close();
  });
});
