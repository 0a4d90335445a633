import { expect, it } from 'vitest';
import { cellsOfObject, hasOtherKeys, headerOfObjects } from '../../src/table/object-table.js';

it('reads objects as rows: nested keys by dots, null and absent as empty cells', () => {
  const rows = [
    { clip_id: 'c', play: { ms: 1500, at: { utc: 'x' } }, n: null },
    { clip_id: 'd', 'play.ms': 7, ok: true, list: [1, 'a'] },
  ];
  const header = headerOfObjects(rows);
  expect(header).toEqual(['clip_id', 'play.ms', 'play.at.utc', 'n', 'ok', 'list']);
  expect(cellsOfObject(rows[0]!, header)).toEqual(['c', '1500', 'x', '', '', '']);
  expect(cellsOfObject(rows[1]!, header)).toEqual(['d', '7', '', '', 'true', '[1,"a"]']);
  expect(cellsOfObject({ n: 1.5e21 }, ['n'])).toEqual(['1.5e+21']);
  expect(hasOtherKeys({ clip_id: 'e', play: { ms: 1 } }, new Set(header))).toBe(false);
  expect(hasOtherKeys({ clip_id: 'e', late: 1 }, new Set(header))).toBe(true);
});
