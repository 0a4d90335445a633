import { describe, expect, it } from 'vitest';
import { allFixtures, type ExpectedFinding, type Fixture, NOW } from './fixtures.js';
import { type NaiveInput, naive } from './naive.js';
import { naiveHar } from './naive-har.js';
import { FIELDS, isObject, type Json, lower } from './naive-json.js';

/** The inputs of a JSON or NDJSON text, each with the line it stands on and its pointer there. */
function inputsOf({ bytes, name }: Fixture): { inputs: NaiveInput[]; pointers: string[] } {
  const text = Buffer.from(bytes)
    .toString()
    .replace(/^\uFEFF/, '');
  if (name.endsWith('.har')) {
    const inputs = naiveHar(text);
    return { inputs, pointers: inputs.map(() => '') };
  }
  const values = name.endsWith('.json')
    ? [JSON.parse(text)]
    : text
        .split(/\r?\n/)
        .filter(Boolean)
        .map((line) => JSON.parse(line));
  const parts = values.flatMap((value: Json) =>
    Array.isArray(value)
      ? value.map((element: Json, i) => ({ value: element, pointer: `/${i}` }))
      : [{ value, pointer: '' }],
  );
  return {
    inputs: parts.map(({ value }) => ({ kind: isEvent(value) ? 'event' : 'request', value })),
    pointers: parts.map(({ pointer }) => pointer),
  };
}

function isEvent(value: Json): boolean {
  if (!isObject(value) || 'Events' in value) return false;
  return Object.keys(value).some((key) => FIELDS.map(lower).includes(lower(key)));
}

const key = ({
  rule,
  sessionId,
  seqNumber,
  request,
  path,
}: Pick<ExpectedFinding, 'rule' | 'sessionId' | 'seqNumber' | 'request' | 'path'>) =>
  JSON.stringify([rule, sessionId, seqNumber, request, path]);

describe('the naive reading agrees with what the fixtures expect', () => {
  const fixtures = allFixtures().filter(({ name }) => !name.endsWith('.csv'));
  const sound = fixtures.filter(({ expected = [] }) => !expected.some(({ rule }) => rule === 'syntax'));
  it.each(sound.map((fixture) => [`${fixture.rule}/${fixture.name}`, fixture] as const))(
    '%s',
    (_, fixture) => {
      const { inputs, pointers } = inputsOf(fixture);
      const { findings } = naive(inputs, { now: NOW, minDuration: 10, maxSpeed: 4, clips: fixture.clips });
      const found = findings.map((finding) =>
        key({ ...finding, path: `${pointers[finding.input]}${finding.path}` }),
      );
      expect(found.toSorted()).toEqual(fixture.expected?.map(key).toSorted());
    },
  );
});
