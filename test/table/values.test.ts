import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGuidCell } from '../../src/domain/guid.js';
import type { LengthUnit } from '../../src/read/table-options.js';
import { losesDigits, readDecimal, scaled } from '../../src/read/text.js';
import {
  isNullMarker,
  joinedNullHint,
  Nulls,
  nullHint,
  nullMarkerFault,
} from '../../src/table/cell-values.js';
import { LengthReader } from '../../src/table/lengths.js';

const lengths = (cells: readonly string[], unit: LengthUnit = 's', commaAllowed = false) => {
  const reader = new LengthReader({ unit, commaAllowed });
  return cells.map((cell) => {
    const ms = reader.read(cell, 'a length');
    return typeof ms === 'number' ? ms : ms.hint;
  });
};

describe('lengths', () => {
  it.each<[string, LengthUnit, number]>([
    ['0', 's', 0],
    [' 61.4 ', 's', 61_400],
    ['1.0005', 's', 1001],
    ['308.0534999', 's', 308_053],
    ['1:02:03', 's', 3_723_000],
    ['62:03.5', 's', 3_723_500],
    ['0:05', 'ms', 5000],
    ['1834000', 'ms', 1_834_000],
    ['1.5', 'ms', 2],
    ['12.5', 'min', 750_000],
    ['3e+05', 's', 300_000_000],
    ['1.5E2', 's', 150_000],
  ])('reads %s in %s', (text, unit, ms) => {
    expect(lengths([text], unit)).toEqual([ms]);
  });

  it.each(['', 'x', '-4.2', '1:60', '1:2', '01.5', '0x10', 'Infinity', '1e99', '1,234,567'])(
    'refuses %j',
    (text) => {
      expect(lengths([text], 's', true)).toEqual([expect.any(String)]);
    },
  );

  it('read a decimal comma where the whole column has it and it delimits no cells', () => {
    expect(lengths(['258,86', '12', '0,5', '1:00,5'], 's', true)).toEqual([258_860, 12_000, 500, 60_500]);
    expect(lengths(['258,86', '12.5'], 's', true)).toEqual([
      258_860,
      'Write decimals with a point: 4.5; this column also has numbers with a comma',
    ]);
    expect(lengths(['258,86'])).toEqual(['Write decimals with a point: 4.5']);
  });

  it('say why a percentage is not read', () => {
    expect(lengths(['75 %'])).toEqual([expect.stringContaining('which seconds were played')]);
  });
});

describe('decimals', () => {
  it('are exact whatever their length', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.integer({ min: 0, max: 12 }), (digits, decimals) => {
        const text = digits.toString().padStart(decimals + 1, '0');
        const written =
          decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(text.length - decimals)}`;
        const numerator = digits * 1000n;
        const denominator = 10n ** BigInt(decimals);
        const expected = Number((2n * numerator + denominator) / (2n * denominator));
        const read = scaled(readDecimal(written)!, 1000, 'half-up');
        expect(read).toBe(Number.isSafeInteger(expected) ? expected : undefined);
      }),
    );
  });

  it('tell lost digits from exact ones', () => {
    expect(losesDigits('1.77E+09')).toBe(true);
    expect(losesDigits('1.77244e+09')).toBe(true);
    expect(losesDigits('1.77E+12', 1000)).toBe(true);
    expect(losesDigits('1.772442E9')).toBe(false);
    expect(losesDigits('3e+05')).toBe(false);
    expect(losesDigits('1.7724420E+06')).toBe(false);
    expect(losesDigits('1.772442000E+09')).toBe(false);
  });
});

describe('GUIDs in tables', () => {
  const guid = 'b1e2c3d4-5f60-4718-92a3-b4c5d6e7f801';
  it.each([
    guid,
    ` ${guid}\t`,
    `{${guid}}`,
    `(${guid})`,
    guid.replaceAll('-', ''),
    `{${guid.replaceAll('-', '')}}`,
    `urn:uuid:${guid}`,
    `URN:UUID:${guid}`,
    `\ufeff${guid}\u200b`,
    `\u00a0{ ${guid} }`,
  ])('%j is read', (text) => {
    expect(readGuidCell(text)).toBe(guid);
  });

  it.each(['', 'episode-1', `{${guid}`, `${guid}0`, `${guid} ${guid}`, '{}'])('%j is none', (text) => {
    expect(readGuidCell(text)).toBeUndefined();
  });

  it('keep their letter case', () => {
    expect(readGuidCell(guid.toUpperCase())).toBe(guid.toUpperCase());
  });
});

describe('null markers', () => {
  it('mean absent where an option names them', () => {
    const nulls = new Nulls(['\\N', '-']);
    expect(['', '\\N', '-', 'NULL'].map((cell) => nulls.read(cell))).toEqual(['', '', '', 'NULL']);
  });

  it.each(['\\N', 'NULL', 'null', 'NaN', 'nan', 'None'])('%s is one, and named with its flag', (cell) => {
    expect(isNullMarker(cell)).toBe(true);
    const { received, hint } = nullMarkerFault(cell, 'a GUID');
    expect(received).toBe(`"${cell}", a null marker`);
    expect(hint).toContain(cell === '\\N' ? "--null '\\N'" : `--null ${cell}`);
  });

  it('of several hints are named once each, and in no other hint', () => {
    expect(joinedNullHint([nullHint(['\\N', 'NULL']), nullHint(['a b']), nullHint(['NULL'])])).toBe(
      "Add --null '\\N' --null NULL --null 'a b' to read them as absent values",
    );
    expect(joinedNullHint([nullHint(['NULL']), 'Fill in ClipId'])).toBeUndefined();
  });

  it('are no ordinary words', () => {
    expect(['nothing', '0', 'no', ''].some(isNullMarker)).toBe(false);
  });
});
