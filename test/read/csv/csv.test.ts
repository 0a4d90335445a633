import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { InputRecord } from '../../../src/domain/record.js';
import { BrokenStream } from '../../../src/read/limits.js';
import { pieces, readBytes, readFixture, readText, syntaxOf, told } from './reading.js';

const HEADER = 'ClipId,StartedAt,ListenedSeconds,Title,SessionId\n';
const MiB = 1024 * 1024;

/** A session row that is two events. */
const row = (title: string) => `c,1540270724,30,${title},\n`;

/** Lines of the starts, and the faults. */
const outcome = (records: Parameters<typeof told>[0]) =>
  told(records).filter((line) => !line.includes(' Stop '));

describe('broken rows', () => {
  it('are told at their line, and the rest is read', async () => {
    expect(told(await readFixture('broken-rows.csv'))).toMatchInlineSnapshot(`
      [
        "2:1 Start 0 1 1540270724",
        "3:1 Expected 8 cells as in the header, received 7, fewer",
        "4:1 Expected 8 cells as in the header, received 9, more",
        "5:1 Expected a quote only at the beginning of a cell, received a quote inside a cell without quotes",
        "6:1 Expected a delimiter or the end of the row after a closing quote, received more text",
        "7:1 Stop 4.554 2 1540270728",
        "10:1 Start 308.053 3 1540270728",
        "11:127 Expected a time with an offset in Timestamp, received "2018-10-23T05:02:42"",
        "12:1 Stop 542.643 4 1540270962",
      ]
    `);
  });

  it('tell of a quote never closed at the line where its row began', async () => {
    expect(told(await readFixture('quote-never-closed.csv'))).toEqual([
      '2:1 Start 0 1 1540270724',
      '3:1 Expected a closing quote, received the end of the file',
    ]);
  });

  it('spoil only themselves where a quote stands after another delimiter than that of the file', async () => {
    expect(outcome(await readText(HEADER + row('x;"y') + row('z')))).toEqual([
      expect.stringMatching(/^2:1 Expected a quote only at the beginning/),
      '3:1 Start 0 1 1540270724',
    ]);
  });

  it('count every kind of line end once, in quotes and out of them', async () => {
    const text = `${HEADER}${row('"a\r\nb\nc\rd\r\r\n\n"')}\r\r\n\n${row('x')}`;
    expect(outcome(await readText(text))).toEqual(['2:1 Start 0 1 1540270724', '12:1 Start 0 1 1540270724']);
  });

  it('tell of text that is not UTF-8 only where it is read', async () => {
    const records = await readFixture('latin1.csv');
    expect(outcome(records)).toEqual([
      '2:1 Start 0 1 1540270724',
      '3:57 Expected UTF-8 text in SessionId, received "Sitzung-f\uFFFDr-mich"',
    ]);
  });

  it('of more than 16 MiB are told and skipped', async () => {
    const text =
      HEADER +
      row('x'.repeat(16 * MiB)) +
      row('é'.repeat(8 * MiB)) +
      row(`"\n${'x'.repeat(17 * MiB)}"`) +
      row('ok');
    for (const size of [1000, 64 * 1024, 64 * MiB]) {
      expect(outcome(await readBytes(pieces(Buffer.from(text), size)))).toEqual([
        '2:1 Expected a row of at most 16 MiB, received a longer one',
        '3:1 Expected a row of at most 16 MiB, received a longer one',
        '4:1 Expected a row of at most 16 MiB, received a longer one',
        '6:1 Start 0 1 1540270724',
      ]);
    }
  });

  it('of exactly 16 MiB are read', async () => {
    const text = HEADER + row('x'.repeat(16 * MiB - row('').length + 1));
    expect(outcome(await readText(text))).toEqual(['2:1 Start 0 1 1540270724']);
    expect(syntaxOf(await readText(text.replace('xx', 'xxx')))).toHaveLength(1);
  });
});

describe('a stream that breaks off', () => {
  async function* broken(text: string, error: Error): AsyncGenerator<Uint8Array> {
    yield* pieces(Buffer.from(text), 7);
    throw error;
  }
  const cut = new BrokenStream('whole gzip data', 'a truncated file', 'Fetch it again');

  it('gives the whole rows before, then where it broke off', async () => {
    const records = await readBytes(
      broken(`${HEADER}${row('a')}${row('"x\ny"')}c,1540270724,30,"z\nab`, cut),
    );
    expect(outcome(records)).toEqual([
      '2:1 Start 0 1 1540270724',
      '3:1 Start 0 1 1540270724',
      '6:3 Expected whole gzip data, received a truncated file',
    ]);
    expect(syntaxOf(records)[0]?.hint).toBe('Fetch it again');
  });

  it('may break off in the header, or between rows', async () => {
    expect(outcome(await readBytes(broken('ClipId,Sta', cut)))).toEqual([
      '1:11 Expected whole gzip data, received a truncated file',
    ]);
    expect(outcome(await readBytes(broken(`${HEADER}${row('a')}`, cut))).at(-1)).toMatch(/^3:1 /);
  });

  it('passes other errors on', async () => {
    await expect(readBytes(broken(HEADER, new Error('disk')))).rejects.toThrow('disk');
  });
});

it('gives rows as soon as they are there', async () => {
  let given = 0;
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(HEADER + row('a') + row('b'));
    await later(0);
    expect(given).toBe(4);
    yield Buffer.from(row('c'));
  }
  const { readCsv } = await import('../../../src/table/csv/csv.js');
  for await (const records of readCsv(slow(), { index: 0, name: '<stdin>' }, { map: new Map() }))
    given += count(records);
  expect(given).toBe(6);
});

it('gives many rows in chunks of a moderate size', async () => {
  const { readCsv } = await import('../../../src/table/csv/csv.js');
  const bytes = pieces(
    Buffer.from(HEADER + Array.from({ length: 5000 }, (_, i) => row(String(i))).join('')),
    MiB,
  );
  let events = 0;
  for await (const records of readCsv(bytes, { index: 0, name: 'x' }, { map: new Map() })) {
    expect(count(records)).toBeLessThanOrEqual(5000);
    events += count(records);
  }
  expect(events).toBe(10_000);
});

function count(records: readonly InputRecord[]): number {
  return records.reduce((sum, record) => sum + (record.kind === 'events' ? record.to - record.from : 0), 0);
}
