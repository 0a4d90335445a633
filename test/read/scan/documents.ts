import fc from 'fast-check';
import { body, usualBody } from './bodies.js';
import { doubled, edited, event, usual } from './lines.js';

const element = fc.oneof(
  { weight: 6, arbitrary: usual },
  { weight: 3, arbitrary: usualBody },
  { weight: 2, arbitrary: event },
  { weight: 2, arbitrary: body },
  { weight: 1, arbitrary: doubled },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{"é😀":"\\"]"}', '"a\\\\"', '7', '[]', 'null', '{}', '[{"Type":"Start"}]'),
  },
  { weight: 1, arbitrary: edited },
);

/** The same over several lines. */
const spread = fc
  .tuple(element, fc.constantFrom('', '', '\n', '\r\n  ', '\n\n\t'))
  .map(([text, feed]) =>
    feed === '' ? text : text.replaceAll(/(?<=[{,:[])(?=["{])/g, feed).replaceAll('}', `${feed}}`),
  );

/** The bytes of a JSON document that is an array, most of which can be read, in chunks of any size. */
export const document = fc
  .tuple(
    fc.array(spread, { minLength: 1, maxLength: 12 }),
    fc.constantFrom(',', ', ', ',\n  ', '\n,\n', ' , "é" , ', ',,'),
    fc.constantFrom('[', '[', '[', '[\n', ' [ ', '[,'),
    fc.constantFrom(']', ']', ']', '\n]\n', '', '] 7'),
    fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1000, max: 20_000 })), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([elements, comma, open, close, sizes]) => {
    const bytes = Buffer.from(open + elements.join(comma) + close);
    const chunks: Buffer[] = [];
    for (let at = 0, i = 0; at < bytes.length; i += 1) {
      chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]!));
      at += sizes[i % sizes.length]!;
    }
    return chunks;
  });
