import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVENT_RULES } from '../../src/rules/index.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { isPlainlySound } from '../../src/validate/plain-value.js';
import { isJsonObject, type JsonObject, shapeFaults } from '../../src/wire/shape.js';
import { edited, event, usual } from '../read/lines.js';

const SETTINGS = { ...INSPECT_DEFAULTS, now: 1_700_000_000 };

/** Which event rules find something. */
function findingRules(fields: JsonObject): string[] {
  const found: string[] = [];
  const under = { value: fields, fields, faults: shapeFaults(fields), bare: false };
  for (const rule of EVENT_RULES) rule.check(under, () => found.push(rule.id), SETTINGS);
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const ODD = [
  null,
  '',
  '7',
  -0,
  -1,
  0,
  0.5,
  1e9,
  999_999_999,
  1e11,
  1_700_000_300,
  1_700_000_301,
  1e300,
  true,
  [],
  {},
];

it('takes an event for sound only where no event rule finds anything', () => {
  let sound = 0;
  fc.assert(
    fc.property(
      fc.oneof(usual, event, edited),
      fc.option(
        fc.tuple(
          fc.constantFrom('Position', 'SeqNumber', 'Timestamp', 'Type', 'ClipId', 'x'),
          fc.constantFrom(...ODD),
        ),
      ),
      fc.boolean(),
      (text, odd, infinite) => {
        const value = parsed(text);
        if (!isJsonObject(value)) return;
        const fields = {
          ...value,
          ...(odd && { [odd[0]]: odd[1] }),
          ...(infinite && odd && { Position: Number.POSITIVE_INFINITY }),
        };
        if (!isPlainlySound(fields, SETTINGS)) return;
        sound += 1;
        expect(findingRules(fields)).toEqual([]);
      },
    ),
    { numRuns: 3000 },
  );
  expect(sound).toBeGreaterThan(200);
});

it('takes for sound what players send', () => {
  fc.assert(fc.property(usual, (text) => isPlainlySound(JSON.parse(text) as JsonObject, SETTINGS)));
});
