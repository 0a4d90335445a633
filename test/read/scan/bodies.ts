import fc from 'fast-check';
import { doubled, EDITS, edited, event, usual } from './lines.js';

const source = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('"Custom"', '"CustomWeb"', '"MobileApp"', '"SmartSpeaker"') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"Web"',
      '"custom"',
      '"Customs"',
      '"Custo"',
      '"C\\u0075stom"',
      '""',
      'null',
      '7',
      '[]',
    ),
  },
);
const completed = fc.oneof(
  { weight: 12, arbitrary: fc.constant('true') },
  { weight: 1, arbitrary: fc.constantFrom('false', 'null', '"true"', 'truE', 'true1', '1', '[true]') },
);
const space = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '\r', '   ', '\u00a0', '\f', ' '.repeat(1001)) },
);
const events = fc.oneof(
  { weight: 8, arbitrary: fc.array(usual, { minLength: 1, maxLength: 12 }) },
  {
    weight: 6,
    arbitrary: fc.array(fc.oneof({ weight: 6, arbitrary: usual }, event), { minLength: 1, maxLength: 8 }),
  },
  { weight: 1, arbitrary: fc.array(fc.oneof(usual, event, edited, doubled), { maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom('', '{}', 'null', '[]', '7', '{"Events":[]}'), { maxLength: 2 }),
  },
);
const more = fc.constantFrom<[string, string]>(
  ['"source"', '"Custom"'],
  ['"Source"', '"Custom"'],
  ['"Events"', '[]'],
  ['"Completed"', 'true'],
  ['"S\\u006furce"', '"Custom"'],
  ['"__proto__"', '{}'],
  ['"x"', '[1,{"y":[]}]'],
  ['"deep"', `${'['.repeat(70)}${']'.repeat(70)}`],
  ['"Type"', '"Start"'],
);

/** A request body as text, written in some way, perhaps wrongly. */
export const body = fc
  .tuple(
    fc.tuple(source, events, completed),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([0, 1, 2]) },
      { weight: 2, arbitrary: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }) },
      { weight: 1, arbitrary: fc.shuffledSubarray([0, 1, 2]) },
    ),
    fc.option(more, { freq: 8 }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(['']) },
      { weight: 1, arbitrary: fc.constant([' ']) },
      { weight: 1, arbitrary: fc.array(space, { minLength: 1, maxLength: 9 }) },
    ),
    fc.constantFrom('[', '[', '[', '[', '[', '[[', '{', ''),
    fc.constantFrom(']', ']', ']', ']', ']', ',]', ''),
  )
  .map(([[from, list, done], order, added, spaces, open, close]) => {
    const at = (i: number) => spaces[i % spaces.length]!;
    const array = `${open}${at(6)}${list.join(`${at(7)},${at(8)}`)}${at(7)}${close}`;
    const properties: [string, string][] = [
      ['"Source"', from],
      ['"Events"', array],
      ['"Completed"', done],
    ];
    const chosen = [...order.map((i) => properties[i]!), ...(added ? [added] : [])];
    const text = chosen.map(
      ([name, value], i) => `${at(i)}${name}${at(i + 1)}:${at(i + 2)}${value}${at(i + 3)}`,
    );
    return `${at(4)}{${text.join(',')}}${at(5)}`;
  });

/** A body as most are. */
export const usualBody = fc
  .array(usual, { minLength: 1, maxLength: 20 })
  .map((list) => `{"Source":"Custom","Events":[${list.join(',')}],"Completed":true}`);

/** The same with a character put in, or in place of another. */
const editedBody = fc
  .tuple(fc.oneof(body, usualBody), fc.nat(), fc.constantFrom(...EDITS), fc.nat(1))
  .map(([text, where, edit, drop]) => {
    const at = where % (text.length + 1);
    return text.slice(0, at) + edit + text.slice(at + drop);
  });

const other = fc.constantFrom(
  '',
  ' ',
  'null',
  '[]',
  '{}',
  '{"Source":"Custom","Events":[],"Completed":true}',
);

/** Lines of an NDJSON input of bodies, with events between them: sound, unusual, broken and hostile ones. */
export const bodyLines = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: usualBody },
    { weight: 6, arbitrary: body },
    { weight: 2, arbitrary: editedBody },
    { weight: 1, arbitrary: usual },
    { weight: 1, arbitrary: event },
    { weight: 1, arbitrary: fc.tuple(usualBody, body).map((both) => `[${both.join(',')}]`) },
    { weight: 1, arbitrary: other },
  ),
  { minLength: 1, maxLength: 16 },
);
