import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { glyphsFor } from '../../../src/cli/terminal.js';
import { snippet, tokenLength } from '../../../src/cli/validate/snippet.js';

const ANY_GLYPHS = await glyphsFor(['é']);
const ALL_SHARDS = { before: false, after: false };

/** The line over the carets, as a terminal shows them. */
function shown(text: string, at: number, room = 60, cut = ALL_SHARDS): readonly string[] {
  const excerpt = { text, at, cut };
  const { text: line, indent, carets } = snippet(excerpt, tokenLength(excerpt), room, ANY_GLYPHS);
  return [line, ' '.repeat(indent) + '^'.repeat(carets)];
}

describe('the line with a caret', () => {
  it.each<[string, string, number, readonly string[]]>([
    ['a number', '{"Position":-3}', 12, ['{"Position":-3}', '            ^^']],
    ['a string with an escaped quote', '["a\\"b",1]', 1, ['["a\\"b",1]', ' ^^^^^^']],
    ['an object', '[{"a":1}]', 1, ['[{"a":1}]', ' ^']],
    ['the end of a line', '{"a":', 5, ['{"a":', '     ^']],
    ['an empty line', '', 0, ['', '^']],
    ['a tab before it', '\t\t"Web"', 2, ['  "Web"', '  ^^^^^']],
    ['wide characters before and in it', '{"東京":"夜"}', 6, ['{"東京":"夜"}', '        ^^^^']],
    ['a control character before it', '"\x1b[2J",7', 7, ['"\\u001b[2J",7', '            ^']],
    ['letters of several code points', '"👩‍👩‍👧é",7', 12, ['"👩‍👩‍👧é",7', '      ^']],
  ])('stands under %s', (_what, text, at, expected) => {
    expect(shown(text, at)).toEqual(expected);
  });

  it('shows what is around the place of a long line', () => {
    const line = `${'a'.repeat(100)}"here"${'b'.repeat(100)}`;
    expect(shown(line, 100, 40)).toEqual([
      `…${'a'.repeat(15)}"here"${'b'.repeat(17)}…`,
      `${' '.repeat(16)}^^^^^^`,
    ]);
  });

  it('marks as much of a long value as fits', () => {
    expect(shown(`"${'x'.repeat(99)}"`, 0, 20)).toEqual([`"${'x'.repeat(18)}…`, '^'.repeat(19)]);
  });

  it('tells that the line goes on where only a part of it was kept', () => {
    expect(shown('ab"c"', 2, 40, { before: true, after: true })).toEqual(['…ab"c"…', '   ^^^']);
  });

  it('stands where the place begins, in no more columns than there are, whatever the line holds', () => {
    const unit = fc.oneof(
      fc.constantFrom('\t', '\x07', '\u202e', '東', '…', '"', '{', '😀'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 80 }),
        fc.array(unit, { maxLength: 80 }),
        fc.integer({ min: 12, max: 90 }),
        (before, after, room) => {
          const start = before.join('');
          const text = `${start}@${after.join('')}`;
          const {
            text: line,
            indent,
            carets,
          } = snippet({ text, at: start.length, cut: ALL_SHARDS }, 1, room, ANY_GLYPHS);
          const at = line.indexOf('@', 0);
          const columns = [...line.matchAll(/@/g)].map(({ index }) => stringWidth(line.slice(0, index)));
          expect(at).toBeGreaterThanOrEqual(0);
          expect(columns).toContain(indent);
          expect(carets).toBe(1);
          expect(stringWidth(line)).toBeLessThanOrEqual(room);
          const end = snippet({ text, at: text.length, cut: ALL_SHARDS }, 1, room, ANY_GLYPHS);
          expect(end.indent + end.carets).toBeLessThanOrEqual(room);
        },
      ),
    );
  });

  it('is the same of plain text without what knows other scripts', async () => {
    const plain = await glyphsFor(['\t"Web"', '']);
    expect(await glyphsFor(['"Web"', '"\x1b"'])).not.toBe(plain);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\t', ' ', 'a', '"', '~'), minLength: 1, maxLength: 90 }),
        fc.nat(),
        fc.integer({ min: 12, max: 60 }),
        (text, position, room) => {
          const excerpt = { text, at: position % text.length, cut: ALL_SHARDS };
          expect(snippet(excerpt, 2, room, plain)).toEqual(snippet(excerpt, 2, room, ANY_GLYPHS));
        },
      ),
    );
  });
});
