import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeGuid } from '../../src/domain/guid-words.js';
import { GuidTable } from '../../src/sessions/guid-table.js';
import { casesOf } from '../cases.js';

it('numbers GUIDs as a Map would, in either letter case, however many there are', () => {
  const guid = fc.uuid();
  fc.assert(
    fc.property(fc.array(guid, { maxLength: 3000, size: 'max' }), guid, (guids, other) => {
      const table = new GuidTable();
      const words = (of: string) => {
        const key = new Uint32Array(4);
        writeGuid(of, key, 0);
        return key;
      };
      const wanted = new Map<string, number>();
      for (const each of guids) {
        if (!wanted.has(each)) wanted.set(each, wanted.size);
        expect(table.add(words(each), 0)).toBe(wanted.get(each));
      }
      for (const [each, number] of wanted) expect(table.find(words(each.toUpperCase()), 0)).toBe(number);
      expect(table.find(words(other), 0)).toBe(wanted.get(other) ?? -1);
    }),
    { numRuns: casesOf(20) },
  );
});
