import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GuidTable } from '../../src/sessions/guid-table.js';

it('numbers GUIDs as a Map would, in either letter case, however many there are', () => {
  const guid = fc.uuid();
  fc.assert(
    fc.property(fc.array(guid, { maxLength: 3000, size: 'max' }), guid, (guids, other) => {
      const table = new GuidTable();
      const wanted = new Map<string, number>();
      for (const each of guids) {
        if (!wanted.has(each)) wanted.set(each, wanted.size);
        expect(table.add(each)).toBe(wanted.get(each));
      }
      expect(table.size).toBe(wanted.size);
      for (const [each, number] of wanted) expect(table.find(each.toUpperCase())).toBe(number);
      expect(table.find(other)).toBe(wanted.get(other) ?? -1);
    }),
    { numRuns: 20 },
  );
});
