import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LedgerHeld } from '../../../src/send/ledger/ledger-file.js';
import { mergeLedgers } from '../../../src/send/ledger/merge.js';
import { openKnown, openLedgers, readLedgers } from '../../../src/send/ledger/open-ledgers.js';
import { salvageLedger } from '../../../src/send/ledger/salvage.js';
import { sessionKey } from '../../../src/send/ledger/schema.js';
import type { Database, Sqlite } from '../../../src/send/ledger/sqlite.js';
import {
  ambiguousCount,
  changedCount,
  groupsOf,
  runsOf,
  sessionsOf,
  settleSessions,
} from '../../../src/send/ledger/survey.js';
import { siblingsOf } from '../../../src/send/shard.js';
import {
  ENDPOINT,
  folder,
  logged,
  mark,
  ORGANIZATION,
  opened,
  SQLITES,
  START,
  sessionId,
} from './libraries.js';

type Kept = Readonly<Record<number, 'delivered' | 'ambiguous' | 'refused' | 'not-sent' | 'in-flight'>>;

/** A ledger of one run that holds these sessions, by their numbers. */
async function made(path: string, sqlite: Sqlite, sessions: Kept, at = 1_700_000_000): Promise<string> {
  const ledger = opened(path, sqlite, at);
  await ledger.begin(START);
  const all = Object.entries(sessions).map(async ([number, outcome]) => {
    const session = logged(Number(number));
    const request = await ledger.sending({ organization: ORGANIZATION, sessions: [session] });
    if (outcome === 'in-flight') return;
    await ledger.settled(request, { outcome, status: 500, saw: 'what was seen', answer: '' });
    if (outcome === 'refused') await ledger.refused(session, 400, 'refused it', 'why');
  });
  await Promise.all(all);
  await ledger.end({ exitCode: 0, why: 'finished' });
  ledger.close();
  return path;
}

function reading<T>(path: string, sqlite: Sqlite, look: (database: Database) => T): T {
  const { database, close } = openKnown(path, sqlite);
  try {
    return look(database);
  } finally {
    close();
  }
}

function states(path: string, sqlite: Sqlite): Record<string, string> {
  return reading(path, sqlite, (database) =>
    Object.fromEntries(
      Array.from(sessionsOf(database, {}), ({ sessionId: id, state }) => [
        Number.parseInt(id.slice(-4), 16),
        state,
      ]),
    ),
  );
}

