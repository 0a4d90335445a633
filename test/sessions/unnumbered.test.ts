import { expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { inspect } from '../../src/validate/inspect.js';
import { chunked } from '../read/reading.js';
import { SETTINGS } from '../rules/run.js';

const HEADER = 'OrganizationId,ClipId,SessionId,Type,Position,Timestamp';
const IDS = '126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb';
const [ONE, OTHER] = ['a039f83d-1916-436b-a090-efbc08698506', 'b039f83d-1916-436b-a090-efbc08698506'];
const row = (session: string, type: string, position: number, timestamp: number | string) =>
  `${IDS},${session},${type},${position},${timestamp}`;

/** SeqNumber and Position of each event, by session. */
async function numbered(...rows: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const inputs = readInputs([{ name: 'a.csv', bytes: chunked([HEADER, ...rows].join('\n')) }]);
  const sessions: unknown[][] = [];
  for await (const chunk of inspect(inputs, SETTINGS)) {
    for (const inspected of chunk) {
      if (inspected.kind !== 'session') continue;
      sessions.push(
        inspected.session.events.map(({ seqNumber, sound }) => [
          seqNumber,
          sound && [sound.seqNumber, sound.position],
        ]),
      );
    }
  }
  return sessions;
}

it('rows without SeqNumbers are numbered by Timestamp, equal ones in the order of the rows, each session from 1', async () => {
  expect(
    await numbered(
      row(ONE, 'Stop', 50, 1540270800),
      row(OTHER, 'Stop', 7, 1540270731),
      row(ONE, 'Start', 20, 1540270770),
      row(ONE, 'Stop', 20, 1540270744),
      row(OTHER, 'Start', 0, 1540270724),
      row(ONE, 'Start', 0, 1540270724),
      row(ONE, 'Stop', 21, 1540270770),
    ),
  ).toEqual([
    [
      [1, [1, 0]],
      [2, [2, 20]],
      [3, [3, 20]],
      [4, [4, 21]],
      [5, [5, 50]],
    ],
    [
      [1, [1, 0]],
      [2, [2, 7]],
    ],
  ]);
});

it('a broken row is numbered before the others, as its time is not known', async () => {
  expect(
    await numbered(
      row(ONE, 'Start', 0, 1540270724),
      row(ONE, 'Stop', -30, 1540270754),
      row(ONE, 'Stop', 30, 1540270754),
    ),
  ).toEqual([
    [
      [1, null],
      [2, [2, 0]],
      [3, [3, 30]],
    ],
  ]);
});
