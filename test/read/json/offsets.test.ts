import fc from 'fast-check';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { expect, it } from 'vitest';
import { JsonOffsets } from '../../../src/read/json/offsets.js';

const blanks = fc.stringMatching(/^[ \t\r\n]{0,2}$/);

/** A JSON value as text, with blanks anywhere and names that repeat or are escaped. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.json({ maxDepth: 0 }),
    fc.constantFrom('""', '"\\""', '"[{"', '"\\\\"', '-1.5e3', 'null', '"}],"', '{}', '[]', '"\\u0061"'),
    fc
      .tuple(blanks, fc.array(tie('value'), { maxLength: 4 }))
      .map(([b, all]) => `[${b}${all.join(`${b},${b}`)}${b}]`),
    fc
      .tuple(
        blanks,
        fc.array(
          fc.tuple(
            fc.constantFrom('a', 'b', '0', '', '\\u0061', '~1', 'x/y', '\\"', '__proto__'),
            tie('value'),
          ),
          { maxLength: 4 },
        ),
      )
      .map(
        ([b, all]) => `{${b}${all.map(([name, each]) => `"${name}"${b}:${b}${each}`).join(`${b},${b}`)}${b}}`,
      ),
  ),
}));

/** Every pointer into a value, some of which lead nowhere, with the offset that jsonc-parser gives. */
function places(node: Node, pointer: string): [pointer: string, offset: number][] {
  const found: [string, number][] = [[pointer, node.offset]];
  const names = new Map<string, Node>();
  for (const { children: [name, of] = [] } of node.type === 'object' ? (node.children ?? []) : [])
    names.set(String(name!.value), of!);
  for (const [name, of] of names)
    found.push(...places(of, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  for (const [i, of] of (node.type === 'array' ? (node.children ?? []) : []).entries())
    found.push(...places(of, `${pointer}/${i}`));
  if (!names.has('none')) found.push([`${pointer}/none`, node.offset], [`${pointer}/none/0`, node.offset]);
  return found;
}

it('finds every value where jsonc-parser does', () => {
  fc.assert(
    fc.property(blanks, value, blanks, (before, text, after) => {
      const whole = `${before}${text}${after}`;
      const offsets = new JsonOffsets(whole);
      for (const [pointer, offset] of places(parseTree(whole)!, ''))
        expect([pointer, offsets.of(pointer)]).toEqual([pointer, offset]);
    }),
    { numRuns: 500 },
  );
});

it('agrees with a search from the root', () => {
  const text = '{"Source": "Custom", "Events": [{"Type": "Start"}, {"Type": "Stop"}]}';
  const node = findNodeAtLocation(parseTree(text)!, ['Events', 1, 'Type']);
  expect(new JsonOffsets(text).of('/Events/1/Type')).toBe(node!.offset);
});