describe.each(SQLITES)('several ledgers with $library', ({ sqlite }) => {
  const settings = {
    sqlite,
    endpoint: ENDPOINT,
    now: () => 1_700_000_100,
    holder: { pid: 1, host: 'here', since: '', command: '', status: null },
  };
  const names = (base: string, index = 1, count = 1) => ({ base, shard: { index, count }, known: [] });

  test('siblings are those of another split or of none', async () => {
    const base = join(folder(), 'a.ledger');
    const kept = { 1: 'delivered' } as const;
    for (const name of ['', '.1-of-2', '.2-of-2', '.1-of-3', '.bak', '.run'])
      await made(base + name, sqlite, kept);
    const found = (count: number) =>
      siblingsOf(base, { index: 1, count }).map((path) => path.slice(base.length));
    expect(found(1)).toEqual(['.1-of-2', '.1-of-3', '.2-of-2']);
    expect(found(2)).toEqual(['', '.1-of-3']);
  });

  test('states count as if they stood in the run’s own', async () => {
    const base = join(folder(), 'a.ledger');
    await made(base, sqlite, { 1: 'not-sent', 2: 'refused' });
    await made(`${base}.1-of-2`, sqlite, { 1: 'delivered', 3: 'in-flight' });
    const other = await made(join(folder(), 'b.ledger'), sqlite, { 2: 'ambiguous', 4: 'delivered' });
    const ledgers = openLedgers({ ...names(base), known: [other] }, settings);
    const looks = [1, 2, 3, 4, 5].map((n) => ledgers.known.look(sessionKey(sessionId(n)), logged(n).mark));
    expect(looks).toEqual(['delivered', 'other', 'other', 'delivered', 'unknown']);
    expect(ledgers.known.look(sessionKey(sessionId(1)), mark(99))).toBe('other');
    const found = [1, 2, 3, 4, 5].map((n) => ledgers.known.find(sessionKey(sessionId(n))));
    expect(found.map((known) => known?.state)).toEqual([
      'delivered',
      'ambiguous',
      'in-flight',
      'delivered',
      undefined,
    ]);
    expect(found[0]?.as(mark(1)).sameMark).toBe(true);
    expect(found[0]?.as(mark(2)).sameMark).toBe(false);
    expect(found[1]?.path).toBe(other);
    // No run may begin on them meanwhile, and the run's own is locked still.
    for (const path of [`${base}.1-of-2`, other, base])
      expect(() => opened(path, sqlite)).toThrow(LedgerHeld);
    ledgers.close();
    for (const path of [`${base}.1-of-2`, other, base]) opened(path, sqlite).close();
  });

  test('a sibling that another run holds ends the run, and leaves its own ledger free', async () => {
    const base = join(folder(), 'a.ledger');
    const sibling = opened(`${base}.1-of-2`, sqlite);
    expect(() => openLedgers(names(base), settings)).toThrow(LedgerHeld);
    sibling.close();
    openLedgers(names(base), settings).close();
  });

  test('a symbolic link leads to the same lock, and to the siblings of what it names', async () => {
    const base = await made(join(folder(), 'a.ledger'), sqlite, {});
    await made(`${base}.1-of-2`, sqlite, { 1: 'delivered' });
    const link = join(folder(), 'link.ledger');
    symlinkSync(base, link);
    const ledgers = openLedgers(names(link), settings);
    expect(ledgers.known.find(sessionKey(sessionId(1)))?.state).toBe('delivered');
    expect(() => opened(base, sqlite)).toThrow(LedgerHeld);
    ledgers.close();
  });

  test('a symbolic link to nothing yet leads to where the ledger is made', () => {
    const path = join(folder(), 'a.ledger');
    const link = join(folder(), 'link.ledger');
    symlinkSync(path, link);
    const ledgers = openLedgers(names(link), settings);
    expect(existsSync(path)).toBe(true);
    ledgers.close();
  });

  test('a run that sends nothing makes none', async () => {
    const base = join(folder(), 'a.ledger');
    readLedgers(names(base), settings).close();
    expect(existsSync(base)).toBe(false);
    await made(base, sqlite, { 1: 'delivered' });
    const ledgers = readLedgers(names(base), settings);
    expect(ledgers.known.find(sessionKey(sessionId(1)))?.state).toBe('delivered');
    ledgers.close();
  });

  test('one that was killed in mid-commit is read as a copy, and left as it is', async () => {
    const path = await made(join(folder(), 'a.ledger'), sqlite, { 1: 'delivered' });
    const before = readFileSync(path);
    // A transaction that was not ended, as kill -9 leaves it: pages in the file, those before in the rollback journal.
    const database = sqlite.open(path, { readOnly: false });
    database.exec('PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; DELETE FROM session');
    for (let n = 0; n < 2000; n += 1)
      database.exec(`INSERT INTO answer (saw, excerpt) VALUES ('${n}', '${'x'.repeat(100)}')`);
    const torn = join(folder(), 'torn.ledger');
    copyFileSync(path, torn);
    copyFileSync(`${path}-journal`, `${torn}-journal`);
    database.close();
    expect(readFileSync(torn).equals(before)).toBe(false);
    const bytes = readFileSync(torn);
    expect(states(torn, sqlite)).toEqual({ 1: 'delivered' });
    expect(readFileSync(torn).equals(bytes)).toBe(true);
  });

  test.skipIf(process.getuid?.() === 0)('one in a read-only folder is read', async () => {
    const path = await made(join(folder(), 'a.ledger'), sqlite, { 1: 'delivered' });
    chmodSync(join(path, '..'), 0o500);
    try {
      expect(states(path, sqlite)).toEqual({ 1: 'delivered' });
    } finally {
      chmodSync(join(path, '..'), 0o700);
    }
  });

  test('merged are all states, each as it would have counted', async () => {
    const one = await made(join(folder(), 'a.ledger'), sqlite, {
      1: 'delivered',
      2: 'refused',
      3: 'in-flight',
    });
    const two = await made(join(folder(), 'b.ledger'), sqlite, {
      1: 'ambiguous',
      2: 'delivered',
      4: 'not-sent',
    });
    const into = join(folder(), 'c.ledger');
    expect(mergeLedgers([one, two], into, sqlite)).toBe(6);
    expect(states(into, sqlite)).toEqual({ 1: 'delivered', 2: 'delivered', 3: 'ambiguous', 4: 'not-sent' });
    expect(reading(into, sqlite, (database) => runsOf(database, 9).map(({ run }) => run))).toEqual([2, 1]);
    expect(() => mergeLedgers([one], into, sqlite)).toThrow(/already exists/);
    opened(into, sqlite).close();
  });

  test('salvaged is what lies off the damage', async () => {
    const sessions = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [n, 'delivered' as const]));
    const path = await made(join(folder(), 'a.ledger'), sqlite, { ...sessions, 9000: 'in-flight' });
    const pages = readFileSync(path).length / 4096;
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, 4096 * Math.floor(pages / 2));
    const into = join(folder(), 'b.ledger');
    const before = readFileSync(path);
    const { sessions: read, damaged } = salvageLedger(path, into, sqlite);
    expect(damaged).toBe(true);
    expect(read).toBeGreaterThan(2000);
    expect(read).toBeLessThan(3001);
    expect(states(into, sqlite)[9000]).toBe('ambiguous');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('salvaged is what stands in a file that was cut short', async () => {
    const sessions = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [n, 'delivered' as const]));
    const path = await made(join(folder(), 'a.ledger'), sqlite, sessions);
    const whole = readFileSync(path);
    const file = openSync(path, 'r+');
    (await import('node:fs')).ftruncateSync(file, whole.length - 3 * 4096);
    const { sessions: read, damaged } = salvageLedger(path, join(folder(), 'b.ledger'), sqlite);
    expect(damaged).toBe(true);
    expect(read).toBeGreaterThan(1000);
  });

  test('settled is what was ambiguous, for good, with who said so', async () => {
    const path = await made(join(folder(), 'a.ledger'), sqlite, {
      1: 'delivered',
      2: 'ambiguous',
      3: 'in-flight',
      4: 'refused',
    });
    const database = sqlite.open(path, { readOnly: false });
    const settle = (session: number, verdict: 'delivered' | 'not-sent') =>
      settleSessions(
        database,
        { sessions: [sessionId(session)] },
        { verdict, who: 'me@here', at: 1_700_000_500 },
      );
    expect(ambiguousCount(database, { run: 1 })).toBe(2);
    settle(2, 'delivered');
    settle(3, 'not-sent');
    settle(4, 'delivered');
    expect(ambiguousCount(database, {})).toBe(0);
    expect(
      Array.from(
        database.prepare('SELECT who, verdict FROM settled JOIN settlement USING (settlement)').iterate(),
        (row) => ({ ...row }),
      ),
    ).toEqual([
      { who: 'me@here', verdict: 'delivered' },
      { who: 'me@here', verdict: 'not-sent' },
    ]);
    database.close();
    expect(states(path, sqlite)).toEqual({ 1: 'delivered', 2: 'delivered', 3: 'not-sent', 4: 'refused' });
  });

  test('surveyed are the sessions by endpoint, organization and state', async () => {
    const path = await made(join(folder(), 'a.ledger'), sqlite, {
      1: 'delivered',
      2: 'delivered',
      3: 'in-flight',
      4: 'refused',
    });
    reading(path, sqlite, (database) => {
      expect(groupsOf(database)).toEqual([
        {
          endpoint: ENDPOINT,
          organization: ORGANIZATION,
          delivered: 2,
          ambiguous: 1,
          refused: 1,
          'not-sent': 0,
        },
      ]);
      expect(changedCount(database)).toBe(0);
      expect([...sessionsOf(database, { state: 'refused' })]).toEqual([
        {
          endpoint: ENDPOINT,
          organization: ORGANIZATION,
          sessionId: sessionId(4),
          state: 'refused',
          run: 1,
          at: 1_700_000_000,
          status: 400,
          saw: 'refused it',
          answer: 'why',
        },
      ]);
    });
  });

  test('in another process is locked, through a link too', async () => {
    const path = join(folder(), 'a.ledger');
    const ledger = opened(path, sqlite);
    const link = join(folder(), 'b.ledger');
    symlinkSync(path, link);
    for (const name of [path, link]) {
      const tried = spawnSync('sqlite3', [name, 'BEGIN EXCLUSIVE'], { encoding: 'utf8' });
      if (tried.error) continue;
      expect(tried.stderr).toContain('locked');
    }
    if (existsSync('/proc/locks')) {
      const { stdout } = spawnSync('stat', ['-c', '%i', path], { encoding: 'utf8' });
      expect(readFileSync('/proc/locks', 'utf8')).toContain(`:${stdout.trim()} `);
    }
    ledger.close();
  });

  test('a hard link is refused by both names', async () => {
    const path = await made(join(folder(), 'a.ledger'), sqlite, {});
    linkSync(path, `${path}.b`);
    for (const name of [path, `${path}.b`]) expect(() => opened(name, sqlite)).toThrow(/2 names/);
  });
});
