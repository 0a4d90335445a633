import { describe, expect, it } from 'vitest';
import { hanging, widthOf, wrapped } from '../../src/domain/wrap.js';

describe('wrapped text', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrapped('one two three four', 9, 2)).toBe('one two\n  three\n  four');
    expect(hanging('    one two three', 12)).toBe('    one two\n      three');
    expect(hanging('short\n  a longer line', 10)).toBe('short\n  a longer\n    line');
  });

  it('keeps a number with its unit, and a date with its time', () => {
    const text = 'about 3 h 20 min of 1,204 sessions since 2025-11-03 16:46 UTC, 45.5 % of ~12 %';
    for (let width = 1; width <= text.length; width += 1) {
      const lines = wrapped(text, width).split('\n');
      expect(lines.filter((line) => /^(h|min|sessions|%|16:46|UTC)/.test(line))).toEqual([]);
    }
  });

  it('keeps a command whole until its sentence ends', () => {
    const text =
      "Next: run it again: omny-consume send --ledger 'my plays.ledger' plays.csv. Or list them; see: omny-consume ledger x.ledger";
    expect(wrapped(text, 30, 2).split('\n')).toEqual([
      'Next: run it again:',
      "  omny-consume send --ledger 'my plays.ledger' plays.csv.",
      '  Or list them; see:',
      '  omny-consume ledger x.ledger',
    ]);
    expect(wrapped('To check it, add: | omny-consume validate -', 24).split('\n')).toEqual([
      'To check it, add:',
      '| omny-consume validate -',
    ]);
  });

  it('leaves what fits as it is, and what cannot be broken whole', () => {
    expect(wrapped('a   b', 5)).toBe('a   b');
    expect(wrapped('5eed65b3-51c4-8681-9246-e5429605750e', 10)).toBe('5eed65b3-51c4-8681-9246-e5429605750e');
  });

  it('counts columns, not colours or characters', () => {
    expect(widthOf('\u001b[31mred\u001b[39m')).toBe(3);
    expect(widthOf('東京')).toBe(4);
    expect(widthOf('e\u0301')).toBe(1);
    expect(wrapped('\u001b[31mone two\u001b[39m three', 7)).toBe('\u001b[31mone two\u001b[39m\nthree');
  });
});
