import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/domain/errors.js';
import { encodeRecord } from '../../../src/send/journal/format.js';
import { Journal } from '../../../src/send/journal/journal.js';
import { jumpingClock } from '../clocks.js';
import { contentOf, MemoryFile } from './journal-bytes.js';

const HEADER = { version: 2, endpoint: 'e', organizations: ['o'], input: 'i', settings: {}, shiftedTo: null };
const mark = (number: number): string => String(number).padStart(16, 'm');
const session = (number: number) => ({ key: `s${number}`, mark: mark(number) });

/** A journal of four requests, each of a session: delivered, ambiguous, not sent, and one without an answer. */
async function written({ ended = true } = {}): Promise<Buffer> {
  const file = new MemoryFile();
  const journal = new Journal(file, await contentOf(Buffer.alloc(0)), {
    clock: jumpingClock(),
    now: () => 7,
  });
  await journal.begin(HEADER, 4);
  for (const outcome of ['delivered', 'ambiguous', 'not-sent', null] as const) {
    const number = await journal.sending({
      attempt: 1,
      organization: 'o',
      sessions: [session(file.writes.length)],
    });
    if (outcome) await journal.settled(number, { outcome, status: 200, saw: 'ü', answer: '' });
  }
  if (ended) await journal.end('finished');
  return file.bytes;
}

test('tells what became of each session', async () => {
  const content = await contentOf(await written());
  expect(content).toMatchObject({
    header: HEADER,
    lastRequest: 4,
    runs: 1,
    sessions: 4,
    ended: 'finished',
    tornBytes: 0,
  });
  expect(
    ['delivered', 'ambiguous', 'unsent', 'refused'].map((state) => content.states.count(state as 'refused')),
  ).toEqual([1, 2, 1, 0]);
});

test('a write that the disk lost, with later ones kept, is a torn end where none was known to be safe', async () => {
  const file = new MemoryFile();
  const journal = new Journal(file, await contentOf(Buffer.alloc(0)), {
    clock: jumpingClock(),
    now: () => 7,
  });
  await journal.begin(HEADER, 4);
  const numbers: number[] = [];
  for (let i = 1; i <= 3; i += 1)
    numbers.push(await journal.sending({ attempt: 1, organization: 'o', sessions: [session(i)] }));
  const [synced, safe] = [file.synced, file.bytes.length];
  for (const number of numbers) {
    await journal.settled(number, { outcome: 'delivered', status: 200, saw: '', answer: '' });
    file.synced = synced;
  }
  const { length, states } = await contentOf(file.after((write) => write !== synced));
  expect(length).toBe(safe);
  expect(states.count('ambiguous')).toBe(3);
});

test('every line is JSON that jq reads', async () => {
  const lines = (await written())
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect(lines.map(({ kind }) => kind).slice(0, 4)).toEqual(['journal', 'run', 'sending', 'settled']);
});

test('numbers go on where they stopped', async () => {
  const bytes = await written();
  const file = new MemoryFile(bytes);
  const journal = new Journal(file, await contentOf(bytes), { clock: jumpingClock(), now: () => 8 });
  await journal.begin(null, 4);
  expect(await journal.sending({ attempt: 1, organization: 'o', sessions: [session(9)] })).toBe(5);
});

describe('a damaged journal', () => {
  test('a byte changed in any line but the last is refused with its line', async () => {
    const bytes = await written();
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    for (let at = 20; at < lastLine - 1; at += 1) {
      if (bytes[at] === 10) continue;
      const line = bytes.subarray(0, at).toString('latin1').split('\n').length;
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      if (changed[at] === 10) continue;
      await expect(contentOf(changed)).rejects.toThrow(new RegExp(`^j:${line}: `));
    }
  });

  test('a line taken out is damage only where it tears another, never a repeat', async () => {
    const bytes = await written();
    await expect(contentOf(Buffer.concat([bytes.subarray(0, 400), bytes.subarray(430)]))).rejects.toThrow(
      UserError,
    );
  });

  test.each([
    ['zeros', Buffer.alloc(50)],
    ['half a letter', Buffer.from([0xc3])],
    ['half a line', Buffer.from('{"kind":"sending","request":9')],
    ['a line without its end', encodeRecord({ kind: 'end', at: 1, why: 'x' }, 0).subarray(0, -1)],
    ['a line that is none', Buffer.from('hello\n')],
  ])('what a torn write leaves at the end is dropped: %s', async (_, tail) => {
    const bytes = await written({ ended: false });
    const content = await contentOf(Buffer.concat([bytes, tail]));
    expect(content).toMatchObject({ length: bytes.length, tornBytes: tail.length, lastRequest: 4 });
  });
});

test.each([
  ['another file', '{"Source":"Custom"}\n'],
  ['text', 'hello'],
])('%s is no journal, and is left alone', async (_, text) => {
  await expect(contentOf(Buffer.from(text))).rejects.toThrow(/is no journal/);
});

test('a journal of a later version is not touched', async () => {
  const line = encodeRecord({ kind: 'journal', ...HEADER, version: 3, at: 1 }, 0);
  await expect(contentOf(line)).rejects.toThrow(/version 2, received version 3/);
});

test.each([0, 1, 10, 40])('a header cut after %i bytes is a journal that is empty yet', async (length) => {
  const content = await contentOf((await written()).subarray(0, length));
  expect(content).toMatchObject({ header: null, length: 0, tornBytes: length });
});
